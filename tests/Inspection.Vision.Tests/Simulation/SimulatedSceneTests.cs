using OpenCvSharp;

namespace Inspection.Vision.Tests.Simulation;

public sealed class SimulatedSceneTests : IDisposable
{
    private readonly SimulatedScene _scene = new(new SimulatedOptions());
    private readonly Mat _pixels = new(480, 640, MatType.CV_8UC3);

    public void Dispose()
    {
        _scene.Dispose();
        _pixels.Dispose();
    }

    public static TheoryData<SimulatedDefect> Defects => [.. Enum.GetValues<SimulatedDefect>().Where(d => d != SimulatedDefect.None)];

    [Theory]
    [MemberData(nameof(Defects))]
    public void A_defect_changes_the_picture_within_its_mask_and_nowhere_else(SimulatedDefect defect)
    {
        using var sound = _pixels.Clone();
        using var difference = new Mat();
        using var outside = new Mat();
        for (var n = 0; n < 8; n++)
        {
            var good = SimulatedPart.Of(3, n, 0);
            var bad = good with { Defect = defect };
            _scene.Render(good, sound);
            _scene.Render(bad, _pixels);
            using var mask = _scene.Mask(bad);
            Cv2.CountNonZero(mask).ShouldBeGreaterThan(60);
            Cv2.Absdiff(sound, _pixels, difference);
            Cv2.Mean(difference, mask)[1].ShouldBeGreaterThan(12, $"{defect} {n} is hardly seen");
            using var kernel = Cv2.GetStructuringElement(MorphShapes.Ellipse, new Size(13, 13));
            Cv2.Dilate(mask, mask, kernel);
            Cv2.BitwiseNot(mask, outside);
            Cv2.Mean(difference, outside)[1].ShouldBeLessThan(0.01, $"{defect} {n} shows outside its mask");
        }
    }

    [Fact]
    public void Parts_lie_as_far_askew_as_the_line_says_and_their_masks_with_them()
    {
        SimulatedPart[] parts = [.. Enumerable.Range(0, 500).Select(n => SimulatedPart.Of(1, n, 0, turn: 15))];
        parts.Max(p => Math.Abs(p.Angle)).ShouldBeInRange(11, 15);
        parts.Max(p => Math.Abs(p.ShiftX)).ShouldBeInRange(28, 37.5);
        parts.Max(p => Math.Abs(p.ShiftY)).ShouldBeInRange(22, 30);

        using var scene = new SimulatedScene(new SimulatedOptions { Turn = 15 });
        using var sound = _pixels.Clone();
        using var difference = new Mat();
        foreach (var part in parts.OrderByDescending(p => Math.Abs(p.Angle)).Take(4))
        {
            scene.Render(part, sound);
            var bad = part with { Defect = SimulatedDefect.ForeignBody };
            scene.Render(bad, _pixels);
            using var mask = scene.Mask(bad);
            Cv2.Absdiff(sound, _pixels, difference);
            Cv2.Mean(difference, mask)[1].ShouldBeGreaterThan(12, $"{part}");
        }
    }

    [Fact]
    public void Good_parts_differ_a_little_and_are_never_the_same()
    {
        using var other = _pixels.Clone();
        for (var n = 0; n < 5; n++)
        {
            _scene.Render(SimulatedPart.Of(1, n, 0), _pixels);
            _scene.Render(SimulatedPart.Of(1, n + 1, 0), other);
            var difference = Cv2.Norm(_pixels, other, NormTypes.L1) / (3 * 640 * 480);
            difference.ShouldBeInRange(0.5, 20);
        }
    }

    [Fact]
    public void The_light_drifts_as_far_as_the_line_says_and_not_at_all_without_drift()
    {
        double Difference(double drift)
        {
            using var scene = new SimulatedScene(new SimulatedOptions { LightDrift = drift });
            double Mean(int from) => Enumerable.Range(from, 100).Average(n => scene.Part(n).Gain);
            return Mean(100) - Mean(400);
        }

        // Around the highest and the lowest sixth of a wave of 600 parts.
        Difference(0).ShouldBe(0, 0.003);
        Difference(0.2).ShouldBe(0.4 * 3 / Math.PI, 0.003);
    }

    [Fact]
    public void The_share_of_defects_is_as_asked_and_all_kinds_come()
    {
        var parts = Enumerable.Range(0, 20_000).Select(n => SimulatedPart.Of(1, n, 0.06)).ToArray();
        parts.Count(p => p.Defect != SimulatedDefect.None).ShouldBeInRange(1050, 1350);
        parts.Select(p => p.Label).Distinct().Order().ShouldBe(["chip", "foreign-body", "good", "missing-hole", "scratch", "stain", "wrong-print"]);
    }

    [Fact]
    public void The_default_line_shows_a_defect_soon_and_never_five_in_a_row()
    {
        var options = new SimulatedOptions();
        var bad = Enumerable.Range(0, 200_000).Select(n => SimulatedPart.Of(options.Seed, n, options.DefectShare).Defect != SimulatedDefect.None).ToArray();
        Array.IndexOf(bad, true).ShouldBe(9);
        for (var n = 4; n < bad.Length; n++) (bad[n] && bad[n - 1] && bad[n - 2] && bad[n - 3] && bad[n - 4]).ShouldBeFalse();
    }

    [Fact]
    public void Light_position_and_rotation_stay_within_their_limits()
    {
        for (var n = 0; n < 2000; n++)
        {
            var part = SimulatedPart.Of(9, n, 0.5);
            Math.Abs(part.Angle).ShouldBeLessThanOrEqualTo(2);
            Math.Abs(part.ShiftX).ShouldBeLessThanOrEqualTo(5);
            Math.Abs(part.ShiftY).ShouldBeLessThanOrEqualTo(4);
            part.Gain.ShouldBeInRange(0.95, 1.05);
        }
    }

    [Theory]
    [InlineData(160, 120), InlineData(1280, 720), InlineData(333, 777)]
    public void Any_size_is_drawn(int width, int height)
    {
        using var scene = new SimulatedScene(new SimulatedOptions { Width = width, Height = height });
        using var pixels = new Mat(height, width, MatType.CV_8UC3);
        foreach (var defect in Enum.GetValues<SimulatedDefect>()) scene.Render(SimulatedPart.Of(1, 1, 0) with { Defect = defect }, pixels);
        Cv2.Mean(pixels)[0].ShouldBeInRange(20, 200);
        Should.Throw<ArgumentException>(() => scene.Render(SimulatedPart.Of(1, 1, 0), _pixels));
    }
}
