using Inspection.Core;

namespace Inspection.Station.Hosting;

/// <summary>Looks after what nobody else does, five times a second: entries that wait, parts that were not recorded, the clock.</summary>
internal sealed class StationWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>A trouble that comes with some parts and not with others is one alarm, not one for each look.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly EntryOutbox _outbox;
    private readonly Alarms _alarms;
    private readonly Counters _counters;
    private readonly IReadOnlyList<Action> _looks;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly TimeProvider _time;
    private long _notRecorded;
    private long _notRecordedAt;
    private long _lost;
    private long _lostAt;

    /// <summary>Watches from now on.</summary>
    /// <param name="outbox">Handed on from here.</param>
    /// <param name="alarms">Takes what was not recorded.</param>
    /// <param name="counters">Say what was not recorded.</param>
    /// <param name="time">The clock.</param>
    /// <param name="looks">What else is looked at five times a second; none may wait or throw.</param>
    public StationWatch(EntryOutbox outbox, Alarms alarms, Counters counters, TimeProvider time, IReadOnlyList<Action> looks)
    {
        (_outbox, _alarms, _counters, _time, _looks) = (outbox, alarms, counters, time, looks);
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
        if (IsNew(notRecorded, ref _notRecorded, ref _notRecordedAt))
            _alarms.Raise("parts-not-recorded", AlarmPriority.High, "Parts came while the ledger, or the loop, had no room for them; none of them was permitted.", "Check the disk: its room, its speed, its health.");
        else if (IsOver(_notRecordedAt)) _alarms.Clear("parts-not-recorded");
        if (IsNew(_outbox.Lost, ref _lost, ref _lostAt))
            _alarms.Raise("entries-lost", AlarmPriority.High, $"{_outbox.Lost} of the station's own entries (changes of state, alarms, acts) found no room.", "Check the disk. The interlock is tripped while the ledger takes nothing; what was lost is missing from the record.");
        else if (IsOver(_lostAt)) _alarms.Clear("entries-lost");
        foreach (var look in _looks) look();
    }

    private bool IsNew(long count, ref long seen, ref long seenAt)
    {
        if (count <= seen) return false;
        (seen, seenAt) = (count, _time.GetTimestamp());
        return true;
    }

    private bool IsOver(long since) => _time.GetElapsedTime(since) >= Quiet;
}
