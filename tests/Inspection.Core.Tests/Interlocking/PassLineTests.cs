using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Interlocking;

public sealed class PassLineTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeRelay _relay = new();
    private readonly Interlock _interlock;

    public PassLineTests()
    {
        _interlock = new(_time, _relay, new InterlockOptions(), _ => { });
        _interlock.SetObstacle(null);
        _interlock.Start(Some.Person);
    }

    private void Advance(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _interlock.Turn();
        _interlock.TryBeat();
    }

    private long Trigger()
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _interlock.Triggered(_time.GetTimestamp());
        return _time.GetTimestamp();
    }

    [Fact]
    public void A_durable_Pass_gives_one_pulse_of_the_recipe_s_length()
    {
        var triggered = Trigger();
        _interlock.PermitPass(triggered, true).ShouldBeTrue();
        _relay.PassActive.ShouldBeTrue();
        Advance(20);
        _relay.PassActive.ShouldBeTrue();
        Advance(10);
        _relay.PassActive.ShouldBeFalse();
        _relay.Pulses.ShouldBe(1);
    }

    [Fact]
    public void It_is_withheld_after_the_part_s_deadline()
    {
        var triggered = Trigger();
        Advance(90);
        Advance(90);
        Advance(20);
        _interlock.PermitPass(triggered, true).ShouldBeFalse();
        _relay.Pulses.ShouldBe(0);
    }

    [Fact]
    public void It_is_withheld_once_the_next_part_has_come()
    {
        var triggered = Trigger();
        Trigger();
        _interlock.PermitPass(triggered, true).ShouldBeFalse();
        _relay.PassActive.ShouldBeFalse();
    }

    [Fact]
    public void The_next_trigger_ends_it()
    {
        _interlock.PermitPass(Trigger(), true).ShouldBeTrue();
        Trigger();
        _relay.PassActive.ShouldBeFalse();
    }

    [Fact]
    public void Any_trip_ends_it()
    {
        _interlock.PermitPass(Trigger(), true).ShouldBeTrue();
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _relay.PassActive.ShouldBeFalse();
    }

    [Fact]
    public void It_is_low_in_every_other_state()
    {
        var triggered = Trigger();
        _interlock.Stop(Who.Anybody);
        _interlock.PermitPass(triggered, true).ShouldBeFalse();
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _interlock.PermitPass(triggered, true).ShouldBeFalse();
        _relay.Pulses.ShouldBe(0);
    }

    [Fact]
    public void There_is_none_where_the_recipe_trips_on_reject()
    {
        _interlock.Stop(Who.Anybody);
        _interlock.Use(Some.Recipe with { Output = new PartOutput { Mode = OutputMode.TripOnReject } }).ShouldBeTrue();
        _interlock.Start(Some.Person);
        _interlock.PermitPass(Trigger(), true).ShouldBeFalse();
    }
}
