using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// Offers the interlock a heartbeat edge every 10 ms, 50 Hz at the watchdog circuit; the interlock gives it only if it
/// is earned. When this thread or its process hangs, the edges end and the circuit lets the relay drop.
/// </summary>
public sealed class BeatThread : IDisposable
{
    /// <summary>Time from edge to edge.</summary>
    public static readonly TimeSpan Period = InterlockOptions.BeatPeriod;

    private readonly Ticker _ticker;

    /// <summary>Starts beating.</summary>
    public BeatThread(Interlock interlock, TimeProvider time) => _ticker = new("heartbeat", Period, time, interlock.TryBeat);

    /// <summary>Ends; no edge comes after it returns.</summary>
    public void Dispose() => _ticker.Dispose();
}
