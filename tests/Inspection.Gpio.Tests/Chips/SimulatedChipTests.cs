using System.Device.Gpio;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Gpio.Tests;

public sealed class SimulatedChipTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly GpioLines _lines;

    public SimulatedChipTests() => _lines = GpioLines.Open(new GpioOptions(), _time).Value!;

    public void Dispose() => _lines.Dispose();

    private SimulatedChip Chip => _lines.Simulation!;

    private void Beat(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _lines.Relay.Beat();
            _time.Advance(BeatThread.Period);
        }
    }

    private void Settle() => _time.Advance(SimulatedRelay.ContactDelay);

    private bool Shown(string name) => Chip.States().Single(line => line.Name == name).Active;

    [Fact]
    public void A_fresh_chip_has_all_contacts_at_rest_and_the_relay_open()
    {
        Chip.States().Where(line => line.Active).Select(line => line.Name).ShouldBe([LineNames.StackRed]);
        Chip.States().Where(line => line.IsInput).Select(line => line.Name).ShouldBe(LineNames.Inputs.Except([LineNames.KeyOpening, LineNames.RelayFeedback]));
    }

    [Fact]
    public void The_relay_needs_its_level_and_the_heartbeat()
    {
        _lines.Relay.Energize();
        Chip.RelayClosed.ShouldBeFalse();
        Beat(2);
        Chip.RelayClosed.ShouldBeTrue();
        (Shown("relay"), Shown("stack-green"), Shown("stack-red"), Shown("heartbeat")).ShouldBe((true, true, false, true));
        _lines.Relay.DeEnergize();
        Settle();
        Chip.RelayClosed.ShouldBeFalse();
    }

    [Fact]
    public void A_heartbeat_alone_does_not_close_the_relay()
    {
        Beat(50);
        Chip.RelayClosed.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_watchdog_lets_the_relay_drop_190_ms_after_the_last_edge_at_either_level(int edges)
    {
        _lines.Relay.Energize();
        for (var i = 0; i < edges; i++) _lines.Relay.Beat();
        _time.Advance(TimeSpan.FromMilliseconds(189));
        Chip.RelayClosed.ShouldBeTrue();
        Settle();
        Chip.RelayClosed.ShouldBeTrue("the contact follows the coil");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Chip.RelayClosed.ShouldBeFalse();
        Chip.Level(LineNames.RelayEnable).ShouldBeTrue();
    }

    [Fact]
    public void The_stop_switch_breaks_the_coil_current_whatever_the_outputs_say()
    {
        _lines.Relay.Energize();
        Beat(2);
        Chip.SetInput(LineNames.StopSwitch, true);
        Settle();
        Chip.RelayClosed.ShouldBeFalse();
        Chip.SetInput(LineNames.StopSwitch, false);
        Settle();
        Chip.RelayClosed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(RelayDefect.Welded, true)]
    [InlineData(RelayDefect.Open, false)]
    public void A_spoiled_relay_and_its_feedback_stay_as_they_are(RelayDefect defect, bool closed)
    {
        Chip.Spoil(defect);
        _lines.Relay.PulledIn.ShouldBe(closed);
        _lines.Relay.Energize();
        Beat(5);
        Chip.RelayClosed.ShouldBe(closed);
        Chip.Spoil(RelayDefect.None);
        Chip.RelayClosed.ShouldBeTrue();
    }

    [Fact]
    public void The_feedback_follows_the_relay()
    {
        var feedback = _lines.Map[LineNames.RelayFeedback];
        _lines.IsActive(feedback).ShouldBeFalse();
        _lines.Relay.Energize();
        Beat(2);
        _lines.IsActive(feedback).ShouldBeTrue();
        Chip.Level(LineNames.RelayFeedback).ShouldBe(feedback.LevelOf(true));
    }

    [Theory]
    [InlineData(LineNames.EStop, true)]
    [InlineData(LineNames.StopSwitch, true)]
    [InlineData(LineNames.Key, false)]
    public void A_cut_wire_reads_as_pressed_but_never_as_a_turned_key(string name, bool active)
    {
        Chip.CutWire(name);
        _lines.IsActive(_lines.Map[name]).ShouldBe(active);
    }

    [Theory]
    [InlineData("relay-enable")]
    [InlineData("relay-feedback")]
    [InlineData("key-nc")]
    [InlineData("relay")]
    [InlineData("nonsense")]
    public void Nobody_works_an_output_or_the_feedback_from_the_screen(string name)
        => Should.Throw<ArgumentException>(() => Chip.SetInput(name, true));

    private LineEdge[] Edges(string name, int room = 8)
    {
        var into = new LineEdge[room];
        return into[.._lines.TakeEdges(_lines.Map[name], into)];
    }

    [Fact]
    public void Working_a_contact_makes_edges_at_the_chips_clock()
    {
        Chip.SetInput(LineNames.EStop, true);
        var pressed = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(3));
        Chip.SetInput(LineNames.EStop, false);
        Chip.SetInput(LineNames.EStop, false);
        Edges(LineNames.EStop).ShouldBe([new(pressed, false, 0), new(_time.GetTimestamp(), true, 0)]);
        Edges(LineNames.EStop).ShouldBeEmpty();
        Edges(LineNames.StopSwitch).ShouldBeEmpty();
    }

    [Fact]
    public void The_key_makes_an_edge_at_both_contacts_and_a_cut_wire_at_one()
    {
        Chip.SetInput(LineNames.Key, true);
        (Edges(LineNames.Key).Length, Edges(LineNames.KeyOpening).Length).ShouldBe((1, 1));
        Chip.CutWire(LineNames.Key);
        (Edges(LineNames.Key).Length, Edges(LineNames.KeyOpening).Length).ShouldBe((1, 0));
    }

    [Fact]
    public void Edges_that_nobody_takes_are_counted_and_the_newest_are_kept()
    {
        for (var i = 0; i < 300; i++) Chip.SetInput(LineNames.Key, i % 2 == 0);
        Edges(LineNames.Key, 100).Select(edge => edge.Lost).ShouldBe([44, .. Enumerable.Repeat(0, 99)]);
        Edges(LineNames.Key, 300).Length.ShouldBe(156);
    }

    [Fact]
    public void An_output_has_no_edges() => Should.Throw<InvalidOperationException>(() => Edges(LineNames.Pass));

    [Fact]
    public void Taking_edges_allocates_nothing()
    {
        var into = new LineEdge[8];
        var key = _lines.Map[LineNames.Key];
        Chip.SetInput(LineNames.Key, true);
        _lines.TakeEdges(key, into);
        for (var i = 0; i < 100; i++) Chip.SetInput(LineNames.Key, i % 2 == 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) _lines.TakeEdges(key, into);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void The_panel_shows_and_works_every_line_of_its_map()
    {
        var states = Chip.States();
        states.Select(line => line.Name).ShouldBe(
            [LineNames.Relay, LineNames.StackGreen, LineNames.StackRed, .. LineNames.Outputs, .. LineNames.Inputs.Except([LineNames.KeyOpening, LineNames.RelayFeedback])]);
        foreach (var line in states.Where(line => line.IsInput)) Chip.SetInput(line.Name, true);
        Chip.States().ShouldAllBe(line => line.Active == (line.IsInput || line.Name == LineNames.StackRed));
    }

    [Fact]
    public void A_line_told_to_fail_refuses_and_heals()
    {
        Chip.Break(LineNames.RelayEnable, true);
        Should.Throw<IOException>(_lines.Relay.Energize);
        Should.NotThrow(_lines.Relay.Beat);
        Chip.Break(LineNames.RelayEnable, false);
        Should.NotThrow(_lines.Relay.Energize);
    }

    [Fact]
    public void A_released_line_refuses_and_its_output_is_at_rest()
    {
        _lines.Relay.Energize();
        _lines.Dispose();
        Chip.Level(LineNames.RelayEnable).ShouldBeFalse();
        Should.Throw<IOException>(_lines.Relay.Energize);
    }

    [Fact]
    public void It_is_a_driver_for_any_controller()
    {
        using var controller = new GpioController(new SimulatedChip(PinMap.Default, _time));
        var pin = controller.OpenPin(PinMap.Default[LineNames.Pass].Line, PinMode.Output, PinValue.Low);
        pin.Write(PinValue.High);
        pin.Read().ShouldBe(PinValue.High);
        pin.GetPinMode().ShouldBe(PinMode.Output);
        Should.Throw<NotSupportedException>(() => pin.ValueChanged += (_, _) => { });
        Should.Throw<InvalidOperationException>(() => controller.SetPinMode(pin.PinNumber, (PinMode)99));
    }

    [Fact]
    public async Task Screens_and_threads_may_use_it_at_once()
    {
        _lines.Relay.Energize();
        var key = _lines.Map[LineNames.Key];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                if (n == 0) _lines.Relay.Beat();
                else if (n == 1) Chip.SetInput(LineNames.Key, i % 2 == 0);
                else if (n == 2) _lines.IsActive(key);
                else Chip.States().Count.ShouldBe(26);
            }
        }, TestContext.Current.CancellationToken)));
        Shown("key").ShouldBeFalse();
        Settle();
        Chip.RelayClosed.ShouldBeTrue();
    }
}
