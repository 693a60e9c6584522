using Inspection.Testing;

namespace Inspection.Core.Tests.Diverting;

public sealed class GateTests
{
    private readonly Belt _belt = new();

    [Fact]
    public void The_gate_opens_around_a_part_whose_Pass_is_durable_and_at_no_other_place()
    {
        _belt.StartEmpty();
        var part = _belt.Judged(VerdictKind.Pass);
        var open = new List<long>();
        for (var i = 0; i < 100; i++)
        {
            _belt.Move();
            if (_belt.GateOpen) open.Add(_belt.At - part.At);
        }
        open.ShouldBe(Enumerable.Range(Belt.Distance - Belt.Tolerance, 2 * Belt.Tolerance + 1).Select(n => (long)n));
        part.WentThrough.ShouldBeTrue();
        var told = part.Told.ShouldHaveSingleItem();
        (told.Disposition, told.ConfirmedBy, told.Inspection!.Value.Sequence).ShouldBe((Disposition.Delivered, Confirmation.GateEye, 1));
        _belt.Interlock.State.ShouldBe(InterlockState.Running);
    }

    [Theory, InlineData(VerdictKind.Reject), InlineData(VerdictKind.Indeterminate)]
    public void Every_other_part_is_diverted_and_the_eye_of_the_bin_confirms_it(VerdictKind verdict)
    {
        _belt.StartEmpty();
        var part = _belt.Judged(verdict);
        Watch(100).ShouldBe(0);
        part.InBin.ShouldBeTrue();
        var told = part.Told.ShouldHaveSingleItem();
        (told.Disposition, told.ConfirmedBy).ShouldBe((Disposition.Diverted, Confirmation.BinEye));
        _belt.Interlock.State.ShouldBe(InterlockState.Running);
    }

    [Fact]
    public void A_Pass_that_is_not_durable_before_the_part_comes_to_the_gate_is_too_late()
    {
        _belt.StartEmpty();
        var (late, missing) = (_belt.Part(VerdictKind.Pass), (BeltPart?)null);
        _belt.Move(20);
        missing = _belt.Part(VerdictKind.Pass);
        _belt.Move(Belt.Distance - Belt.Tolerance - 20);
        _belt.Durable(late);
        Watch(100).ShouldBe(0);
        late.Permitted.ShouldBeFalse();
        late.Told.ShouldHaveSingleItem().Disposition.ShouldBe(Disposition.Diverted);
        missing.Told.ShouldHaveSingleItem().Inspection.ShouldBeNull();
        _belt.Interlock.State.ShouldBe(InterlockState.Running);
    }

    [Fact]
    public void One_tick_before_that_it_is_in_time()
    {
        _belt.StartEmpty();
        var part = _belt.Part(VerdictKind.Pass);
        _belt.Move(Belt.Distance - Belt.Tolerance - 1);
        _belt.Durable(part);
        _belt.Move(50);
        part.WentThrough.ShouldBeTrue();
    }

    [Theory, InlineData(VerdictKind.Pass, true), InlineData(VerdictKind.Reject, false)]
    public void Two_parts_that_share_the_gate_pass_only_when_both_may(VerdictKind second, bool both)
    {
        _belt.StartEmpty();
        var first = _belt.Judged(VerdictKind.Pass);
        _belt.Move(2 * Belt.Tolerance);
        var next = _belt.Judged(second);
        _belt.Move(100);
        first.WentThrough.ShouldBe(both);
        next.WentThrough.ShouldBe(both);
        _belt.Interlock.State.ShouldBe(InterlockState.Running, _belt.Interlock.Snapshot.FirstOut?.Detail);
    }

    [Fact]
    public void Verdicts_that_become_durable_in_another_order_each_join_their_own_part()
    {
        _belt.StartEmpty();
        VerdictKind[] verdicts = [VerdictKind.Reject, VerdictKind.Pass, VerdictKind.Reject, VerdictKind.Pass];
        var parts = verdicts.Select(v =>
        {
            var part = _belt.Part(v);
            _belt.Move(10);
            return part;
        }).ToList();
        foreach (var part in Enumerable.Reverse(parts)) _belt.Durable(part);
        _belt.Move(100);
        parts.Select(p => p.WentThrough).ShouldBe([false, true, false, true]);
        _belt.Interlock.State.ShouldBe(InterlockState.Running);
    }

    [Theory, InlineData(1), InlineData(40)]
    public void The_speed_of_the_belt_does_not_matter(int pace)
    {
        _belt.StartEmpty();
        var good = _belt.Judged(VerdictKind.Pass);
        _belt.Move(15);
        var bad = _belt.Judged(VerdictKind.Reject);
        for (var i = 0; i < 100; i++)
        {
            // From slow to quick and back, a stand in between.
            _belt.Pace = i % 20 < 10 ? pace : 5;
            if (i == 30) _belt.Wait(3000);
            _belt.Move();
        }
        (good.WentThrough, bad.InBin).ShouldBe((true, true));
        _belt.Interlock.State.ShouldBe(InterlockState.Running, _belt.Interlock.Snapshot.FirstOut?.Detail);
    }

    [Fact]
    public void A_part_that_does_not_reach_the_bin_trips()
    {
        _belt.StartEmpty();
        var part = _belt.Judged(VerdictKind.Reject);
        _belt.Move(Belt.Distance + 1);
        part.Removed = true;
        _belt.Move(50);
        _belt.Tripped.ShouldBe(TripCause.NotDiverted);
        var told = part.Told.ShouldHaveSingleItem();
        (told.Disposition, told.MissedBin).ShouldBe((Disposition.Unknown, true));
    }

    [Fact]
    public void It_is_told_of_as_such_when_a_stop_is_under_way_for_another_cause_too()
    {
        var belt = new Belt(Belt.Recipe with { Stop = new StopRules { Category = 1, RunOut = TimeSpan.FromSeconds(10) } });
        belt.StartEmpty();
        var part = belt.Judged(VerdictKind.Reject);
        belt.Move(Belt.Distance + 1);
        part.Removed = true;
        // Keeps the zone from being empty.
        belt.Judged(VerdictKind.Pass);
        belt.Interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        belt.Interlock.Snapshot.StoppingSince.ShouldNotBeNull();
        belt.Move(50);
        part.Told.ShouldHaveSingleItem().MissedBin.ShouldBeTrue();
        belt.Transitions.ShouldAllBe(t => t.Cause != TripCause.NotDiverted);
    }

    [Fact]
    public void A_part_in_the_bin_that_was_let_through_trips()
    {
        _belt.StartEmpty();
        _belt.Judged(VerdictKind.Pass);
        _belt.Move(Belt.Distance + Belt.BinDistance);
        _belt.See(atGate: false);
        Trips("a part that was let through came into the bin");
    }

    [Theory, InlineData(true, "a part came to the gate where none was expected"), InlineData(false, "a part came into the bin where none was expected")]
    public void A_part_where_none_is_expected_trips(bool atGate, string detail)
    {
        _belt.StartEmpty();
        _belt.Move(200);
        _belt.See(atGate);
        Trips(detail);
    }

    [Fact]
    public void An_expected_part_that_the_eye_at_the_gate_does_not_see_trips()
    {
        _belt.StartEmpty();
        _belt.Judged(VerdictKind.Pass).Removed = true;
        _belt.Move(100);
        Trips("a part did not come to the gate");
    }

    [Fact]
    public void Without_an_eye_at_the_gate_nobody_knows_that_it_went_through()
    {
        var belt = new Belt(eyeAtGate: false);
        belt.StartEmpty();
        var part = belt.Judged(VerdictKind.Pass);
        belt.Move(100);
        part.Told.ShouldHaveSingleItem().ConfirmedBy.ShouldBe(Confirmation.None);
        belt.Interlock.State.ShouldBe(InterlockState.Running);
    }

    [Fact]
    public void Lost_edges_of_the_encoder_trip_and_shut_the_gate()
    {
        _belt.StartEmpty();
        var part = _belt.Judged(VerdictKind.Pass);
        _belt.Move(Belt.Distance);
        _belt.GateOpen.ShouldBeTrue();
        _belt.Lose(3);
        Trips("3 edges of the encoder were lost");
        _belt.GateOpen.ShouldBeFalse();
        part.Told.ShouldBeEmpty("it is unknown until the belt has moved on or a person looks");
    }

    [Fact]
    public void An_encoder_that_stands_still_while_parts_come_trips()
    {
        _belt.StartEmpty();
        _belt.Broken = true;
        _belt.Judged(VerdictKind.Pass);
        _belt.Move(30);
        _belt.Interlock.State.ShouldBe(InterlockState.Running);
        _belt.Judged(VerdictKind.Pass);
        _belt.Move();
        Trips("the encoder stood still between two parts");
    }

    [Fact]
    public void An_encoder_that_breaks_while_the_gate_is_open_leaves_it_open_no_longer_than_50_ms()
    {
        _belt.StartEmpty();
        _belt.Judged(VerdictKind.Pass);
        _belt.Move(Belt.Distance);
        _belt.Broken = true;
        _belt.Move(10);
        _belt.GateOpen.ShouldBeTrue();
        _belt.Move();
        _belt.GateOpen.ShouldBeFalse();
    }

    [Fact]
    public void A_belt_that_nobody_reads_trips()
    {
        _belt.StartEmpty();
        _belt.Judged(VerdictKind.Pass);
        _belt.Move(Belt.Distance);
        _belt.GateOpen.ShouldBeTrue();
        for (var i = 0; i < 11; i++)
        {
            _belt.Time.Advance(TimeSpan.FromMilliseconds(10));
            _belt.Interlock.Turn();
            _belt.Interlock.TryBeat();
        }
        _belt.Tripped.ShouldBe(TripCause.TrackingLost);
        _belt.GateOpen.ShouldBeFalse();
    }

    [Theory, InlineData(0), InlineData(2)]
    public void Missing_and_extra_ticks_within_the_tolerance_do_not_matter_and_more_of_them_trip(int counted)
    {
        _belt.StartEmpty();
        var good = _belt.Judged(VerdictKind.Pass);
        _belt.Move(12);
        var bad = _belt.Judged(VerdictKind.Reject);
        for (var i = 0; i < Belt.Tolerance - 1; i++) _belt.MoveOne(counted);
        _belt.Move(100);
        (good.WentThrough, bad.InBin).ShouldBe((true, true));
        _belt.Interlock.State.ShouldBe(InterlockState.Running, _belt.Interlock.Snapshot.FirstOut?.Detail);

        _belt.Judged(VerdictKind.Pass);
        for (var i = 0; i < Belt.Tolerance + 2; i++) _belt.MoveOne(counted);
        _belt.Move(100);
        _belt.Tripped.ShouldBe(TripCause.TrackingLost);
    }

    [Fact]
    public void Parts_that_a_hand_has_swapped_are_not_where_they_must_be()
    {
        _belt.StartEmpty();
        var good = _belt.Judged(VerdictKind.Pass);
        _belt.Move(15);
        _belt.Judged(VerdictKind.Reject);
        _belt.Move(20);
        var after = _belt.Judged(VerdictKind.Pass);
        // The reject is put behind the good ones, and all move up.
        after.At += 2 * Belt.Tolerance;
        _belt.Move(100);
        good.WentThrough.ShouldBeTrue();
        _belt.Tripped.ShouldBe(TripCause.TrackingLost);
    }

    [Fact]
    public void More_parts_than_can_be_followed_trip()
    {
        var belt = new Belt(Belt.Recipe with { Gate = Belt.Recipe.Gate! with { Distance = 10_000 } });
        belt.StartEmpty();
        for (var i = 0; i < 256; i++)
        {
            belt.Judged(VerdictKind.Pass);
            belt.Move();
            belt.Parts.Clear();
        }
        belt.Interlock.State.ShouldBe(InterlockState.Running);
        belt.Judged(VerdictKind.Pass);
        belt.Tripped.ShouldBe(TripCause.TrackingLost);
    }

    [Fact]
    public void After_a_stop_the_parts_on_the_belt_are_diverted_at_the_next_Start_and_told_as_the_bin_saw_them()
    {
        _belt.StartEmpty();
        var (diverted, taken) = (_belt.Judged(VerdictKind.Pass), (BeltPart?)null);
        _belt.Move(20);
        taken = _belt.Judged(VerdictKind.Pass);
        _belt.Move(20);
        _belt.Interlock.Stop(Who.Anybody);
        _belt.Interlock.Snapshot.ZoneUnknown.ShouldBeTrue();
        taken.Removed = true;
        _belt.Interlock.Start(Some.Person).ShouldBeNull();
        var next = _belt.Judged(VerdictKind.Pass);
        _belt.Move(10);
        var later = _belt.Judged(VerdictKind.Pass);
        _belt.Move(200);
        diverted.Told.ShouldHaveSingleItem().Disposition.ShouldBe(Disposition.Diverted);
        taken.Told.ShouldHaveSingleItem().Disposition.ShouldBe(Disposition.Unknown);
        next.InBin.ShouldBeTrue("so near behind them it shares the gate with whatever may lie there");
        later.WentThrough.ShouldBeTrue();
        _belt.Interlock.State.ShouldBe(InterlockState.Running, _belt.Interlock.Snapshot.FirstOut?.Detail);
        _belt.Interlock.Snapshot.ZoneUnknown.ShouldBeFalse();
    }

    [Fact]
    public void A_named_person_who_stopped_the_line_says_that_the_belt_is_empty()
    {
        _belt.Interlock.Snapshot.ZoneUnknown.ShouldBeTrue("a program that has just started knows nothing of the belt");
        _belt.StartEmpty();
        var part = _belt.Judged(VerdictKind.Pass);
        _belt.Move(20);
        _belt.Interlock.ConfirmZoneEmpty(Some.Person)!.Code.ShouldBe("zone-moves");
        _belt.Interlock.Stop(Who.Anybody);
        _belt.Interlock.ConfirmZoneEmpty(Who.Anybody)!.Code.ShouldBe("not-a-person");
        part.Removed = true;
        _belt.Interlock.ConfirmZoneEmpty(Some.Operator).ShouldBeNull();
        var told = part.Told.ShouldHaveSingleItem();
        (told.Disposition, told.ConfirmedBy, told.Who).ShouldBe((Disposition.RemovedByHand, Confirmation.Person, Some.Operator));
        _belt.Interlock.ConfirmZoneEmpty(Some.Person)!.Code.ShouldBe("zone-known");
        _belt.Interlock.Start(Some.Person).ShouldBeNull();
        var next = _belt.Judged(VerdictKind.Pass);
        _belt.Move(100);
        next.WentThrough.ShouldBeTrue();
    }

    [Fact]
    public void A_part_that_came_while_the_line_was_stopped_makes_the_belt_unknown_again()
    {
        _belt.Interlock.ConfirmZoneEmpty(Some.Person).ShouldBeNull();
        var part = _belt.Judged(VerdictKind.Pass);
        _belt.Interlock.Snapshot.ZoneUnknown.ShouldBeTrue();
        _belt.Move(20);
        _belt.Interlock.Start(Some.Person).ShouldBeNull();
        _belt.Move(100);
        part.InBin.ShouldBeTrue();
        part.Told.ShouldHaveSingleItem().Disposition.ShouldBe(Disposition.Diverted);
    }

    [Fact]
    public void Nothing_is_permitted_while_the_relay_is_tested_or_a_cause_is_bypassed()
    {
        _belt.Interlock.ConfirmZoneEmpty(Some.Person);
        _belt.Interlock.SetKey(true, true);
        _belt.Interlock.Bypass(Some.Person, new(TripCause.CameraLost, "the lens is cleaned", TimeSpan.FromMinutes(5))).ShouldBeNull();
        var part = _belt.Judged(VerdictKind.Pass);
        part.Permitted.ShouldBeFalse();
        Watch(100).ShouldBe(0);
        part.Told.ShouldHaveSingleItem().Disposition.ShouldBe(Disposition.Diverted);

        var tested = new Belt();
        tested.Relay.PulledIn = false;
        tested.Wait(1200);
        tested.StartEmpty();
        tested.Interlock.Snapshot.SelfTesting.ShouldBeTrue();
        tested.Judged(VerdictKind.Pass).Permitted.ShouldBeFalse();
    }

    [Fact]
    public void A_bypass_that_lets_parts_through_holds_the_gate_open_once_what_lay_before_it_is_past()
    {
        var unknown = _belt.Judged(VerdictKind.Pass);
        _belt.Interlock.SetKey(true, true);
        _belt.Interlock.Bypass(Some.Person, new(TripCause.RejectsInARow, "the model is retaught", TimeSpan.FromMinutes(5), LetThrough: true)).ShouldBeNull();
        _belt.Move(20);
        var part = _belt.Judged(VerdictKind.Reject);
        Watch(100).ShouldBeGreaterThan(50);
        unknown.InBin.ShouldBeTrue();
        part.WentThrough.ShouldBeTrue();
        var told = part.Told.ShouldHaveSingleItem();
        (told.Disposition, told.Detail).ShouldBe((Disposition.Delivered, "let through as not inspected"));
        _belt.Interlock.Stop(Who.Anybody);
        _belt.GateOpen.ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, true, 3)]
    [InlineData(false, false, 3)]
    [InlineData(true, true, 3)]
    [InlineData(true, false, 0)]
    public void Under_a_bypass_of_the_dead_camera_parts_that_nobody_told_of_trip_nothing_and_are_counted(bool letThrough, bool eyeAtGate, int counted)
    {
        var belt = new Belt(eyeAtGate: eyeAtGate);
        belt.Interlock.SetCondition(TripCause.CameraLost, true, "no sign of life");
        belt.Interlock.ConfirmZoneEmpty(Some.Person).ShouldBeNull();
        belt.Interlock.SetKey(true, true);
        belt.Interlock.Bypass(Some.Person, new(TripCause.CameraLost, "the camera is exchanged", TimeSpan.FromMinutes(5), LetThrough: letThrough)).ShouldBeNull();
        // What may still be on its way to the bin counts for nothing.
        belt.Move(Belt.BinDistance + Belt.BinTolerance);
        var parts = Enumerable.Range(0, 3).Select(_ =>
        {
            var part = belt.Unseen();
            belt.Move(30);
            return part;
        }).ToList();
        belt.Move(100);
        belt.Interlock.State.ShouldBe(InterlockState.Bypassed, belt.Interlock.Snapshot.FirstOut?.Detail);
        parts.ShouldAllBe(p => p.WentThrough == letThrough && p.InBin == !letThrough);

        belt.Interlock.SetCondition(TripCause.CameraLost, false, "");
        var last = belt.Unseen();
        belt.Interlock.Stop(Who.Anybody).ShouldBeNull();
        belt.Transitions[^1].Bypass!.Parts.ShouldBe(counted);
        belt.Interlock.Snapshot.ZoneUnknown.ShouldBeTrue("nobody told of what lies there");
        belt.Interlock.Start(Some.Person).ShouldBeNull();
        belt.Move(200);
        last.InBin.ShouldBeTrue();
        belt.Interlock.State.ShouldBe(InterlockState.Running, belt.Interlock.Snapshot.FirstOut?.Detail);
        belt.See(atGate: false);
        belt.Tripped.ShouldBe(TripCause.TrackingLost, "without a bypass it trips as ever");
    }

    [Fact]
    public void A_part_that_passed_and_is_diverted_with_the_one_beside_it_says_so()
    {
        _belt.StartEmpty();
        var bad = _belt.Judged(VerdictKind.Reject);
        _belt.Move(Belt.Tolerance);
        var good = _belt.Judged(VerdictKind.Pass);
        _belt.Move(200);
        var told = good.Told.ShouldHaveSingleItem();
        (told.Disposition, told.ForOthers).ShouldBe((Disposition.Diverted, true));
        told.Detail.ShouldContain("beside it");
        bad.Told.ShouldHaveSingleItem().ForOthers.ShouldBeFalse();
    }

    [Fact]
    public void On_a_crowded_belt_good_parts_are_diverted_for_the_one_before_until_a_gap_comes()
    {
        _belt.StartEmpty();
        var parts = new List<(VerdictKind Kind, bool Crowded, BeltPart Part)>();
        void Add(VerdictKind kind, bool crowded) => parts.Add((kind, crowded, _belt.Judged(kind)));
        Add(VerdictKind.Reject, false);
        for (var i = 0; i < 3; i++)
        {
            _belt.Move(Belt.Tolerance);
            Add(VerdictKind.Pass, true);
        }
        _belt.Move((2 * Belt.Tolerance) + 1);
        Add(VerdictKind.Pass, false);
        _belt.Move(200);
        foreach (var (kind, crowded, part) in parts)
        {
            var told = part.Told.ShouldHaveSingleItem();
            (told.Disposition, told.Crowded).ShouldBe((kind == VerdictKind.Pass && !crowded ? Disposition.Delivered : Disposition.Diverted, crowded));
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_diverted_part_past_the_gate_is_still_expected_in_the_bin_after_a_person_says_that_the_belt_is_empty(bool arrives)
    {
        _belt.StartEmpty();
        var diverted = _belt.Judged(VerdictKind.Reject);
        _belt.Move(Belt.Distance - 10);
        var before = _belt.Judged(VerdictKind.Pass);
        _belt.Move(10 + Belt.Tolerance + 1);
        _belt.Interlock.Stop(Who.Anybody);
        before.Removed = true;
        diverted.Removed = !arrives;
        _belt.StartEmpty();
        before.Told.ShouldHaveSingleItem().Disposition.ShouldBe(Disposition.RemovedByHand);
        diverted.Told.ShouldBeEmpty();
        var next = _belt.Judged(VerdictKind.Pass);
        _belt.Move(100);
        var told = diverted.Told.ShouldHaveSingleItem();
        told.Disposition.ShouldBe(arrives ? Disposition.Diverted : Disposition.Unknown);
        if (!arrives) told.Detail.ShouldNotBeEmpty();
        next.WentThrough.ShouldBeTrue();
        _belt.Interlock.State.ShouldBe(InterlockState.Running, _belt.Interlock.Snapshot.FirstOut?.Detail);
    }

    [Fact]
    public void A_part_that_the_station_knows_nothing_of_may_still_fall_into_the_bin_after_that()
    {
        _belt.StartEmpty();
        _belt.Move(200);
        _belt.Interlock.Stop(Who.Anybody);
        _belt.Part(VerdictKind.Pass).Removed = true;
        _belt.StartEmpty();
        _belt.Move(Belt.BinDistance + Belt.BinTolerance);
        _belt.See(atGate: false);
        _belt.Interlock.State.ShouldBe(InterlockState.Running);
        _belt.Move();
        _belt.See(atGate: false);
        Trips("a part came into the bin where none was expected");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_part_that_a_person_overrules_to_Reject_before_it_comes_to_the_gate_is_diverted(bool durable)
    {
        _belt.StartEmpty();
        var part = durable ? _belt.Judged(VerdictKind.Pass) : _belt.Part(VerdictKind.Pass);
        _belt.Move(20);
        var other = _belt.Judged(VerdictKind.Pass);
        _belt.Interlock.Withdraw(new InspectionNumber(Guid.Empty, 1)).ShouldBe(durable, "a part has a number once it is durable");
        _belt.Move(100);
        (part.WentThrough, part.InBin).ShouldBe((false, true));
        part.Told.ShouldHaveSingleItem().Disposition.ShouldBe(Disposition.Diverted);
        other.WentThrough.ShouldBeTrue();
        _belt.Interlock.State.ShouldBe(InterlockState.Running);
    }

    [Fact]
    public void A_part_that_has_come_to_the_gate_cannot_be_held_any_more()
    {
        _belt.StartEmpty();
        var part = _belt.Judged(VerdictKind.Pass);
        _belt.Move(Belt.Distance - Belt.Tolerance);
        _belt.Interlock.Withdraw(new InspectionNumber(Guid.Empty, 1)).ShouldBeFalse();
        _belt.Move(100);
        part.WentThrough.ShouldBeTrue();
        _belt.Interlock.Withdraw(new InspectionNumber(Guid.Empty, 1)).ShouldBeFalse();
    }

    [Fact]
    public void A_bypass_that_lets_parts_through_does_not_let_a_part_through_that_a_person_has_rejected()
    {
        _belt.Interlock.ConfirmZoneEmpty(Some.Person).ShouldBeNull();
        _belt.Interlock.SetKey(true, true);
        _belt.Interlock.Bypass(Some.Person, new(TripCause.RejectsInARow, "the model is retaught", TimeSpan.FromMinutes(5), LetThrough: true)).ShouldBeNull();
        var rejected = _belt.Judged(VerdictKind.Pass);
        _belt.Interlock.Withdraw(new InspectionNumber(Guid.Empty, 1)).ShouldBeTrue();
        _belt.Move(20);
        var other = _belt.Judged(VerdictKind.Reject);
        _belt.Move(100);
        (rejected.InBin, other.WentThrough).ShouldBe((true, true));
    }

    [Fact]
    public void A_stop_that_waits_for_the_zone_ends_when_the_last_part_before_it_is_past_the_gate()
    {
        var belt = new Belt(Belt.Recipe with { Stop = new StopRules { Category = 1, RunOut = TimeSpan.FromSeconds(10) } });
        belt.StartEmpty();
        var before = belt.Judged(VerdictKind.Pass);
        belt.Move(20);
        belt.Interlock.Stop(Some.Person).ShouldBeNull();
        var after = belt.Judged(VerdictKind.Pass);
        belt.Move(Belt.Distance - 20);
        belt.Interlock.State.ShouldBe(InterlockState.Running);
        before.WentThrough.ShouldBeTrue();
        belt.Move(Belt.Tolerance + 1);
        belt.Interlock.State.ShouldBe(InterlockState.Stopped);
        after.Permitted.ShouldBeFalse();
    }

    [Fact]
    public void Inputs_of_bin_and_air_trip_where_the_recipe_says_so_and_then_refuse_Start()
    {
        _belt.StartEmpty();
        _belt.Interlock.SetGateInput(TripCause.BinFull, true, "the bin is full");
        _belt.Interlock.State.ShouldBe(InterlockState.Running);
        _belt.Interlock.SetGateInput(TripCause.BinDoor, true, "the bin is open");
        _belt.Tripped.ShouldBe(TripCause.BinDoor);
        _belt.Interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("bin-door");
        _belt.Interlock.SetGateInput(TripCause.BinDoor, false, "");
        _belt.Interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();
    }

    [Fact]
    public void A_gate_line_that_does_not_follow_is_a_fault()
    {
        _belt.StartEmpty();
        _belt.Judged(VerdictKind.Pass);
        _belt.Move(Belt.Distance - Belt.Tolerance - 1);
        _belt.Relay.Disobeys = true;
        _belt.Move();
        _belt.Interlock.State.ShouldBe(InterlockState.Faulted);
    }

    [Fact]
    public void The_station_s_end_tells_of_each_part_that_is_still_on_the_belt()
    {
        _belt.StartEmpty();
        var part = _belt.Judged(VerdictKind.Pass);
        _belt.Interlock.Stop(Who.Station);
        _belt.Interlock.ForgetParts();
        part.Told.ShouldHaveSingleItem().Disposition.ShouldBe(Disposition.Unknown);
    }

    [Fact]
    public void Carrying_parts_to_the_gate_allocates_nothing()
    {
        _belt.StartEmpty();
        _belt.Move(200);
        var interlock = _belt.Interlock;
        var (time, ticks) = (_belt.Time, new long[1]);
        long Measure(int count)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < count; i++)
            {
                time.Advance(TimeSpan.FromMilliseconds(1));
                ticks[0] = time.GetTimestamp();
                interlock.Triggered(new Trigger(Guid.Empty, "line", DateTimeOffset.UnixEpoch, ticks[0]));
                interlock.PermitPass(ticks[0], true);
                interlock.SeeBelt(ticks[0], ticks, 0, [], []);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Measure(10);
        // Fewer than the way to the gate, so that none is told of yet.
        Measure(40).ShouldBe(0);
    }

    private void Trips(string detail)
    {
        var first = _belt.Interlock.Snapshot.FirstOut.ShouldNotBeNull();
        (first.Cause, first.Detail).ShouldBe((TripCause.TrackingLost, detail));
        _belt.Interlock.Snapshot.ZoneUnknown.ShouldBeTrue();
    }

    private int Watch(int ticks)
    {
        var open = 0;
        for (var i = 0; i < ticks; i++)
        {
            _belt.Move();
            if (_belt.GateOpen) open++;
        }
        return open;
    }
}
