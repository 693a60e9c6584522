using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Interlocking;

public sealed class BypassTests
{
    private static readonly Who Setter = Who.Person("Sam", Role.Setter);
    private static readonly Who Quality = Who.Person("Quinn", Role.Quality);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeRelay _relay = new();
    private readonly List<InterlockTransition> _transitions = [];
    private readonly Interlock _interlock;

    public BypassTests()
    {
        _interlock = new(_time, _relay, new InterlockOptions(), _transitions.Add);
        _interlock.SetObstacle(null);
        _interlock.Turn();
    }

    private static BypassRequest Ask(TripCause cause = TripCause.CameraLost, string reason = "lens is cleaned", double minutes = 15, Who? second = null)
        => new(cause, reason, TimeSpan.FromMinutes(minutes), second);

    private void Key(bool turned) => _interlock.SetKey(turned, turned);

    private void Beat(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            _interlock.Turn();
            _interlock.TryBeat();
        }
    }

    private void LoseCamera(bool lost = true) => _interlock.SetCondition(TripCause.CameraLost, lost, "no sign of life");

    private void BypassLostCamera(double minutes = 15)
    {
        LoseCamera();
        Key(true);
        _interlock.Bypass(Setter, Ask(minutes: minutes)).ShouldBeNull();
        _relay.Enabled.ShouldBeTrue();
    }

    [Fact]
    public void The_cause_is_taken_out_of_the_evidence_and_the_relay_beats_on_but_nothing_is_permitted()
    {
        BypassLostCamera();
        Beat(50);
        _interlock.State.ShouldBe(InterlockState.Bypassed);
        _relay.Beats.ShouldBe(50);
        var trigger = Some.Trigger(_time);
        _interlock.Triggered(trigger.Timestamp);
        _interlock.Apply(Verdict.Pass, trigger, out _);
        _interlock.PermitPass(trigger.Timestamp, true).ShouldBeFalse();
        _relay.PassActive.ShouldBeFalse();
        _interlock.Snapshot.Bypass!.By.ShouldBe(Setter);
        _transitions[^1].Bypass!.Bypass.Reason.ShouldBe("lens is cleaned");
    }

    [Fact]
    public void By_the_persons_choice_parts_go_through_as_not_inspected_whatever_their_verdict_and_only_then()
    {
        var early = Some.Trigger(_time);
        _interlock.Triggered(early.Timestamp);
        Beat();
        LoseCamera();
        Key(true);
        _interlock.Bypass(Setter, Ask() with { LetThrough = true }).ShouldBeNull();
        _interlock.PermitPass(early.Timestamp, false).ShouldBeFalse("it came before the bypass");
        Beat();
        var trigger = Some.Trigger(_time);
        _interlock.Triggered(trigger.Timestamp);
        _interlock.Apply(Verdict.Reject, trigger, out _);
        _interlock.PermitPass(trigger.Timestamp, false).ShouldBeTrue();
        _relay.PassActive.ShouldBeTrue();
        Key(false);
        _relay.PassActive.ShouldBeFalse();
        _interlock.PermitPass(trigger.Timestamp, false).ShouldBeFalse("the bypass has ended");
        _transitions[^1].Bypass!.Bypass.LetThrough.ShouldBeTrue();
        LoseCamera(false);
        _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved);
        _interlock.Start(Some.Person).ShouldBeNull();
        _interlock.PermitPass(trigger.Timestamp, false).ShouldBeFalse("a rejected part of the bypass is not permitted by the Running that follows");
    }

    [Fact]
    public void The_inspections_made_under_it_are_counted_by_the_numbers_that_the_ledger_gave_them()
    {
        var made = new BypassedInspections();
        var (first, second) = (Identifiers.New(_time), Identifiers.New(_time));
        made.Note(new(first, 20, 12, 18, true));
        made.Note(new(first, 21, 13, 19, true));
        (made.First, made.Last).ShouldBe((12, 13));
        made.Note(new(second, 1, 1, 1, true));
        (made.First, made.Last).ShouldBe((1, 1), "a failed write has them written anew under another ledger");
    }

    [Fact]
    public void The_key_alone_and_a_person_alone_energise_nothing()
    {
        LoseCamera();
        Key(true);
        Beat(10);
        (_interlock.State, _relay.Enabled).ShouldBe((InterlockState.Stopped, false));
        Key(false);
        _interlock.Bypass(Setter, Ask())!.Code.ShouldBe("key-not-turned");
        _interlock.SetKey(true, false);
        _interlock.Bypass(Setter, Ask())!.Code.ShouldBe("key-not-turned");
        _relay.Enabled.ShouldBeFalse();
    }

    [Theory]
    [InlineData("x", 15, "bypass-reason")]
    [InlineData("   ", 15, "bypass-reason")]
    [InlineData("a\nb", 15, "bypass-reason")]
    [InlineData("lens is cleaned", 0, "bypass-time")]
    [InlineData("lens is cleaned", -5, "bypass-time")]
    [InlineData("lens is cleaned", 60.1, "bypass-time")]
    [InlineData("lens is cleaned", 10_000, "bypass-time")]
    public void A_request_without_reason_or_with_another_time_is_refused(string reason, double minutes, string code)
    {
        Key(true);
        _interlock.Bypass(Setter, Ask(reason: reason, minutes: minutes))!.Code.ShouldBe(code);
        _interlock.State.ShouldBe(InterlockState.Stopped);
    }

    [Fact]
    public void Only_a_person_whose_role_permits_it_bypasses()
    {
        Key(true);
        foreach (var who in new[] { Who.Station, Who.Anybody, Who.Plant("mes"), Who.Model(Some.Model) })
            _interlock.Bypass(who, Ask())!.Code.ShouldBe("not-a-person");
        _interlock.Bypass(Some.Operator, Ask())!.Code.ShouldBe("bypass-not-permitted");
        _interlock.Bypass(Who.Person("Eve", (Role)99), Ask())!.Code.ShouldBe("bypass-not-permitted");
        _relay.Enabled.ShouldBeFalse();
    }

    public static TheoryData<TripCause> Others => [.. Enum.GetValues<TripCause>().Append((TripCause)99).Except([TripCause.CameraLost, TripCause.RejectsInARow, TripCause.Indeterminates, TripCause.PartNotPassed])];

    [Theory]
    [MemberData(nameof(Others))]
    public void No_cause_but_one_of_vision_can_be_bypassed(TripCause cause)
    {
        Key(true);
        _interlock.Bypass(Setter, Ask(cause))!.Code.ShouldBe("bypass-cause");
    }

    [Theory]
    [InlineData(TripCause.EStop)]
    [InlineData(TripCause.StopSwitch)]
    [InlineData(TripCause.LedgerUnavailable)]
    public void It_is_refused_while_another_cause_is_present(TripCause other)
    {
        LoseCamera();
        Key(true);
        _interlock.SetCondition(other, true, "seen");
        _interlock.Bypass(Setter, Ask())!.Code.ShouldBe(Codes.Of(other));
    }

    [Fact]
    public void It_is_refused_while_another_event_waits_for_its_answer_or_the_state_does_not_permit()
    {
        LoseCamera();
        Key(true);
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _interlock.Bypass(Setter, Ask())!.Code.ShouldBe("bypass-unanswered");
        LoseCamera(false);
        _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldBeNull();
        _interlock.Start(Some.Person).ShouldBeNull();
        _interlock.Bypass(Setter, Ask())!.Code.ShouldBe("bypass-not-now");
        _interlock.Fault(TripCause.GpioLost, "gone");
        _interlock.Bypass(Setter, Ask())!.Code.ShouldBe("bypass-not-now");
        _interlock.SetObstacle("no model is loaded");
    }

    [Theory]
    [InlineData(true, InterlockState.Tripped)]
    [InlineData(false, InterlockState.Stopped)]
    public void Its_time_the_key_and_Stop_end_it_to_Tripped_where_the_cause_remains_else_to_Stopped(bool remains, InterlockState expected)
    {
        foreach (var end in new Action[] { () => _time.Advance(TimeSpan.FromMinutes(1)), () => Key(false), () => _interlock.Stop(Who.Anybody).ShouldBeNull() })
        {
            LoseCamera();
            Key(true);
            _interlock.Bypass(Setter, Ask(minutes: 1, second: Quality)).ShouldBeNull();
            Beat(10);
            LoseCamera(remains);
            end();
            _interlock.TryBeat();
            (_interlock.State, _relay.Enabled).ShouldBe((expected, false));
            _interlock.Snapshot.Bypass.ShouldBeNull();
            _transitions[^1].EndsBypass.ShouldBeTrue();
            LoseCamera(false);
            Settle();
            if (remains) _interlock.Reset(Some.Operator, ResetAnswer.None).ShouldBeNull();
        }
    }

    [Fact]
    public void A_bypassed_event_waits_for_its_answer_at_the_end()
    {
        _interlock.Start(Some.Person).ShouldBeNull();
        for (var i = 0; i < 5; i++) _interlock.Apply(Verdict.Reject, Some.Trigger(_time), out _);
        Key(true);
        _interlock.Bypass(Setter, Ask(TripCause.RejectsInARow)).ShouldBeNull();
        for (var i = 0; i < 12; i++)
        {
            _interlock.Apply(Verdict.Reject, Some.Trigger(_time), out _);
            Beat();
        }
        _interlock.State.ShouldBe(InterlockState.Bypassed);
        _interlock.Stop(Who.Anybody);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.RejectsInARow);
        var account = _transitions[^1].Bypass!;
        (account.Parts, account.LastPart - account.FirstPart).ShouldBe((12L, TimeSpan.FromMilliseconds(110)));
        _interlock.Reset(Some.Operator, ResetAnswer.None)!.Code.ShouldBe("answer-needed");
    }

    [Theory]
    [InlineData(TripCause.EStop)]
    [InlineData(TripCause.StopSwitch)]
    [InlineData(TripCause.LedgerUnavailable)]
    public void Any_other_cause_trips_and_the_bypassed_one_is_not_forgotten(TripCause other)
    {
        BypassLostCamera();
        _interlock.SetCondition(other, true, "seen");
        (_interlock.State, _relay.Enabled).ShouldBe((InterlockState.Tripped, false));
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(other);
        _interlock.Snapshot.Later.Select(t => t.Cause).ShouldBe([TripCause.CameraLost]);
    }

    [Fact]
    public void The_supervision_stays_a_loop_that_hangs_and_an_output_that_fails_open_the_relay()
    {
        BypassLostCamera();
        Beat(5);
        _time.Advance(TimeSpan.FromMilliseconds(101));
        _interlock.TryBeat();
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.HeartbeatMissed);
        Key(true);
        LoseCamera(false);
        Settle();
        _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldBeNull();
        _interlock.Bypass(Setter, Ask(second: Quality)).ShouldBeNull();
        _relay.Disobeys = true;
        Beat();
        _interlock.State.ShouldBe(InterlockState.Faulted);
        _transitions[^1].EndsBypass.ShouldBeTrue();
    }

    [Fact]
    public void A_second_bypass_within_eight_hours_needs_another_person_whose_role_permits_it()
    {
        BypassLostCamera();
        _interlock.Stop(Setter);
        Settle();
        _interlock.Bypass(Setter, Ask())!.Code.ShouldBe("second-person-needed");
        _interlock.Bypass(Setter, Ask(second: Setter))!.Code.ShouldBe("second-person-wrong");
        _interlock.Bypass(Setter, Ask(second: Some.Operator))!.Code.ShouldBe("second-person-wrong");
        _interlock.Bypass(Setter, Ask(second: Quality)).ShouldBeNull();
        _interlock.Stop(Setter);
        _time.Advance(TimeSpan.FromHours(8));
        Settle();
        _interlock.Bypass(Setter, Ask()).ShouldBeNull();
    }

    [Fact]
    public void A_bypass_before_the_restart_counts_and_the_bypass_itself_does_not_outlive_it()
    {
        _interlock.RememberBypass(TimeSpan.FromHours(7));
        _interlock.State.ShouldBe(InterlockState.Stopped);
        Key(true);
        _interlock.Bypass(Setter, Ask())!.Code.ShouldBe("second-person-needed");
        _time.Advance(TimeSpan.FromHours(1));
        Settle();
        _interlock.Bypass(Setter, Ask()).ShouldBeNull();
    }

    [Fact]
    public void Counting_parts_under_a_bypass_allocates_nothing()
    {
        BypassLostCamera();
        var trigger = Some.Trigger(_time);
        for (var i = 0; i < 10; i++) _interlock.Apply(Verdict.Pass, trigger, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _interlock.Apply(Verdict.Pass, trigger, out _);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        _interlock.Stop(Who.Anybody);
        LoseCamera(false);
        Settle();
        _interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();
        _interlock.Bypass(Setter, Ask(TripCause.RejectsInARow, second: Quality)).ShouldBeNull();
        trigger = Some.Trigger(_time);
        for (var i = 0; i < 10; i++) _interlock.Apply(Verdict.Reject, trigger, out _);
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _interlock.Apply(Verdict.Reject, trigger, out _);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        _interlock.State.ShouldBe(InterlockState.Bypassed);
    }

    /// <summary>The loop turns for more than a second, so that a missed heartbeat is gone.</summary>
    private void Settle()
    {
        for (var i = 0; i < 130; i++) Beat();
    }
}
