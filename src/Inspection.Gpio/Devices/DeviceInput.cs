using System.Device.Gpio;

namespace Inspection.Gpio;

/// <summary>One input of a device.</summary>
internal sealed class DeviceInput
{
    private readonly GpioController _controller;
    private readonly int _pin;
    private readonly bool _activeHigh;

    /// <summary>Opens it.</summary>
    /// <param name="controller">The controller; not disposed here.</param>
    /// <param name="pin">Its number.</param>
    /// <param name="activeHigh">Whether it is high while its signal is active.</param>
    /// <param name="mode">An input, with or without the chip's own resistor.</param>
    public DeviceInput(GpioController controller, int pin, bool activeHigh, PinMode mode)
    {
        (_controller, _pin, _activeHigh) = (controller, pin, activeHigh);
        controller.OpenPin(pin, mode);
    }

    /// <summary>Whether the signal is active.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    public bool IsActive() => _controller.Read(_pin) == (_activeHigh ? PinValue.High : PinValue.Low);

    /// <summary>Releases it.</summary>
    public void Close()
    {
        if (_controller.IsPinOpen(_pin)) _controller.ClosePin(_pin);
    }
}
