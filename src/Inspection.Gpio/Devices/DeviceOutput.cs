using System.Device.Gpio;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>One output of a device: at rest from the moment it is opened, read back after each write, at rest again in the end.</summary>
internal sealed class DeviceOutput
{
    private readonly GpioController _controller;
    private readonly int _pin;
    private readonly bool _activeHigh;
    private readonly string _name;

    /// <summary>Opens it, inactive in the same call.</summary>
    /// <param name="controller">The controller; not disposed here.</param>
    /// <param name="pin">Its number.</param>
    /// <param name="activeHigh">Whether it is high while active.</param>
    /// <param name="name">For messages.</param>
    public DeviceOutput(GpioController controller, int pin, bool activeHigh, string name)
    {
        (_controller, _pin, _activeHigh, _name) = (controller, pin, activeHigh, name);
        controller.OpenPin(pin, PinMode.Output, LevelOf(false));
    }

    /// <summary>Writes it and reads it back.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    /// <exception cref="OutputReadbackException">The line does not have the level that was written.</exception>
    public void Write(bool active) => Write(_controller, _pin, LevelOf(active), _name);

    /// <summary>Writes a line that is open and reads it back; throws as <see cref="Write(bool)"/> does.</summary>
    public static void Write(GpioController controller, int pin, PinValue level, string name)
    {
        controller.Write(pin, level);
        if (controller.Read(pin) != level)
            throw new OutputReadbackException($"line {pin} ({name}) was written {Name(level)} and reads {Name(!level)}");
    }

    /// <summary>As <see cref="Write(bool)"/>, for who must go on to other outputs.</summary>
    /// <returns>Why it failed, or null.</returns>
    public IOException? TryWrite(bool active)
    {
        try
        {
            Write(active);
            return null;
        }
        catch (IOException e)
        {
            return e;
        }
    }

    /// <summary>
    /// Puts it at rest and releases it. Some chips leave a released line at its last level; one that refuses is released
    /// all the same.
    /// </summary>
    public void Close()
    {
        if (!_controller.IsPinOpen(_pin)) return;
        TryWrite(false);
        _controller.ClosePin(_pin);
    }

    private PinValue LevelOf(bool active) => active == _activeHigh ? PinValue.High : PinValue.Low;

    private static string Name(PinValue level) => level == PinValue.High ? "high" : "low";
}
