using System.Device.Gpio;

namespace Inspection.Gpio.Tests;

/// <summary>A driver of no chip: it keeps levels and writes down what a device asks of it.</summary>
internal sealed class RecordingDriver : GpioDriver
{
    private readonly Dictionary<int, PinMode?> _modes = [];
    private readonly Dictionary<int, PinValue> _levels = [];

    /// <summary>What was asked, in order, such as <c>17 Output Low</c>, <c>17 High</c>, <c>17 closed</c>.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Outputs that take no write.</summary>
    public HashSet<int> Stuck { get; } = [];

    /// <summary>Lines that refuse.</summary>
    public HashSet<int> Broken { get; } = [];

    public bool Disposed { get; private set; }

    /// <summary>The level of a line.</summary>
    public PinValue this[int pin]
    {
        get => _levels.GetValueOrDefault(pin);
        set => _levels[pin] = value;
    }

    protected override int PinCount => 64;

    protected override void OpenPin(int pinNumber) => _modes[pinNumber] = null;

    protected override void ClosePin(int pinNumber)
    {
        _modes.Remove(pinNumber);
        Asked.Add($"{pinNumber} closed");
    }

    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        _modes[pinNumber] = mode;
        Asked.Add($"{pinNumber} {mode}");
    }

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        (_modes[pinNumber], _levels[pinNumber]) = (mode, initialValue);
        Asked.Add($"{pinNumber} {mode} {initialValue}");
    }

    protected override PinMode GetPinMode(int pinNumber) => _modes[pinNumber]!.Value;

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

    protected override PinValue Read(int pinNumber) => Broken.Contains(pinNumber) ? throw new IOException("refused") : this[pinNumber];

    protected override void Write(int pinNumber, PinValue value)
    {
        if (Broken.Contains(pinNumber)) throw new IOException("refused");
        if (!Stuck.Contains(pinNumber)) _levels[pinNumber] = value;
        Asked.Add($"{pinNumber} {value}");
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Disposed = true;
        base.Dispose(disposing);
    }
}
