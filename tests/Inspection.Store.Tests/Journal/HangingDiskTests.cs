using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Store.Tests;

public sealed class HangingDiskTests
{
    [Theory]
    [InlineData(DiskFault.Hang)]
    [InlineData(DiskFault.Write)]
    public async Task A_disk_that_hangs_or_fails_under_a_running_line_delays_no_part_permits_none_trips_and_loses_none(DiskFault fault)
    {
        var disk = new FaultyDisk();
        await using var box = new Box { Seams = disk.Seams };
        using var line = new TestLine(TestLine.Passes, ledger: box.Open());
        line.Inspect();
        await Eventually.Holds(() => line.Relay.Pulses == 1);

        disk.Fault = fault;
        var writes = line.Relay.Writes;
        for (var i = 0; i < 30; i++) line.Inspect();
        line.Relay.Writes.ShouldBeGreaterThanOrEqualTo(writes + 30);
        line.TurnUntil(() => line.Interlock.State == InterlockState.Tripped);
        line.Transitions[^1].Cause.ShouldBe(TripCause.LedgerUnavailable);
        line.Relay.Enabled.ShouldBeFalse();
        writes = line.Relay.Writes;
        for (var i = 0; i < 30; i++) line.Inspect();
        line.Relay.Writes.ShouldBeGreaterThanOrEqualTo(writes + 30, "parts are judged and the level is written in every state");
        line.Relay.Pulses.ShouldBe(1, "a part that is not durable is never permitted");
        line.Counters.Snapshot().NotRecorded.ShouldBe(0);

        disk.Fault = DiskFault.None;
        await Eventually.Holds(() => box.Ledger.Pending == 0 && !box.Ledger.Health.Unavailable);
        box.All().Count(m => m.Kind == EntryKind.Inspection).ShouldBe(61);
        line.Relay.Pulses.ShouldBe(1);
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }
}
