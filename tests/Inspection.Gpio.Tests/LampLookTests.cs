using Inspection.Core;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Gpio.Tests;

public sealed class LampLookTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly GpioLines _lines;
    private readonly Interlock _interlock;
    private readonly Alarms _alarms;
    private readonly LampLook _lamps;
    private bool _asked;

    public LampLookTests()
    {
        _time.Advance(TimeSpan.FromHours(1));
        _lines = GpioLines.Open(new GpioOptions(), _time).Value!;
        _interlock = new Interlock(_time, _lines.Relay, new InterlockOptions { LoopDeadline = TimeSpan.FromSeconds(1) }, static _ => { });
        _interlock.SetObstacle(null);
        _alarms = new Alarms(_time, static (_, _) => { });
        _lamps = new LampLook(_lines.StackLight!, _interlock, () => _asked, _alarms, _time);
        Pass(1500);
    }

    public void Dispose() => _lines.Dispose();

    private string Lit
        => string.Join(" ", _lines.Simulation!.States().Where(line => line.Active && line.Name is (LineNames.StackYellow or LineNames.StackBlue or LineNames.Buzzer)).Select(line => line.Name));

    private void Pass(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i += 50)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            _interlock.Turn();
            _lamps.Look();
        }
    }

    [Fact]
    public void A_trip_lights_blue_until_the_reset_and_sounds_for_3_s_at_each_trip()
    {
        for (var i = 0; i < 2; i++)
        {
            _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
            Pass(2900);
            Lit.ShouldBe("stack-blue buzzer");
            Pass(200);
            Lit.ShouldBe("stack-blue");
            _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldBeNull();
            Pass(50);
            Lit.ShouldBe("");
        }
    }

    [Fact]
    public void Whoever_is_asked_for_something_else_is_shown_blue()
    {
        _asked = true;
        Pass(50);
        Lit.ShouldBe("stack-blue");
    }

    [Fact]
    public void Half_of_the_Indeterminates_that_trip_blink_yellow_and_a_start_forgets_them()
    {
        _interlock.Start(Some.Person).ShouldBeNull();
        _interlock.Apply(Verdict.Indeterminate(VerdictReason.Late), Some.Trigger(_time), out _);
        _interlock.ManyIndeterminates.ShouldBeFalse("one of three is less than half");
        _interlock.Apply(Verdict.Indeterminate(VerdictReason.Late), Some.Trigger(_time), out _);
        var seen = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            Pass(50);
            seen.Add(Lit);
        }
        seen.ShouldBe(["", "stack-yellow"], ignoreOrder: true);
        _interlock.Stop(Who.Anybody);
        Pass(50);
        _interlock.Start(Some.Person).ShouldBeNull();
        _interlock.ManyIndeterminates.ShouldBeFalse();
    }

    [Fact]
    public void A_lamp_that_does_not_obey_is_told_and_the_others_go_on()
    {
        _lines.Simulation!.Break(LineNames.StackYellow, true);
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        Pass(50);
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("lamps-failed");
        Lit.ShouldBe("stack-blue buzzer");
        _lines.Simulation.Break(LineNames.StackYellow, false);
        Pass(50);
        _alarms.Active.ShouldBeEmpty();
    }

    [Fact]
    public void The_lamps_are_dark_when_the_lines_are_released()
    {
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        Pass(50);
        _lines.Dispose();
        Lit.ShouldBe("");
    }

    [Fact]
    public void Looking_allocates_nothing()
    {
        for (var i = 0; i < 10; i++) _lamps.Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _lamps.Look();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
