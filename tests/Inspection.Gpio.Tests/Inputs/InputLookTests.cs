using Inspection.Core;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Gpio.Tests;

/// <summary>The inputs look by look, without a thread.</summary>
public sealed class InputLookTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<InterlockTransition> _transitions = [];
    private readonly GpioLines _lines;
    private readonly Interlock _interlock;
    private readonly Alarms _alarms;
    private readonly List<string> _held = [];
    private readonly InputLook _inputs;

    public InputLookTests()
    {
        _time.Advance(TimeSpan.FromHours(1));
        _lines = GpioLines.Open(new GpioOptions(), _time).Value!;
        _interlock = new Interlock(_time, _lines.Relay, new InterlockOptions(), _transitions.Add);
        _alarms = new Alarms(_time, static (_, _) => { });
        _inputs = Inputs();
        _inputs.Look();
        Wait(1500);
        _interlock.SetObstacle(null);
    }

    public void Dispose() => _lines.Dispose();

    private InputLook Inputs()
        => new(_lines, _interlock, _alarms, new BeltWatch(new(), _alarms, _held.Add, _time), new CabinetBridge(_alarms, _held.Add, _time, null));

    private SimulatedChip Chip => _lines.Simulation!;

    private Alarm? Refusal => _alarms.Active.SingleOrDefault(alarm => alarm.Code == "button-refused");

    private void Wait(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i += 5)
        {
            _time.Advance(InputReader.Period);
            _interlock.Turn();
            if (i % 10 == 0) _interlock.TryBeat();
            _inputs.Look();
        }
    }

    private void Press(string name, int milliseconds)
    {
        Chip.SetInput(name, true);
        Wait(milliseconds);
        Chip.SetInput(name, false);
        Wait(5);
    }

    [Theory]
    [InlineData(LineNames.EStop, TripCause.EStop)]
    [InlineData(LineNames.StopSwitch, TripCause.StopSwitch)]
    public void A_press_that_comes_and_goes_between_two_readings_trips_and_says_so(string name, TripCause cause)
    {
        _interlock.Start(Some.Person).ShouldBeNull();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Chip.SetInput(name, true);
        _time.Advance(TimeSpan.FromMilliseconds(0.5));
        Chip.SetInput(name, false);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        _inputs.Look();
        _interlock.State.ShouldBe(InterlockState.Tripped);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(cause);
        _interlock.Snapshot.FirstOut.Detail.ShouldEndWith("it changed 2.5 ms before it was read, and was released again by then");
    }

    [Fact]
    public void A_pulse_of_which_the_kernel_saw_only_the_level_after_it_trips_too()
    {
        // Shorter than its interrupt: the kernel reads the level when it is released already.
        var contact = new StopContact(_lines, _lines.Map[LineNames.EStop], "pressed");
        contact.Look([new(_time.GetTimestamp(), true, 0)], _time.GetTimestamp());
        contact.Pressed.ShouldBeTrue();
    }

    [Fact]
    public void A_switch_counts_as_released_20_ms_after_its_last_edge()
    {
        Chip.SetInput(LineNames.EStop, true);
        Wait(50);
        for (var i = 0; i < 5; i++)
        {
            Chip.SetInput(LineNames.EStop, i % 2 == 1);
            Wait(5);
        }
        Wait(10);
        _interlock.Snapshot.Present.ShouldBe([TripCause.EStop]);
        Wait(10);
        _interlock.Snapshot.Present.ShouldBeEmpty();
    }

    [Fact]
    public void A_contact_that_bounces_at_1_kHz_refuses_Start_and_looks_the_same_at_every_reading()
    {
        for (var look = 0; look < 30; look++)
        {
            for (var i = 0; i < 10; i++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(0.5));
                Chip.SetInput(LineNames.Key, i % 2 == 0);
            }
            _interlock.Turn();
            _inputs.KeyTurned.ShouldBeFalse();
            _inputs.Look();
        }
        _interlock.Start(Some.Person)!.Code.ShouldBe("input-bouncing");
        Wait(600);
        _interlock.Start(Some.Person).ShouldBeNull();
    }

    [Fact]
    public void The_start_button_starts_when_it_is_released_and_says_that_it_was_a_button()
    {
        Chip.SetInput(LineNames.StartButton, true);
        Wait(500);
        _interlock.State.ShouldBe(InterlockState.Stopped);
        Chip.SetInput(LineNames.StartButton, false);
        Wait(5);
        _interlock.State.ShouldBe(InterlockState.Running);
        _transitions[^1].Who.ShouldBe(Who.AtButton("start-button"));
    }

    [Theory]
    [InlineData(45, false)]
    [InlineData(50, true)]
    [InlineData(3000, true)]
    [InlineData(3005, false)]
    public void A_press_counts_from_50_ms_to_3_s(int milliseconds, bool starts)
    {
        Press(LineNames.StartButton, milliseconds);
        (_interlock.State == InterlockState.Running).ShouldBe(starts);
        (Refusal is not null).ShouldBe(milliseconds > 3000);
    }

    [Fact]
    public void A_button_that_is_taped_down_never_starts_and_neither_does_its_release()
    {
        Press(LineNames.StartButton, 60_000);
        _interlock.State.ShouldBe(InterlockState.Stopped);
        Refusal!.Message.ShouldContain("start-button: It was held for more than 3 s");
    }

    [Fact]
    public void A_button_that_was_pressed_before_the_program_started_does_nothing()
    {
        Chip.SetInput(LineNames.StartButton, true);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        var later = Inputs();
        later.Look();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Chip.SetInput(LineNames.StartButton, false);
        _interlock.Turn();
        later.Look();
        _interlock.State.ShouldBe(InterlockState.Stopped);
    }

    [Fact]
    public void A_press_of_which_edges_were_lost_does_nothing()
    {
        var button = new PushButton(_lines.Map[LineNames.StartButton], _time);
        var now = _time.GetTimestamp();
        var held = TimeSpan.FromMilliseconds(100).Ticks * _time.TimestampFrequency / TimeSpan.TicksPerSecond;
        button.See([new(now, true, 0), new(now + held, false, 2)]).ShouldBe(Gpio.Press.None);
        button.See([new(now + held, true, 0), new(now + held + held, false, 0)]).ShouldBe(Gpio.Press.Counts);
    }

    [Fact]
    public void The_reset_button_resets_a_condition_that_is_gone_and_starts_nothing()
    {
        Press(LineNames.StartButton, 100);
        Press(LineNames.EStop, 100);
        Wait(1500);
        _interlock.State.ShouldBe(InterlockState.Tripped);
        Press(LineNames.ResetButton, 100);
        _interlock.State.ShouldBe(InterlockState.Stopped);
        _transitions[^1].Who.ShouldBe(Who.AtButton("reset-button"));
        Wait(5000);
        Chip.RelayClosed.ShouldBeFalse();
    }

    [Fact]
    public void A_refused_press_is_told_until_one_succeeds_or_30_s_are_over()
    {
        Press(LineNames.ResetButton, 100);
        Refusal!.Message.ShouldBe("reset-button: The interlock is Stopped; there is nothing to reset.");
        Chip.SetInput(LineNames.EStop, true);
        Press(LineNames.StartButton, 100);
        Refusal.Message.ShouldContain("start-button: e-stop is still present");
        Wait(29_000);
        Refusal.ShouldNotBeNull();
        Wait(1_000);
        Refusal.ShouldBeNull();
        Press(LineNames.StartButton, 100);
        Refusal.ShouldNotBeNull();
        Chip.SetInput(LineNames.EStop, false);
        Wait(1500);
        Press(LineNames.StartButton, 100);
        _interlock.State.ShouldBe(InterlockState.Running);
        Refusal.ShouldBeNull();
    }

    [Fact]
    public void Start_and_e_stop_in_one_look_start_nothing()
    {
        Chip.SetInput(LineNames.StartButton, true);
        Wait(100);
        Chip.SetInput(LineNames.StartButton, false);
        Chip.SetInput(LineNames.EStop, true);
        Wait(5);
        _interlock.State.ShouldBe(InterlockState.Stopped);
        _transitions.ShouldBeEmpty();
    }

    [Fact]
    public void A_belt_that_moves_on_beside_an_open_relay_is_told_unless_the_cabinets_bridge_is_known()
    {
        Chip.SetInput(LineNames.LineRunning, true);
        Press(LineNames.StartButton, 100);
        Wait(10_000);
        _held.ShouldBeEmpty("the relay is closed");
        _interlock.Stop(Who.Anybody);
        Wait(2_995);
        _held.ShouldBeEmpty("it runs out");
        Wait(15);
        _held.ShouldHaveSingleItem().ShouldContain("no bypass is known");
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("interlock-bridged");
        Chip.SetInput(LineNames.Bridge, true);
        Wait(200);
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("interlock-bridged");
        Wait(5);
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("bridge-closed");
        _held.Count.ShouldBe(2);
        Wait(60_000);
        _held.Count.ShouldBe(2);
    }

    [Fact]
    public void A_station_without_buttons_belt_bridge_gate_and_lamps_looks_at_the_rest()
    {
        using var lines = GpioLines.Open(() => new SimulatedChip(Maps.Least, _time), Maps.Least).Value!;
        (lines.StackLight, lines.Gate).ShouldBe((null, null));
        var inputs = new InputLook(lines, _interlock, _alarms, new BeltWatch(new(), _alarms, _held.Add, _time), new CabinetBridge(_alarms, _held.Add, _time, null));
        lines.Simulation!.SetInput(LineNames.StopSwitch, true);
        inputs.Look();
        _interlock.Snapshot.Present.ShouldBe([TripCause.StopSwitch]);
        _held.ShouldBeEmpty();
    }

    [Fact]
    public void Looking_allocates_nothing_while_nothing_changes()
    {
        for (var i = 0; i < 10; i++) _inputs.Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _inputs.Look();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
