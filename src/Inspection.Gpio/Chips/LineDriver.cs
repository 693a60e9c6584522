using System.Device.Gpio;

namespace Inspection.Gpio;

/// <summary>
/// What the real and the simulated chip share. Lines are opened and closed through a <see cref="GpioController"/>;
/// levels are written here directly, because its Write keeps each value in a dictionary and so allocates.
/// </summary>
public abstract class LineDriver : GpioDriver
{
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

    /// <summary>Not offered: inputs are read in turn, which also notices a chip that is gone.</summary>
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
