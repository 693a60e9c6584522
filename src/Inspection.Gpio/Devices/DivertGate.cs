using System.Device.Gpio;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>A gate that diverts whenever nothing drives it: letting a part through needs an active signal.</summary>
public sealed class DivertGate : IDisposable
{
    private readonly DeviceOutput _gate;
    private readonly GpioController? _owned;

    /// <summary>Opens the line; the gate diverts.</summary>
    /// <param name="pin">The line.</param>
    /// <param name="letThroughHigh">Whether it is high while the gate lets through.</param>
    /// <param name="controller">The controller; null for a new one.</param>
    /// <param name="shouldDispose">Whether the controller is disposed with the gate; a new one always is.</param>
    public DivertGate(int pin, bool letThroughHigh = true, GpioController? controller = null, bool shouldDispose = true)
    {
        _owned = controller is null || shouldDispose ? controller ??= new GpioController() : null;
        _gate = new(controller, pin, letThroughHigh, LineNames.Gate);
    }

    /// <summary>Lets through what comes, until <see cref="Divert"/>.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    /// <exception cref="OutputReadbackException">The line does not follow.</exception>
    public void LetThrough() => _gate.Write(true);

    /// <summary>Diverts what comes.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    /// <exception cref="OutputReadbackException">The line does not follow.</exception>
    public void Divert() => _gate.Write(false);

    /// <inheritdoc cref="DeviceOutput.TryWrite" />
    internal IOException? TryDivert() => _gate.TryWrite(false);

    /// <summary>Diverts, and releases the line.</summary>
    public void Dispose()
    {
        _gate.Close();
        _owned?.Dispose();
    }
}
