using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Interlocking;

public sealed class InterlockTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeRelay _relay = new();
    private readonly List<InterlockTransition> _transitions = [];
    private readonly Interlock _interlock;

    public InterlockTests()
    {
        _interlock = new(_time, _relay, new InterlockOptions(), _transitions.Add);
        _interlock.SetObstacle(null);
    }

    private void Run()
    {
        _interlock.Turn();
        _interlock.Start(Some.Person).ShouldBeNull();
    }

    private Verdict Apply(Verdict verdict) => _interlock.Apply(verdict, Some.Trigger(_time), out _);

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void Every_start_of_the_process_is_Stopped_and_de_energised()
    {
        _interlock.State.ShouldBe(InterlockState.Stopped);
        _relay.Enabled.ShouldBeFalse();
        _relay.Writes.ShouldBe(1);
    }

    [Fact]
    public void Only_a_person_starts()
    {
        foreach (var who in new[] { Who.Station, Who.Anybody, Who.Plant("mes"), Who.Model(Some.Model) })
            _interlock.Start(who)!.Code.ShouldBe("not-a-person");
        _relay.Enabled.ShouldBeFalse();
        _interlock.Start(Some.Operator).ShouldBeNull();
        _relay.Enabled.ShouldBeTrue();
    }

    [Fact]
    public void Anybody_stops_and_both_outputs_are_low()
    {
        Run();
        _interlock.Stop(Who.Anybody).ShouldBeNull();
        _interlock.State.ShouldBe(InterlockState.Stopped);
        _relay.Enabled.ShouldBeFalse();
        _interlock.TryBeat();
        _relay.Beats.ShouldBe(0);
    }

    [Theory]
    [InlineData(TripCause.EStop)]
    [InlineData(TripCause.StopSwitch)]
    [InlineData(TripCause.CameraLost)]
    [InlineData(TripCause.LedgerUnavailable)]
    public void A_condition_trips_and_refuses_Reset_and_Start_while_it_is_present(TripCause cause)
    {
        Run();
        _interlock.SetCondition(cause, true, "seen");
        _interlock.State.ShouldBe(InterlockState.Tripped);
        _relay.Enabled.ShouldBeFalse();
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(cause);
        _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved)!.Code.ShouldBe(Codes.Of(cause));
        _interlock.SetCondition(cause, false, "");
        _interlock.State.ShouldBe(InterlockState.Tripped);
        _interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();
        _interlock.State.ShouldBe(InterlockState.Stopped);
        _relay.Enabled.ShouldBeFalse();
    }

    [Theory]
    [InlineData(TripCause.EStop)]
    [InlineData(TripCause.CameraLost)]
    public void In_Stopped_a_condition_refuses_Start_without_tripping(TripCause cause)
    {
        _interlock.SetCondition(cause, true, "seen");
        _interlock.State.ShouldBe(InterlockState.Stopped);
        _interlock.Start(Some.Person)!.Code.ShouldBe(Codes.Of(cause));
    }

    [Fact]
    public void In_Stopped_a_request_trips()
    {
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _interlock.State.ShouldBe(InterlockState.Tripped);
        _interlock.Start(Some.Person)!.Code.ShouldBe("not-stopped");
    }

    [Fact]
    public void Five_rejects_in_a_row_trip_and_Reset_needs_an_answer()
    {
        Run();
        for (var i = 0; i < 4; i++) Apply(Verdict.Reject);
        Apply(Verdict.Pass);
        for (var i = 0; i < 4; i++) Apply(Verdict.Reject);
        _interlock.State.ShouldBe(InterlockState.Running);
        Apply(Verdict.Reject);
        _interlock.State.ShouldBe(InterlockState.Tripped);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.RejectsInARow);
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("answer-needed");
        _interlock.Reset(Some.Person, ResetAnswer.FalseRejects).ShouldBeNull();
        _transitions[^1].Answer.ShouldBe(ResetAnswer.FalseRejects);
    }

    [Fact]
    public void Counters_begin_at_zero_after_a_Reset()
    {
        Run();
        for (var i = 0; i < 5; i++) Apply(Verdict.Reject);
        _interlock.Reset(Some.Person, ResetAnswer.PartsReallyBad);
        Run();
        for (var i = 0; i < 4; i++) Apply(Verdict.Reject);
        _interlock.State.ShouldBe(InterlockState.Running);
    }

    [Fact]
    public void Three_Indeterminates_within_a_hundred_parts_trip_and_spread_wider_they_do_not()
    {
        Run();
        for (var round = 0; round < 10; round++)
        {
            Apply(Verdict.Indeterminate(VerdictReason.DarkFrame));
            for (var i = 0; i < 50; i++) Apply(Verdict.Pass);
        }
        _interlock.State.ShouldBe(InterlockState.Running);
        Apply(Verdict.Indeterminate(VerdictReason.DarkFrame));
        Apply(Verdict.Indeterminate(VerdictReason.BlurredFrame));
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.Indeterminates);
    }

    [Fact]
    public void Events_are_not_counted_in_Stopped()
    {
        for (var i = 0; i < 20; i++) Apply(Verdict.Reject);
        Run();
        _interlock.State.ShouldBe(InterlockState.Running);
    }

    [Theory]
    [InlineData(VerdictKind.Reject)]
    [InlineData(VerdictKind.Indeterminate)]
    public void Where_the_recipe_trips_on_reject_each_part_that_does_not_pass_trips(VerdictKind kind)
    {
        _interlock.Use(Some.Recipe with { Output = new PartOutput { Mode = OutputMode.TripOnReject } });
        Run();
        Apply(Verdict.Pass);
        _interlock.State.ShouldBe(InterlockState.Running);
        Apply(new Verdict(kind, VerdictReason.AboveThreshold));
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.PartNotPassed);
        _relay.Enabled.ShouldBeFalse();
    }

    [Fact]
    public void Unsure_parts_count_among_the_Indeterminates_that_trip()
    {
        Run();
        for (var i = 0; i < 3; i++)
        {
            _interlock.State.ShouldBe(InterlockState.Running);
            Apply(Verdict.Indeterminate(VerdictReason.Unsure));
        }
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.Indeterminates);
        _interlock.Snapshot.FirstOut!.Detail.ShouldContain("the last: unsure");
    }

    [Fact]
    public void A_verdict_after_its_deadline_is_Indeterminate_late()
    {
        Run();
        var trigger = Some.Trigger(_time);
        Advance(201);
        _interlock.Apply(Verdict.Pass, trigger, out _).ShouldBe(Verdict.Indeterminate(VerdictReason.Late));
        _interlock.State.ShouldBe(InterlockState.Running);
    }

    [Fact]
    public void Somebody_at_a_wired_button_starts_and_resets_conditions_but_answers_no_event()
    {
        var button = Who.AtButton("start-button");
        _interlock.Start(button).ShouldBeNull();
        _interlock.SetCondition(TripCause.CameraLost, true, "unplugged");
        _interlock.SetCondition(TripCause.CameraLost, false, "");
        _interlock.Reset(button, ResetAnswer.None).ShouldBeNull();
        _interlock.Start(button).ShouldBeNull();
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _interlock.Reset(button, ResetAnswer.None)!.Code.ShouldBe("answer-needed");
        _interlock.Reset(button, ResetAnswer.CauseRemoved)!.Code.ShouldBe("not-a-person");
    }

    [Fact]
    public void Inputs_that_are_read_no_more_open_the_relay_and_refuse_the_start_until_they_are_read_again()
    {
        void Beat(int times, bool read)
        {
            for (var i = 0; i < times; i++)
            {
                Advance(10);
                if (read) _interlock.InputsRead();
                _interlock.Turn();
                _interlock.TryBeat();
            }
        }
        Beat(1, read: true);
        _interlock.Start(Some.Operator).ShouldBeNull();
        Beat(50, read: true);
        _relay.Enabled.ShouldBeTrue();
        Beat(10, read: false);
        _relay.Enabled.ShouldBeTrue();
        Beat(1, read: false);
        _relay.Enabled.ShouldBeFalse();
        _interlock.Snapshot.FirstOut!.Detail.ShouldBe("e-stop, stop switch and key were not read for 110 ms");
        Beat(200, read: false);
        _interlock.Reset(Some.Operator, ResetAnswer.None)!.Code.ShouldBe("heartbeat-missed");
        Beat(101, read: true);
        _interlock.Reset(Some.Operator, ResetAnswer.None).ShouldBeNull();
        _interlock.Start(Some.Operator).ShouldBeNull();
    }

    [Fact]
    public async Task Of_two_resets_at_once_one_resets_and_the_other_is_told_that_there_is_nothing_to_reset()
    {
        for (var round = 0; round < 200; round++)
        {
            _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
            using var together = new Barrier(2);
            Failure? Reset(Who who, ResetAnswer answer)
            {
                together.SignalAndWait();
                return _interlock.Reset(who, answer);
            }
            var first = Task.Factory.StartNew(() => Reset(Some.Person, ResetAnswer.CauseRemoved), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var second = Reset(Some.Operator, ResetAnswer.FalseRejects);
            Failure?[] told = [await first, second];
            told.Count(f => f is null).ShouldBe(1);
            told.Single(f => f is not null)!.Code.ShouldBe("not-tripped");
            _interlock.State.ShouldBe(InterlockState.Stopped);
            _relay.Enabled.ShouldBeFalse();
        }
        _transitions.Count(t => t.To == InterlockState.Stopped).ShouldBe(200, "each is told once");
    }

    [Fact]
    public void The_level_is_written_for_every_part_changed_or_not()
    {
        Run();
        var before = _relay.Writes;
        for (var i = 0; i < 10; i++) Apply(Verdict.Pass);
        _relay.Writes.ShouldBe(before + 10);
        _interlock.Stop(Who.Anybody);
        before = _relay.Writes;
        Apply(Verdict.Pass);
        _relay.Writes.ShouldBe(before + 1);
        _relay.Enabled.ShouldBeFalse();
    }

    [Fact]
    public void Beats_are_earned_by_fresh_turns_and_missing_them_for_100_ms_trips()
    {
        Run();
        for (var i = 0; i < 50; i++)
        {
            _interlock.Turn();
            Advance(10);
            _interlock.TryBeat();
        }
        _relay.Beats.ShouldBe(50);

        var afterLastTurn = 0;
        while (_interlock.State == InterlockState.Running && afterLastTurn < 1000)
        {
            Advance(10);
            afterLastTurn += 10;
            _interlock.TryBeat();
        }
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.HeartbeatMissed);
        afterLastTurn.ShouldBeInRange(190, 210);
        _relay.Enabled.ShouldBeFalse();
    }

    [Fact]
    public void A_beat_thread_that_was_held_up_trips_too()
    {
        Run();
        Advance(150);
        _interlock.Turn();
        _interlock.TryBeat();
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.HeartbeatMissed);
    }

    [Fact]
    public void A_missed_heartbeat_is_gone_when_turns_have_been_fresh_for_a_second()
    {
        Run();
        Advance(150);
        _interlock.TryBeat();
        _interlock.Turn();
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("heartbeat-missed");
        for (var i = 0; i < 30; i++)
        {
            Advance(50);
            _interlock.Turn();
        }
        _interlock.Snapshot.Present.ShouldBeEmpty("the screen must not say that it is still there");
        _interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();
    }

    [Fact]
    public void A_refused_write_is_a_fault_that_only_maintenance_resets()
    {
        Run();
        _relay.Refuses = true;
        Apply(Verdict.Pass);
        _interlock.State.ShouldBe(InterlockState.Faulted);
        _interlock.Reset(Some.Operator, ResetAnswer.CauseRemoved)!.Code.ShouldBe("not-permitted");
        _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved)!.Code.ShouldBe("gpio-lost");
        _relay.Refuses = false;
        _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldBeNull();
        _interlock.State.ShouldBe(InterlockState.Stopped);
    }

    [Fact]
    public void The_first_out_stays_first_and_later_causes_follow()
    {
        Run();
        _interlock.SetCondition(TripCause.CameraLost, true, "no sign of life");
        _interlock.SetCondition(TripCause.EStop, true, "open");
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.CameraLost);
        _interlock.Snapshot.Later.Select(t => t.Cause).ShouldBe([TripCause.EStop, TripCause.Request]);
    }

    [Fact]
    public void Start_is_refused_with_the_obstacle_s_words()
    {
        _interlock.SetObstacle("set interlock.loopDeadline to at least 140 ms");
        _interlock.Start(Some.Person)!.Message.ShouldContain("140 ms");
    }

    [Fact]
    public void Every_transition_is_reported_with_who_and_cause()
    {
        Run();
        _interlock.SetCondition(TripCause.EStop, true, "open");
        _interlock.SetCondition(TripCause.EStop, false, "");
        _interlock.Reset(Some.Operator, ResetAnswer.None);
        _transitions.Select(t => (t.From, t.To)).ShouldBe(
        [
            (InterlockState.Stopped, InterlockState.Running),
            (InterlockState.Running, InterlockState.Tripped),
            (InterlockState.Tripped, InterlockState.Stopped),
        ]);
        _transitions[1].Cause.ShouldBe(TripCause.EStop);
        _transitions[2].Who.ShouldBe(Some.Operator);
    }
}
