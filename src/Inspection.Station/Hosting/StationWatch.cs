using Inspection.Core;

namespace Inspection.Station.Hosting;

/// <summary>Looks after entries that wait for room in the ledger, and tells of parts and entries that found none.</summary>
/// <param name="outbox">Handed on from here.</param>
/// <param name="alarms">Takes what was not recorded.</param>
/// <param name="counters">Say what was not recorded.</param>
/// <param name="ledger">Says what waits.</param>
/// <param name="time">The clock.</param>
internal sealed class StationWatch(EntryOutbox outbox, Alarms alarms, Counters counters, ILedger ledger, TimeProvider time)
{
    /// <summary>A trouble that comes with some parts and not with others is one alarm, not one for each look.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private long _notRecorded;
    private long _notRecordedAt;
    private long _lost;
    private long _lostAt;

    /// <summary>Looks once.</summary>
    public void Look()
    {
        outbox.Pump();
        counters.ShowWaiting(ledger.Health is { Unavailable: true, Pending: var pending } ? pending + outbox.Waiting : 0);
        var notRecorded = counters.Snapshot().NotRecorded;
        if (IsNew(notRecorded, ref _notRecorded, ref _notRecordedAt))
            alarms.Raise("parts-not-recorded", AlarmPriority.High, "Parts came while the ledger, or the loop, had no room for them; none of them was permitted.", "Check the disk: its room, its speed, its health.");
        else if (IsOver(_notRecordedAt)) alarms.Clear("parts-not-recorded");
        if (IsNew(outbox.Lost, ref _lost, ref _lostAt))
            alarms.Raise("entries-lost", AlarmPriority.High, $"{outbox.Lost} of the station's own entries (changes of state, alarms, acts) found no room.", "Check the disk. The interlock is tripped while the ledger takes nothing; what was lost is missing from the record.");
        else if (IsOver(_lostAt)) alarms.Clear("entries-lost");
    }

    private bool IsNew(long count, ref long seen, ref long seenAt)
    {
        if (count <= seen) return false;
        (seen, seenAt) = (count, time.GetTimestamp());
        return true;
    }

    private bool IsOver(long since) => time.GetElapsedTime(since) >= Quiet;
}
