using System.Text.Json.Nodes;
using Inspection.Core;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Gpio.Tests.Diverting;

/// <summary>The gate on the simulated chip, its belt and its bin, tick by tick and without a thread.</summary>
public sealed class GateOnChipTests : IDisposable
{
    private static readonly GateRules Rules = new() { Distance = 100, Tolerance = 10, BinDistance = 40, BinTolerance = 20, BinFull = BinResponse.Trip };

    private readonly FakeTimeProvider _time = new();
    private readonly Alarms _alarms;
    private readonly List<PartDisposition> _told = [];
    private readonly GpioLines _lines;
    private readonly Interlock _interlock;
    private readonly BeltReader _reader;
    private readonly SimulatedBelt _belt;

    public GateOnChipTests()
    {
        _alarms = new Alarms(_time, static (_, _) => { });
        _lines = GpioLines.Open(new GpioOptions(), _time).Value!;
        _interlock = new Interlock(_time, _lines.Relay, new InterlockOptions(), static _ => { }) { Disposed = _told.Add, EyeAtGate = true };
        _interlock.Use(Some.Recipe with { Output = new PartOutput { Mode = OutputMode.Gate }, Gate = Rules });
        _interlock.SetObstacle(null);
        // Their threads end here; the test takes their turns.
        _reader = new BeltReader(_lines, _interlock, _alarms, _time);
        _reader.Dispose();
        _belt = new SimulatedBelt(_lines, Rules, _time);
        _belt.Dispose();
        Go(400);
        _interlock.Start(Some.Person).ShouldBeNull();
        Go(400);
        _interlock.State.ShouldBe(InterlockState.Running);
        _interlock.Snapshot.SelfTesting.ShouldBeFalse();
    }

    public void Dispose() => _lines.Dispose();

    private SimulatedChip Chip => _lines.Simulation!;

    private void Go(int ticks)
    {
        for (var i = 0; i < ticks; i++)
        {
            _time.Advance(SimulatedBelt.Period);
            _belt.Move();
            _reader.Look();
            _interlock.Turn();
            if (i % 2 == 1) _interlock.TryBeat();
        }
    }

    private Trigger Part(bool passes)
    {
        _time.Advance(TimeSpan.FromTicks(10));
        var trigger = Some.Trigger(_time);
        _belt.Add();
        _interlock.Triggered(trigger);
        _interlock.PermitPass(trigger.Timestamp, passes);
        return trigger;
    }

    [Fact]
    public void A_good_part_goes_through_and_a_bad_one_into_the_bin()
    {
        var good = Part(true);
        Go(50);
        var bad = Part(false);
        var open = 0;
        for (var i = 0; i < 200; i++)
        {
            Go(1);
            if (Chip.IsOutputActive(LineNames.Gate)) open++;
        }
        open.ShouldBe(2 * Rules.Tolerance + 1);
        _told.Select(p => (p.Trigger.Id, p.Disposition, p.ConfirmedBy)).ShouldBe(
            [(good.Id, Disposition.Delivered, Confirmation.GateEye), (bad.Id, Disposition.Diverted, Confirmation.BinEye)]);
        _interlock.State.ShouldBe(InterlockState.Running);
    }

    [Fact]
    public void Whatever_trips_shuts_the_gate_on_the_chip_at_once()
    {
        Part(true);
        Go(Rules.Distance);
        Chip.IsOutputActive(LineNames.Gate).ShouldBeTrue();
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        Chip.IsOutputActive(LineNames.Gate).ShouldBeFalse();
    }

    [Fact]
    public void The_end_of_the_program_leaves_the_gate_at_rest()
    {
        Part(true);
        Go(Rules.Distance);
        Chip.IsOutputActive(LineNames.Gate).ShouldBeTrue();
        _lines.Dispose();
        Chip.Level(LineNames.Gate).ShouldBe(_lines.Map[LineNames.Gate].LevelOf(false));
    }

    [Fact]
    public void A_line_that_refuses_does_not_keep_the_gate_open()
    {
        Part(true);
        Go(Rules.Distance);
        Chip.Break(LineNames.RelayEnable, true);
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        _interlock.State.ShouldBe(InterlockState.Faulted);
        Chip.IsOutputActive(LineNames.Gate).ShouldBeFalse();
    }

    [Fact]
    public void More_edges_than_the_chip_can_keep_are_lost_and_trip()
    {
        for (var i = 0; i < 300; i++)
        {
            Chip.SetInput(LineNames.Encoder, true);
            Chip.SetInput(LineNames.Encoder, false);
        }
        Go(1);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.TrackingLost);
    }

    [Fact]
    public void A_belt_that_cannot_be_read_is_a_fault()
    {
        Chip.Break(LineNames.Encoder, true);
        _reader.Look();
        _interlock.State.ShouldBe(InterlockState.Faulted);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.GpioLost);
    }

    [Fact]
    public void A_full_bin_is_told_when_it_stays_full_and_trips_where_the_recipe_says_so()
    {
        Chip.SetInput(LineNames.BinFull, true);
        Go(100);
        Chip.SetInput(LineNames.BinFull, false);
        Go(10);
        _alarms.Active.ShouldBeEmpty("a part fell past the sensor");
        Chip.SetInput(LineNames.BinFull, true);
        Go(250);
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("bin-full");
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.BinFull);
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("bin-full");
        Chip.SetInput(LineNames.BinFull, false);
        Go(10);
        _alarms.Active.ShouldBeEmpty();
        _interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();
    }

    [Theory, InlineData(LineNames.BinDoor, TripCause.BinDoor), InlineData(LineNames.AirPressure, TripCause.AirPressure)]
    public void An_open_bin_and_missing_air_trip_by_themselves_also_by_a_cut_wire(string line, TripCause cause)
    {
        Chip.CutWire(line);
        Go(60);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(cause);
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe(Codes.Of(cause));
    }

    [Fact]
    public void A_turn_of_the_reader_allocates_nothing_while_parts_pass()
    {
        Part(true);
        Go(Rules.Distance);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Chip.SetInput(LineNames.Encoder, true);
            Chip.SetInput(LineNames.Encoder, false);
            _reader.Look();
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_map_without_gate_encoder_or_eye_of_the_bin_is_refused_by_name()
    {
        BeltReader.Missing(_lines).ShouldBeNull();
        var map = JsonNode.Parse(File.ReadAllText(Repository.File("hardware/pin-map.json")))!;
        foreach (var line in map["lines"]!.AsArray().Where(l => (string?)l!["name"] is LineNames.Encoder or LineNames.BinEye).ToList()) map["lines"]!.AsArray().Remove(line);
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(file, map.ToJsonString());
        using var lines = GpioLines.Open(new GpioOptions { PinMap = file }, _time).Value!;
        File.Delete(file);
        var missing = BeltReader.Missing(lines).ShouldNotBeNull();
        missing.Code.ShouldBe("gate-lines-missing");
        missing.Message.ShouldContain("no encoder, no bin-eye");
    }
}
