using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests;

public sealed class BeltWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _held = [];
    private readonly Alarms _alarms;

    public BeltWatchTests()
    {
        _alarms = new(_time, static (_, _) => { });
        _time.Advance(TimeSpan.FromMinutes(1));
    }

    private bool Alarmed => _alarms.Active.Any(alarm => alarm is { Code: "interlock-bridged", Priority: AlarmPriority.High });

    private BeltWatch Watch(BeltSignal signal = BeltSignal.Contact, int runOut = 3)
        => new(new InterlockOptions { BeltSignal = signal, RunOut = TimeSpan.FromSeconds(runOut) }, _alarms, _held.Add, _time);

    private void See(BeltWatch watch, int milliseconds, bool active, bool pulsed = false, bool mayMove = false)
    {
        for (var i = 0; i < milliseconds; i += 5)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            watch.See(active, pulsed, mayMove);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void A_belt_that_moves_for_longer_than_its_run_out_is_told_and_holds_the_lot_once(int runOut)
    {
        var watch = Watch(runOut: runOut);
        See(watch, runOut * 1000, active: true);
        Alarmed.ShouldBeFalse();
        See(watch, 20, active: true);
        Alarmed.ShouldBeTrue();
        See(watch, 60_000, active: true);
        _held.ShouldHaveSingleItem().ShouldStartWith($"The belt has moved for {runOut}.0 s though the relay is open");
    }

    [Fact]
    public void It_is_over_when_the_belt_stands_and_told_anew_the_next_time()
    {
        var watch = Watch();
        See(watch, 3020, active: true);
        See(watch, 200, active: false);
        Alarmed.ShouldBeTrue();
        See(watch, 5, active: false);
        Alarmed.ShouldBeFalse();
        See(watch, 3020, active: true);
        Alarmed.ShouldBeTrue();
        _held.Count.ShouldBe(2);
        See(watch, 5, active: true, mayMove: true);
        Alarmed.ShouldBeFalse("a closed relay, or a bypass that is known, permits it");
    }

    [Fact]
    public void A_belt_that_runs_out_in_time_or_may_move_is_nothing()
    {
        var watch = Watch();
        See(watch, 60_000, active: true, mayMove: true);
        See(watch, 2_500, active: true);
        See(watch, 60_000, active: false);
        _held.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pulses_within_half_a_second_are_a_moving_belt_whatever_the_level_at_rest(bool restsActive)
    {
        var watch = Watch(BeltSignal.Pulses);
        See(watch, 10_000, active: restsActive);
        _held.ShouldBeEmpty();
        for (var i = 0; i < 9; i++)
        {
            See(watch, 5, active: i % 2 == 0, pulsed: true);
            See(watch, 400, active: restsActive);
        }
        Alarmed.ShouldBeTrue();
        See(watch, 705, active: restsActive);
        Alarmed.ShouldBeFalse();
    }

    [Fact]
    public void A_signal_that_flickers_neither_hides_a_moving_belt_nor_ends_its_alarm()
    {
        var watch = Watch();
        for (var i = 0; i < 18; i++)
        {
            See(watch, 5, active: true);
            See(watch, 180, active: false);
        }
        Alarmed.ShouldBeTrue();
        for (var i = 0; i < 100; i++)
        {
            See(watch, 5, active: true);
            See(watch, 200, active: false);
        }
        Alarmed.ShouldBeTrue();
        _held.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_belt_that_stood_for_less_than_200_ms_when_its_run_out_was_over_is_nothing()
    {
        var watch = Watch();
        See(watch, 2_900, active: true);
        See(watch, 60_000, active: false);
        _held.ShouldBeEmpty();
    }

    [Fact]
    public void Knocks_that_stand_200_ms_apart_are_no_moving_belt()
    {
        var watch = Watch();
        for (var i = 0; i < 100; i++)
        {
            See(watch, 5, active: true);
            See(watch, 205, active: false);
        }
        _held.ShouldBeEmpty();
    }

    [Fact]
    public void A_contact_that_flickers_once_is_no_moving_belt()
    {
        var watch = Watch();
        See(watch, 5, active: false, pulsed: true);
        See(watch, 60_000, active: false);
        _held.ShouldBeEmpty();
    }

    [Fact]
    public void Looking_allocates_nothing()
    {
        var watch = Watch();
        watch.See(true, true, true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) watch.See(i % 2 == 0, true, false);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(61)]
    public void The_run_out_has_its_range(double seconds)
    {
        var error = new InterlockOptions { RunOut = TimeSpan.FromSeconds(seconds) }.Errors().ShouldHaveSingleItem();
        (error.Name, error.Allowed).ShouldBe(("interlock.runOut", "0.5–60 s"));
    }
}
