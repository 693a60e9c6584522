using Inspection.Core;
using Inspection.Vision.Tests.Sources;
using Microsoft.Extensions.Time.Testing;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Simulation;

public sealed class SimulatedLineTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SimulatedFaults _faults = new();
    private readonly MatFramePool _pool = new();
    private readonly SimulatedLine _line;

    public SimulatedLineTests() => _line = new("camera1", new SimulatedOptions { Width = 320, Height = 240, PartsPerSecond = 10 }, _faults, _pool, _time);

    public void Dispose()
    {
        _line.Dispose();
        _pool.Outstanding.ShouldBe(0, "a frame was not given back");
        _pool.Dispose();
    }

    private MatFrame NextPart()
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return _line.NextFrame();
    }

    [Fact]
    public void Parts_come_at_the_lines_rate_and_it_is_idle_and_alive_between()
    {
        _line.NextFrame().Dispose();
        _time.Advance(TimeSpan.FromMilliseconds(99));
        var between = _line.Next(CancellationToken.None);
        (between.Kind, between.SignOfLifeAge).ShouldBe((ArrivalKind.Idle, TimeSpan.Zero));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        using var frame = _line.NextFrame();
        (frame.PartId, frame.Trigger.Source, frame.Simulated, frame.Generated).ShouldBe(("P0000001", "simulated", true, true));
    }

    [Fact]
    public void The_same_seed_gives_the_same_parts_whatever_the_clock_does()
    {
        using var scene = new SimulatedScene(new SimulatedOptions { Width = 320, Height = 240 });
        using var expected = new Mat(240, 320, MatType.CV_8UC3);
        foreach (var milliseconds in (int[])[100, 730, 5000])
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            using var frame = _line.NextFrame();
            var part = scene.Part(long.Parse(frame.PartId!.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));
            scene.Render(part, expected);
            frame.TrueLabel.ShouldBe(part.Label);
            Cv2.Norm(expected, frame.Pixels, NormTypes.INF).ShouldBe(0);
        }
    }

    [Fact]
    public void Stalled_it_is_silent_with_growing_age_until_the_fault_ends()
    {
        _line.NextFrame().Dispose();
        _faults.Command(SimulatedFaults.Stall, true);
        _time.Advance(TimeSpan.FromSeconds(3));
        var silent = _line.Next(CancellationToken.None);
        (silent.Kind, silent.SignOfLifeAge).ShouldBe((ArrivalKind.Idle, TimeSpan.FromSeconds(3)));
        _faults.Command(SimulatedFaults.Stall, false);
        _line.NextFrame().Dispose();
        _line.Next(CancellationToken.None).Kind.ShouldBe(ArrivalKind.Idle);
    }

    [Fact]
    public void Lost_it_says_that_the_camera_is_gone()
    {
        _faults.Command(SimulatedFaults.Lost, true);
        _time.Advance(TimeSpan.FromSeconds(2));
        var lost = _line.Next(CancellationToken.None);
        (lost.Kind, lost.SignOfLifeAge).ShouldBe((ArrivalKind.Lost, TimeSpan.FromSeconds(2)));
        lost.Reason.ShouldNotBeNull();
    }

    [Fact]
    public void Dropped_each_part_is_told_without_pixels()
    {
        _faults.Command(SimulatedFaults.Drop, true);
        using var frame = NextPart();
        frame.Unreadable.ShouldNotBeNull();
        frame.PartId.ShouldNotBeNull();
    }

    [Fact]
    public void Frozen_the_picture_repeats_to_the_last_bit_and_then_moves_again()
    {
        using var before = NextPart();
        _faults.Command(SimulatedFaults.Freeze, true);
        using var first = NextPart();
        using var second = NextPart();
        Cv2.Norm(before.Pixels, first.Pixels, NormTypes.INF).ShouldBe(0);
        Cv2.Norm(before.Pixels, second.Pixels, NormTypes.INF).ShouldBe(0);
        second.PartId.ShouldNotBe(first.PartId);
        _faults.Command(SimulatedFaults.Freeze, false);
        using var after = NextPart();
        Cv2.Norm(before.Pixels, after.Pixels, NormTypes.INF).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Darkened_the_picture_is_black_by_the_recipes_limits()
    {
        _faults.Command(SimulatedFaults.Darken, true);
        using var frame = NextPart();
        Cv2.Mean(frame.Pixels)[0].ShouldBeLessThan(new FrameLimits().MinMean);
    }

    [Fact]
    public void A_fault_that_does_not_exist_is_refused()
        => Should.Throw<ArgumentException>(() => _faults.Command("explode", true)).Message.ShouldContain("stall, drop, lost, freeze, darken");

    [Fact]
    public void When_too_many_frames_are_held_the_part_is_told_without_pixels()
    {
        using var small = new MatFramePool(frames: 1);
        using var line = new SimulatedLine("camera1", new SimulatedOptions { Width = 160, Height = 120 }, _faults, small, _time);
        using var held = line.NextFrame();
        _time.Advance(TimeSpan.FromSeconds(1));
        using var next = line.NextFrame();
        next.Unreadable.ShouldNotBeNull().ShouldContain("overrun");
    }

    [Fact]
    public void Part_numbers_go_on_when_the_line_is_made_anew()
    {
        NextPart().Dispose();
        using var anew = new SimulatedLine("camera1", new SimulatedOptions { Width = 160, Height = 120 }, _faults, _pool, _time);
        using var frame = anew.NextFrame();
        frame.PartId.ShouldBe("P0000001");
    }

    [Fact]
    public void Told_to_stop_it_returns_at_once()
    {
        _line.NextFrame().Dispose();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        _line.Next(stop.Token).Kind.ShouldBe(ArrivalKind.Idle);
    }

    [Fact]
    public void Settings_out_of_range_are_told_together()
        => new SimulatedOptions { Width = 1, Height = 9999, PartsPerSecond = double.NaN, DefectShare = 2, Turn = 21, LightDrift = -1 }.Errors().Select(e => e.Name)
            .ShouldBe(["simulated.width", "simulated.height", "simulated.partsPerSecond", "simulated.defectShare", "simulated.turn", "simulated.lightDrift"]);
}
