using System.Device.Gpio;
using System.Runtime.ExceptionServices;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// A relay that needs two things at once to pull in: the level of an enable line, and edges of a heartbeat line through
/// a watchdog circuit that lets it drop when they end. Either line stuck at a level opens the relay.
/// </summary>
public sealed class WatchdogRelay : IDisposable
{
    private readonly DeviceOutput _enable;
    private readonly DeviceOutput _heartbeat;
    private readonly GpioController? _owned;
    private bool _beat;

    /// <summary>Opens both lines, inactive.</summary>
    /// <param name="enablePin">The enable line.</param>
    /// <param name="heartbeatPin">The heartbeat line.</param>
    /// <param name="enableActiveHigh">Whether the enable line is high while active.</param>
    /// <param name="heartbeatActiveHigh">Whether the heartbeat line is high while active; it rests inactive.</param>
    /// <param name="controller">The controller; null for a new one.</param>
    /// <param name="shouldDispose">Whether the controller is disposed with the relay; a new one always is.</param>
    public WatchdogRelay(int enablePin, int heartbeatPin, bool enableActiveHigh = true, bool heartbeatActiveHigh = true, GpioController? controller = null, bool shouldDispose = true)
    {
        _owned = controller is null || shouldDispose ? controller ??= new GpioController() : null;
        _enable = new(controller, enablePin, enableActiveHigh, LineNames.RelayEnable);
        _heartbeat = new(controller, heartbeatPin, heartbeatActiveHigh, LineNames.Heartbeat);
    }

    /// <summary>Sets the enable line.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    /// <exception cref="OutputReadbackException">The line does not follow.</exception>
    public void Energize() => _enable.Write(true);

    /// <summary>Gives one edge of the heartbeat; 20 ms for a period of two keep the circuit of <c>hardware/</c> pulled in.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    /// <exception cref="OutputReadbackException">The line does not follow.</exception>
    public void Beat() => _heartbeat.Write(_beat = !_beat);

    /// <summary>Clears both lines, the second also when the first fails.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    /// <exception cref="OutputReadbackException">A line does not follow.</exception>
    public void DeEnergize()
    {
        _beat = false;
        var failed = _enable.TryWrite(false);
        var next = _heartbeat.TryWrite(false);
        if ((failed ?? next) is { } first) ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>Clears and releases both lines.</summary>
    public void Dispose()
    {
        _enable.Close();
        _heartbeat.Close();
        _owned?.Dispose();
    }
}
