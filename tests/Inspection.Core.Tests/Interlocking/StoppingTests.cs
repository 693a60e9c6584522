using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Interlocking;

/// <summary>Stop category 1 of a recipe: the part in the zone leaves before the relay opens.</summary>
public sealed class StoppingTests
{
    private static readonly StopRules RunsOut = new() { Category = 1, RunOut = TimeSpan.FromMilliseconds(400) };

    private readonly FakeTimeProvider _time = new();
    private readonly FakeRelay _relay = new();
    private readonly List<InterlockTransition> _transitions = [];
    private readonly Interlock _interlock;

    public StoppingTests()
    {
        _interlock = new(_time, _relay, new InterlockOptions(), _transitions.Add);
        _interlock.SetObstacle(null);
        _interlock.Use(Some.Recipe with { Stop = RunsOut });
        Beat();
        _interlock.Start(Some.Person).ShouldBeNull();
    }

    private void Beat(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            _interlock.Turn();
            _interlock.TryBeat();
        }
    }

    private long Trigger()
    {
        Beat();
        _interlock.Triggered(_time.GetTimestamp());
        return _time.GetTimestamp();
    }

    [Fact]
    public void A_cause_opens_the_relay_only_after_the_run_out_and_stands_on_the_screen_from_the_first_moment()
    {
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _relay.Enabled.ShouldBeTrue();
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.Request);
        _interlock.Snapshot.StoppingSince.ShouldNotBeNull();
        Beat(39);
        _relay.Enabled.ShouldBeTrue();
        Beat();
        _relay.Enabled.ShouldBeFalse();
        _interlock.State.ShouldBe(InterlockState.Tripped);
        _interlock.Snapshot.StoppingSince.ShouldBeNull();
        _transitions[^2].ShouldSatisfyAllConditions(
            t => (t.From, t.To, t.Cause).ShouldBe((InterlockState.Running, InterlockState.Running, TripCause.Request)),
            t => t.Detail.ShouldBe("stops once the zone is empty, within 400 ms: asked"),
            t => t.Who.ShouldBe(Who.Plant("mes")));
        _transitions[^1].ShouldSatisfyAllConditions(
            t => t.Cause.ShouldBe(TripCause.Request), t => t.Detail.ShouldBe("asked; its time is over"), t => t.Who.ShouldBe(Who.Plant("mes")));
    }

    [Fact]
    public void An_empty_zone_ends_the_wait()
    {
        _interlock.ZoneLeft();
        _relay.Enabled.ShouldBeTrue("nothing stops");
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _interlock.ZoneLeft();
        _interlock.State.ShouldBe(InterlockState.Tripped);
        _relay.Enabled.ShouldBeFalse();
    }

    [Theory]
    [InlineData(TripCause.EStop)]
    [InlineData(TripCause.StopSwitch)]
    [InlineData(TripCause.ClockStoodStill)]
    [InlineData(TripCause.InputBouncing)]
    public void Switches_and_what_cannot_be_trusted_open_at_once_also_while_another_stop_waits(TripCause cause)
    {
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _interlock.SetCondition(cause, true, "seen");
        _relay.Enabled.ShouldBeFalse();
        _interlock.State.ShouldBe(InterlockState.Tripped);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.Request, "it came first");
        _interlock.Snapshot.Later.Single().Cause.ShouldBe(cause);
        _transitions[^1].Cause.ShouldBe(TripCause.Request);
        _transitions[^1].Detail.ShouldBe($"asked; then {Codes.Of(cause)}: seen");
    }

    [Fact]
    public void A_switch_alone_opens_at_once()
    {
        _interlock.SetCondition(TripCause.StopSwitch, true, "pressed");
        _relay.Enabled.ShouldBeFalse();
    }

    [Fact]
    public void A_fault_opens_at_once()
    {
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _interlock.Fault(TripCause.GpioLost, "gone");
        _relay.Enabled.ShouldBeFalse();
        _interlock.State.ShouldBe(InterlockState.Faulted);
    }

    [Fact]
    public void Stale_evidence_opens_at_once()
    {
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        for (var i = 0; i < 21; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            _interlock.TryBeat();
        }
        _relay.Enabled.ShouldBeFalse();
        _interlock.Snapshot.Later.Select(t => t.Cause).ShouldContain(TripCause.HeartbeatMissed);
    }

    [Fact]
    public void A_persons_Stop_waits_once_and_a_second_one_does_not()
    {
        _interlock.Stop(Some.Operator).ShouldBeNull();
        _relay.Enabled.ShouldBeTrue();
        _interlock.Stop(Some.Operator).ShouldBeNull();
        _relay.Enabled.ShouldBeFalse();
        _interlock.State.ShouldBe(InterlockState.Stopped);
    }

    [Fact]
    public void The_stations_own_end_does_not_wait()
    {
        _interlock.Stop(Who.Station).ShouldBeNull();
        _relay.Enabled.ShouldBeFalse();
    }

    [Fact]
    public void A_cause_that_comes_while_a_persons_Stop_waits_trips()
    {
        _interlock.Stop(Some.Operator).ShouldBeNull();
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        Beat(40);
        _interlock.State.ShouldBe(InterlockState.Tripped);
        _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldBeNull();
    }

    [Fact]
    public void A_cause_that_goes_while_the_stop_waits_still_trips()
    {
        _interlock.SetCondition(TripCause.CameraLost, true, "unplugged");
        _interlock.SetCondition(TripCause.CameraLost, false, "");
        Beat(40);
        _interlock.State.ShouldBe(InterlockState.Tripped);
    }

    [Fact]
    public void The_part_in_the_zone_may_still_pass_and_one_that_comes_later_may_not()
    {
        var before = Trigger();
        Beat();
        _interlock.Stop(Some.Operator).ShouldBeNull();
        _interlock.PermitPass(before, true).ShouldBeTrue();
        _interlock.PermitPass(Trigger(), true).ShouldBeFalse();
        _relay.PassActive.ShouldBeFalse("a new part clears the pulse of the one before");
    }

    [Fact]
    public void Nothing_starts_or_resets_while_it_waits()
    {
        _interlock.Stop(Some.Operator).ShouldBeNull();
        _interlock.Start(Some.Person)!.Code.ShouldBe("not-stopped");
        _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved)!.Code.ShouldBe("not-tripped");
        Beat(40);
        _interlock.Start(Some.Person).ShouldBeNull();
        _interlock.Snapshot.StoppingSince.ShouldBeNull();
    }

    [Fact]
    public void A_bypass_ends_at_once()
    {
        _interlock.Stop(Who.Station);
        _interlock.SetKey(true, true);
        _interlock.Bypass(Some.Person, new(TripCause.CameraLost, "lens is cleaned", BypassRequest.Usual)).ShouldBeNull();
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _relay.Enabled.ShouldBeFalse();
    }

    [Fact]
    public void A_bad_part_that_nothing_but_the_stop_holds_back_opens_at_once()
    {
        _interlock.Trip(TripCause.NotDiverted, "sequence 12", Who.Station);
        _relay.Enabled.ShouldBeFalse();
        TripCauses.MayRunOut(TripCause.PartNotPassed).ShouldBeFalse();
        (Some.Recipe with { Stop = RunsOut, Output = new PartOutput { Mode = OutputMode.TripOnReject } }).Errors().Single().Name.ShouldBe("recipe.stop.category");
    }

    [Fact]
    public void One_stop_of_category_1_counts_once_towards_the_call_for_the_setter()
    {
        var alarms = new Alarms(_time, (_, _) => { });
        var repeated = new RepeatedTrips(alarms, _time);
        for (var i = 0; i < 2; i++)
        {
            _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
            Beat(40);
            _interlock.Reset(Some.Operator, ResetAnswer.CauseRemoved).ShouldBeNull();
            _interlock.Start(Some.Operator).ShouldBeNull();
        }
        _transitions.ForEach(repeated.See);
        alarms.Active.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(-1, 1000, "recipe.stop.category")]
    [InlineData(2, 1000, "recipe.stop.category")]
    [InlineData(1, 99, "recipe.stop.runOut")]
    [InlineData(1, 10_001, "recipe.stop.runOut")]
    public void Rules_out_of_range_are_refused(int category, int milliseconds, string name)
        => (Some.Recipe with { Stop = new StopRules { Category = category, RunOut = TimeSpan.FromMilliseconds(milliseconds) } }).Errors().Single().Name.ShouldBe(name);
}
