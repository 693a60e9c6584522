using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Testing;

namespace Inspection.Station.Tests.Hosting;

public sealed class EntryOutboxTests
{
    private static AuditEntry Entry(string what) => new(TimeProvider.System, true, Who.Station, what, "");

    private static InterlockEntry Transition(string detail) => new(TimeProvider.System, true, new InterlockTransition(
        InterlockState.Stopped, InterlockState.Running, null, detail, Some.Person, ResetAnswer.None, DateTimeOffset.UnixEpoch));

    [Fact]
    public void Entries_of_the_start_wait_for_the_ledger_and_keep_their_order()
    {
        var outbox = new EntryOutbox(TimeProvider.System, true);
        outbox.Append(Transition("first"));
        outbox.Append(Transition("second"));
        outbox.Waiting.ShouldBe(2);
        var ledger = new MemoryLedger(TimeProvider.System);
        outbox.Attach(ledger);
        ledger.Bodies(EntryKind.Interlock).Select(b => b.GetProperty("detail").GetString()).ShouldBe(["first", "second"]);
    }

    [Fact]
    public void What_finds_the_ledger_full_is_handed_in_when_there_is_room()
    {
        var ledger = new MemoryLedger(TimeProvider.System) { Full = true };
        var outbox = new EntryOutbox(TimeProvider.System, true);
        outbox.Attach(ledger);
        outbox.Append(Transition("kept"));
        ledger.Full = false;
        outbox.Pump();
        ledger.Bodies(EntryKind.Interlock).ShouldHaveSingleItem();
        outbox.Waiting.ShouldBe(0);
    }

    [Fact]
    public void It_never_grows_without_bound_and_counts_what_it_lost()
    {
        var outbox = new EntryOutbox(TimeProvider.System, true);
        for (var i = 0; i < EntryOutbox.Capacity + 7; i++) outbox.Append(Entry("x"));
        outbox.Waiting.ShouldBe(EntryOutbox.Capacity);
        outbox.Lost.ShouldBe(7);
        var ledger = new MemoryLedger(TimeProvider.System);
        outbox.Attach(ledger);
        outbox.Pump();
        ledger.Bodies(EntryKind.Gap).ShouldHaveSingleItem().GetProperty("count").GetInt64().ShouldBe(7);
    }
}
