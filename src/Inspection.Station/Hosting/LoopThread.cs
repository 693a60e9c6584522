using Inspection.Core;

namespace Inspection.Station.Hosting;

/// <summary>The thread that the inspection loop turns on.</summary>
internal sealed class LoopThread : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly InspectionLoop _loop;
    private readonly Alarms _alarms;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private long _turns;

    /// <summary>A thread that does not run yet.</summary>
    public LoopThread(InspectionLoop loop, Alarms alarms, ILogger log)
    {
        (_loop, _alarms, _log) = (loop, alarms, log);
        _thread = new Thread(Run) { IsBackground = true, Name = "loop" };
    }

    /// <summary>Turns so far; one that has begun is counted when it ends.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>True while it turns, and for ever when a detector holds it up: what it uses must not be closed then.</summary>
    public bool Turning => _thread.IsAlive;

    /// <summary>Starts turning.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends after the part in hand; one that a detector holds up is left behind.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested) return;
        _stop.Cancel();
        if (_thread.IsAlive && !_thread.Join(Patience)) StationLog.LeftBehind(_log, "The inspection loop");
    }

    private void Run()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                _loop.Turn();
                Volatile.Write(ref _turns, _turns + 1);
            }
        }
#pragma warning disable CA1031 // the heartbeat ends with the loop, so the interlock trips; people must learn why
        catch (Exception e)
#pragma warning restore CA1031
        {
            StationLog.LoopEnded(_log, e.Message, e);
            _alarms.Raise("loop-ended", AlarmPriority.High, $"The inspection loop ended by itself: {e.Message}", "Restart the station, and report the log.");
        }
    }
}
