using Inspection.Testing;

namespace Inspection.Core.Tests.Interlocking;

public sealed class CauseTests
{
    private readonly SteppedTime _time = new();
    private readonly FakeRelay _relay = new();
    private readonly List<InterlockTransition> _transitions = [];
    private readonly Interlock _interlock;

    public CauseTests()
    {
        _interlock = new(_time, _relay, new InterlockOptions(), _transitions.Add);
        _interlock.SetObstacle(null);
        _interlock.Turn();
        _interlock.Start(Some.Person).ShouldBeNull();
    }

    public static TheoryData<TripCause> Of(CauseKind kind) => [.. Enum.GetValues<TripCause>().Where(c => TripCauses.KindOf(c) == kind)];

    [Fact]
    public void Every_cause_has_a_kind_and_the_faults_are_exactly_these()
    {
        Enum.GetValues<TripCause>().Select(TripCauses.KindOf).Distinct().Count().ShouldBe(3);
        Of(CauseKind.Fault).Select(row => row.Data).ShouldBe([TripCause.GpioLost, TripCause.OutputReadback, TripCause.FeedbackWrong, TripCause.KeyChannels]);
    }

    [Fact]
    public void Answers_are_offered_exactly_where_Reset_asks_and_only_what_fits()
    {
        ResetAnswer[] all = [ResetAnswer.PartsReallyBad, ResetAnswer.FalseRejects, ResetAnswer.CauseRemoved];
        foreach (var cause in Enum.GetValues<TripCause>())
        {
            ResetAnswer[] fitting = cause switch
            {
                TripCause.RejectsInARow or TripCause.Indeterminates or TripCause.PartNotPassed => all,
                _ when TripCauses.KindOf(cause) == CauseKind.Event => [ResetAnswer.CauseRemoved],
                _ => [],
            };
            TripCauses.AnswersTo(cause).ShouldBe(fitting, cause.ToString());
        }
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _interlock.Snapshot.Answers.ShouldBe([ResetAnswer.CauseRemoved]);
        _interlock.SetCondition(TripCause.EStop, true, "open");
        _interlock.Snapshot.Answers.ShouldBe([ResetAnswer.CauseRemoved]);
        _interlock.Trip(TripCause.Indeterminates, "3 in 100", Who.Station);
        _interlock.Snapshot.Answers.ShouldBe(all);
    }

    [Theory]
    [MemberData(nameof(Of), CauseKind.Condition)]
    public void A_condition_is_gone_when_it_says_so_and_needs_no_answer(TripCause cause)
    {
        _interlock.SetCondition(cause, true, "seen");
        _relay.Enabled.ShouldBeFalse();
        _interlock.Reset(Some.Operator, ResetAnswer.CauseRemoved)!.Code.ShouldBe(Codes.Of(cause));
        for (var i = 0; i < 30; i++)
        {
            // The loop turns on, so a missed heartbeat ends by itself.
            _time.Advance(TimeSpan.FromMilliseconds(50));
            _interlock.Turn();
        }
        _interlock.SetCondition(cause, false, "");
        _interlock.Reset(Some.Operator, ResetAnswer.None).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Of), CauseKind.Event)]
    public void An_event_needs_an_answer_which_is_recorded_with_who(TripCause cause)
    {
        _interlock.Trip(cause, "seen", Who.Station);
        _relay.Enabled.ShouldBeFalse();
        _interlock.Reset(Some.Operator, ResetAnswer.None)!.Code.ShouldBe("answer-needed");
        _interlock.Reset(Some.Operator, ResetAnswer.PartsReallyBad).ShouldBeNull();
        (_transitions[^1].Answer, _transitions[^1].Who).ShouldBe((ResetAnswer.PartsReallyBad, Some.Operator));
    }

    [Theory]
    [MemberData(nameof(Of), CauseKind.Fault)]
    public void A_fault_is_reset_by_maintenance_only(TripCause cause)
    {
        _interlock.Fault(cause, "seen");
        _interlock.State.ShouldBe(InterlockState.Faulted);
        _relay.Enabled.ShouldBeFalse();
        _interlock.Reset(Some.Operator, ResetAnswer.CauseRemoved)!.Code.ShouldBe("not-permitted");
        _interlock.Reset(Who.Person("Mo", Role.Maintenance), ResetAnswer.None).ShouldBeNull();
    }

    [Fact]
    public void A_fault_after_an_event_leaves_the_event_first_and_to_be_answered()
    {
        _interlock.Trip(TripCause.RejectsInARow, "5 rejects in a row", Who.Station);
        _interlock.Fault(TripCause.OutputReadback, "line 17 reads high");
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.RejectsInARow);
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("answer-needed");
        _interlock.Reset(Some.Person, ResetAnswer.FalseRejects).ShouldBeNull();
    }

    [Fact]
    public void A_level_that_was_not_taken_is_Faulted_as_such_and_a_refused_write_as_a_lost_chip()
    {
        _relay.Disobeys = true;
        _interlock.Apply(Verdict.Pass, Some.Trigger(_time), out _);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.OutputReadback);
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("output-readback");
        (_relay.Disobeys, _relay.Refuses) = (false, true);
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("gpio-lost");
        _interlock.Snapshot.Later.Select(t => t.Cause).ShouldBe([TripCause.GpioLost]);
    }

    [Fact]
    public void A_monotonic_clock_that_stands_still_trips_after_five_beats_and_is_gone_when_it_goes_on()
    {
        for (var i = 0; i < 20; i++) Beat(10);
        for (var i = 0; i < 4; i++) Beat(0);
        _interlock.State.ShouldBe(InterlockState.Running);
        Beat(0);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.ClockStoodStill);
        _relay.Enabled.ShouldBeFalse();
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("clock-stood-still");
        Beat(10);
        _interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();
    }

    [Fact]
    public void A_pool_of_threads_that_has_not_run_for_300_ms_more_than_the_loop_may_take_trips_refuses_Reset_and_is_gone_when_it_runs_again()
    {
        for (var i = 0; i < 300; i++) Beat(10);
        _interlock.State.ShouldBe(InterlockState.Running, "a pool that nobody tells of is not supervised");
        _interlock.PoolRuns();
        for (var i = 0; i < 40; i++) Beat(10);
        _interlock.State.ShouldBe(InterlockState.Running);
        Beat(10);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.ProgramStalled);
        _relay.Enabled.ShouldBeFalse();
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("program-stalled");
        _interlock.PoolRuns();
        Beat(10);
        _interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();
    }

    [Fact]
    public void A_thread_that_holds_the_interlock_for_good_ends_the_beat_and_with_it_the_process()
    {
        using var held = new ManualResetEventSlim();
        using var letGo = new ManualResetEventSlim();
        var interlock = new Interlock(TimeProvider.System, new FakeRelay(), new(), _ =>
        {
            held.Set();
            letGo.Wait();
        });
        var holder = new Thread(() => interlock.Trip(TripCause.Request, "blocks in its report", Who.Station)) { IsBackground = true };
        holder.Start();
        held.Wait();
        Should.Throw<InvalidOperationException>(interlock.TryBeat).Message.ShouldContain("The station ends");
        letGo.Set();
        holder.Join();
        interlock.TryBeat();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_wall_clock_that_is_set_an_hour_on_or_back_neither_trips_nor_lengthens_a_deadline(int hours)
    {
        _time.Step = TimeSpan.FromHours(hours);
        for (var i = 0; i < 100; i++) Beat(10);
        _interlock.State.ShouldBe(InterlockState.Running);
        var trigger = Some.Trigger(_time);
        _interlock.Apply(Verdict.Pass, trigger, out _).Kind.ShouldBe(VerdictKind.Pass);
        for (var i = 0; i < 21; i++) Beat(10);
        _interlock.Apply(Verdict.Pass, trigger, out _).Reason.ShouldBe(VerdictReason.Late);
        _time.Advance(InterlockOptions.BeatLimit + TimeSpan.FromMilliseconds(1));
        _interlock.TryBeat();
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.HeartbeatMissed);
    }

    private void Beat(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _interlock.Turn();
        _interlock.TryBeat();
    }
}
