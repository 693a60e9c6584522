using Inspection.Core;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Gpio.Tests;

public sealed class InputReaderTests : IDisposable
{
    private static readonly TimeProvider Time = TimeProvider.System;

    // The threads run by the real clock; the line's moves on by one period a beat, so that a busy machine misses none.
    private readonly FakeTimeProvider _line = new();
    private readonly GpioLines _lines;
    private readonly Interlock _interlock;
    private readonly Ticker _beat;

    public InputReaderTests()
    {
        _lines = GpioLines.Open(new GpioOptions(), _line).Value!;
        _interlock = new Interlock(_line, _lines.Relay, new InterlockOptions(), _ => { });
        _interlock.SetObstacle(null);
        _interlock.Turn();
        _beat = new Ticker("beat", BeatThread.Period, Time, Beat);
    }

    private void Beat()
    {
        _line.Advance(BeatThread.Period);
        _interlock.Turn();
        _interlock.TryBeat();
    }

    public void Dispose()
    {
        _beat.Dispose();
        _lines.Dispose();
    }

    private InputReader Read()
    {
        var alarms = new Alarms(_line, static (_, _) => { });
        return new(_lines, _interlock, alarms, new BeltWatch(new(), alarms, static _ => { }, _line), new CabinetBridge(alarms, static _ => { }, _line, null), Time);
    }

    private SimulatedChip Chip => _lines.Simulation!;

    [Theory]
    [InlineData(LineNames.EStop, TripCause.EStop)]
    [InlineData(LineNames.StopSwitch, TripCause.StopSwitch)]
    public async Task A_pressed_switch_trips_and_its_release_starts_nothing(string name, TripCause cause)
    {
        using var reader = Read();
        _interlock.Start(Some.Person).ShouldBeNull();
        await Eventually.Holds(() => Chip.RelayClosed);

        Chip.SetInput(name, true);
        await Eventually.Holds(() => _interlock.State == InterlockState.Tripped);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(cause);
        await Eventually.Holds(() => !Chip.RelayClosed);
        _interlock.Reset(Some.Person, ResetAnswer.None).ShouldNotBeNull().Message.ShouldContain("still present");

        Chip.SetInput(name, false);
        await Eventually.Holds(() => _interlock.Snapshot.Present.Count == 0);
        _interlock.State.ShouldBe(InterlockState.Tripped);
        Chip.RelayClosed.ShouldBeFalse();
        _interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();
        _interlock.State.ShouldBe(InterlockState.Stopped);
    }

    [Theory]
    [InlineData(LineNames.EStop)]
    [InlineData(LineNames.StopSwitch)]
    public async Task A_cut_wire_trips(string name)
    {
        using var reader = Read();
        _interlock.Start(Some.Person).ShouldBeNull();
        Chip.CutWire(name);
        await Eventually.Holds(() => _interlock.State == InterlockState.Tripped);
    }

    [Fact]
    public void A_switch_that_was_pressed_before_the_start_refuses_it_at_once()
    {
        Chip.SetInput(LineNames.EStop, true);
        using var reader = Read();
        _interlock.Start(Some.Person)!.Code.ShouldBe("e-stop");
    }

    [Fact]
    public async Task Turning_the_key_is_seen_and_does_nothing()
    {
        using var reader = Read();
        Chip.SetInput(LineNames.Key, true);
        await Eventually.Holds(() => reader.KeyTurned);
        _interlock.State.ShouldBe(InterlockState.Stopped);
        Chip.RelayClosed.ShouldBeFalse();
    }

    [Theory]
    [InlineData(LineNames.Key, true)]
    [InlineData(LineNames.KeyOpening, false)]
    public async Task A_cut_wire_of_the_key_is_Faulted_until_both_contacts_agree_again(string cut, bool turned)
    {
        using var reader = Read();
        Chip.SetInput(LineNames.Key, turned);
        await Eventually.Holds(() => reader.KeyTurned == turned);
        Chip.CutWire(cut);
        await Eventually.Holds(() => _interlock.State == InterlockState.Faulted);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.KeyChannels);
        reader.KeyTurned.ShouldBeFalse();
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("key-channels");
        Chip.SetInput(LineNames.Key, turned);
        await Eventually.Holds(() => _interlock.Reset(Some.Person, ResetAnswer.None) is null);
    }

    [Fact]
    public async Task Inputs_that_cannot_be_read_are_a_fault_that_is_not_reset_before_they_can()
    {
        using var reader = Read();
        _interlock.Start(Some.Person).ShouldBeNull();
        Chip.Break(LineNames.EStop, true);
        await Eventually.Holds(() => _interlock.State == InterlockState.Faulted && _interlock.Snapshot.Present.Count == 1);
        Chip.Level(LineNames.RelayEnable).ShouldBeFalse();
        _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldNotBeNull();

        Chip.Break(LineNames.EStop, false);
        await Eventually.Holds(() => _interlock.Snapshot.Present.Count == 0);
        _interlock.Reset(Some.Operator, ResetAnswer.CauseRemoved)!.Code.ShouldBe("not-permitted");
        await Eventually.Holds(() => _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved) is null);
    }

    [Fact]
    public async Task A_contact_that_bounces_trips_and_refuses_Reset_until_it_rests()
    {
        using var reader = Read();
        var turned = false;
        await Eventually.Holds(() =>
        {
            Chip.SetInput(LineNames.Key, turned = !turned);
            return _interlock.Snapshot.Present.Contains(TripCause.InputBouncing);
        });
        _interlock.Start(Some.Person)!.Code.ShouldBe("input-bouncing");
        await Eventually.Holds(() => _interlock.Snapshot.Present.Count == 0);
        _interlock.Start(Some.Person).ShouldBeNull();
    }

    [Theory]
    [InlineData(LineNames.RelayEnable, true)]
    [InlineData(LineNames.RelayEnable, false)]
    [InlineData(LineNames.Heartbeat, true)]
    [InlineData(LineNames.Heartbeat, false)]
    public async Task An_output_that_is_stuck_is_Faulted_and_the_relay_opens(string name, bool high)
    {
        using var reader = Read();
        _interlock.Start(Some.Person).ShouldBeNull();
        await Eventually.Holds(() => Chip.RelayClosed);
        Chip.Stick(name, high);
        if (name == LineNames.RelayEnable) _interlock.Apply(Verdict.Pass, Some.Trigger(_line), out _);
        if ((name, high) == (LineNames.RelayEnable, true)) _interlock.Stop(Who.Anybody);
        await Eventually.Holds(() => _interlock.State == InterlockState.Faulted);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.OutputReadback);
        _interlock.Snapshot.FirstOut!.Detail.ShouldContain(name);
        await Eventually.Holds(() => !Chip.RelayClosed);

        if (high) await Eventually.Holds(() => _interlock.Reset(Some.Person, ResetAnswer.None)!.Code == "output-readback");
        Chip.Stick(name, null);
        await Eventually.Holds(() => _interlock.Reset(Some.Person, ResetAnswer.None) is null);
    }

    [Fact]
    public async Task A_chip_that_refuses_every_write_faults_the_interlock_and_the_watchdog_opens_the_relay()
    {
        using var reader = Read();
        _interlock.Start(Some.Person).ShouldBeNull();
        await Eventually.Holds(() => Chip.RelayClosed);
        Chip.Break(true);
        await Eventually.Holds(() => _interlock.State == InterlockState.Faulted);
        Chip.Level(LineNames.RelayEnable).ShouldBeTrue();
        await Eventually.Holds(() => !Chip.RelayClosed);
    }
}
