using Inspection.Core;
using Inspection.Station.Time;

namespace Inspection.Station.Hosting;

/// <summary>Looks after what nobody else does, five times a second: entries that wait, parts that were not recorded, the clock.</summary>
internal sealed class StationWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly EntryOutbox _outbox;
    private readonly Alarms _alarms;
    private readonly Counters _counters;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private long _notRecorded;

    /// <summary>Watches from now on.</summary>
    public StationWatch(EntryOutbox outbox, Alarms alarms, Counters counters, TimeProvider time)
    {
        (_outbox, _alarms, _counters) = (outbox, alarms, counters);
        _watching = Task.Run(() => WatchAsync(new PeriodicTimer(Period, time)));
    }

    /// <summary>Ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            try
            {
                do Look();
                while (await timer.WaitForNextTickAsync(_stop.Token));
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Look()
    {
        _outbox.Pump();
        var notRecorded = _counters.Snapshot().NotRecorded;
        if (notRecorded > _notRecorded)
            _alarms.Raise("parts-not-recorded", AlarmPriority.High, "Parts were judged while the ledger had no room; none of them was permitted.", "Check the disk: its room, its speed, its health.");
        else _alarms.Clear("parts-not-recorded");
        _notRecorded = notRecorded;
        if (SystemClock.IsTrusted()) _alarms.Clear("clock-not-trusted");
        else _alarms.Raise("clock-not-trusted", AlarmPriority.Low, "Nothing keeps this PC's clock right; every entry says so.", "Set up NTP on this PC (timedatectl set-ntp true), with a time server that it can reach.");
    }
}
