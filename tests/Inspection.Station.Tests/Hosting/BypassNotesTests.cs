using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Store;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Station.Tests.Hosting;

public sealed class BypassNotesTests
{
    private static readonly Who Setter = Who.Person("Sam", Role.Setter);

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryLedger _ledger;
    private readonly Alarms _alarms;
    private readonly Interlock _interlock;

    public BypassNotesTests()
    {
        _ledger = new(_time);
        _alarms = new(_time, (_, _) => { });
        _interlock = new(_time, new FakeRelay(), new InterlockOptions(), transition =>
        {
            _ledger.TryAppend(new InterlockEntry(_time, true, transition));
            if (transition is { EndsBypass: true, Bypass: { } account })
                _ledger.TryAppend(BypassNotes.LotHeld(_time, true, transition, account, Some.Recipe, null));
        });
        _interlock.SetObstacle(null);
        _interlock.Turn();
    }

    private Failure? Bypass()
    {
        _interlock.Turn();
        for (var i = 0; i < 30; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            _interlock.Turn();
        }
        _interlock.SetKey(true, true);
        return _interlock.Bypass(Setter, new(TripCause.CameraLost, "lens is cleaned", TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void The_end_of_a_bypass_holds_the_lot_with_number_and_time_range_of_its_parts()
    {
        Bypass().ShouldBeNull();
        _interlock.Apply(Verdict.Pass, Some.Trigger(_time), out _);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        _interlock.Apply(Verdict.Reject, Some.Trigger(_time), out _);
        _interlock.Stop(Who.Anybody).ShouldBeNull();
        var lot = _ledger.Bodies(EntryKind.Lot).ShouldHaveSingleItem();
        (lot.GetProperty("state").GetString(), lot.GetProperty("reason").GetString()).ShouldBe(("held", "bypass"));
        lot.GetProperty("detail").GetString().ShouldBe("2 parts were made while camera-lost was bypassed; none of them was permitted.");
        var bypass = lot.GetProperty("bypass");
        bypass.GetProperty("parts").GetInt64().ShouldBe(2);
        bypass.GetProperty("letThrough").GetBoolean().ShouldBeFalse();
        bypass.GetProperty("firstSequence").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null, "these two were not recorded");
        bypass.GetProperty("by").GetProperty("name").GetString().ShouldBe("Sam");
        (DateTimeOffset.Parse(bypass.GetProperty("lastPart").GetString()!, null) - DateTimeOffset.Parse(bypass.GetProperty("firstPart").GetString()!, null)).ShouldBe(TimeSpan.FromMilliseconds(50));
        _ledger.Bodies(EntryKind.Interlock)[^2].GetProperty("bypass").GetProperty("minutes").GetDouble().ShouldBe(10);
    }

    [Fact]
    public void People_are_warned_two_minutes_before_the_end()
    {
        Bypass().ShouldBeNull();
        _time.Advance(TimeSpan.FromMinutes(7.9));
        BypassNotes.Warn(_interlock.Snapshot.Bypass, _alarms, _time);
        _alarms.Active.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromMinutes(0.2));
        BypassNotes.Warn(_interlock.Snapshot.Bypass, _alarms, _time);
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("bypass-ends-soon");
        _interlock.Stop(Who.Anybody);
        BypassNotes.Warn(_interlock.Snapshot.Bypass, _alarms, _time);
        _alarms.Active.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Bypassed", true, true)]
    [InlineData("Stopped,Bypassed", false, true)]
    [InlineData("Stopped,Running", false, false)]
    [InlineData("", false, false)]
    public void After_a_restart_a_bypass_that_was_cut_off_holds_the_lot_and_any_needs_a_second_person_for_the_next(string newestFirst, bool held, bool second)
    {
        var rows = newestFirst.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(to => new LedgerRow(default, 1, 0, EntryKind.Interlock, _time.GetUtcNow() - TimeSpan.FromHours(7), null, System.Text.Encoding.UTF8.GetBytes($$"""{"to":"{{to}}"}"""))).ToList();
        (BypassNotes.CutOff(rows, _time, true) is not null).ShouldBe(held);
        BypassNotes.Recall(rows, _interlock, _time);
        _interlock.State.ShouldBe(InterlockState.Stopped);
        Bypass()?.Code.ShouldBe("second-person-needed");
        (_interlock.State == InterlockState.Bypassed).ShouldBe(!second);
    }

    [Fact]
    public void A_ledger_that_cannot_be_read_asks_for_the_second_person()
    {
        BypassNotes.CutOff(null, _time, true).ShouldBeNull();
        BypassNotes.Recall(null, _interlock, _time);
        Bypass()!.Code.ShouldBe("second-person-needed");
    }
}
