using System.Device.Gpio;

namespace Inspection.Gpio;

/// <summary>
/// What the real and the simulated chip share. Lines are opened and closed through a <see cref="GpioController"/>;
/// levels are written here directly, because its Write keeps each value in a dictionary and so allocates.
/// </summary>
public abstract class LineDriver : GpioDriver
{
    private readonly List<string> _polled = [];

    /// <summary>Inputs whose chip has no interrupts, so that their edges are as coarse as the reading of their levels.</summary>
    internal IReadOnlyList<string> Polled => _polled;

    /// <summary>The clock that edges are stamped with.</summary>
    internal abstract TimeProvider Time { get; }

    /// <summary>
    /// Takes the edges of an input since the last call, oldest first; what finds no room is there at the next. One caller
    /// for each line. Waits for nothing, allocates nothing.
    /// </summary>
    /// <returns>How many were taken.</returns>
    /// <exception cref="IOException">The chip refused.</exception>
    internal abstract int TakeEdges(int line, Span<LineEdge> into);

    /// <summary>Remembers an input without interrupts.</summary>
    protected void AddPolled(string name) => _polled.Add(name);

    /// <summary>Reads a line's level; true is high.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    internal bool Get(int line) => Read(line) == PinValue.High;

    /// <summary>Writes an output's level; true is high.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    internal void Set(int line, bool high) => Write(line, high ? PinValue.High : PinValue.Low);

    /// <inheritdoc />
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode)
        => mode is PinMode.Output or PinMode.Input or PinMode.InputPullDown or PinMode.InputPullUp;

    /// <inheritdoc />
    protected override void SetPinMode(int pinNumber, PinMode mode) => SetPinMode(pinNumber, mode, PinValue.Low);

    /// <summary>Not offered: levels and edges are taken in turn, which also notices a chip that is gone.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
        => throw new NotSupportedException("Inputs are read in turn.");

    /// <inheritdoc cref="WaitForEvent" />
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
        => throw new NotSupportedException("Inputs are read in turn.");

    /// <inheritdoc cref="WaitForEvent" />
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
        => throw new NotSupportedException("Inputs are read in turn.");
}
