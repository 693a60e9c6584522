using Inspection.Core;
using Inspection.Testing;
using OpenCvSharp;

namespace Inspection.Vision.Tests;

public sealed class OnnxDetectorTests : IDisposable
{
    private readonly MatFramePool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_part_is_scored_against_the_cards_threshold_and_its_map_is_carried()
    {
        using var line = Line(new TinyModel());
        var seen = line.Detect(Spot(brightness: 0.4));
        seen.Failure.ShouldBeNull();
        seen.Score.ShouldBe(0.4f, 0.01f);
        seen.Threshold.ShouldBe(0.5f);
        (seen.MapWidth, seen.MapHeight).ShouldBe((32, 32));
        seen.Map.ToArray().Max().ShouldBe(seen.Score);
        seen.Regions.ShouldBeEmpty();
    }

    [Fact]
    public void A_recipes_threshold_goes_before_the_cards()
    {
        using var line = Line(new TinyModel());
        var strict = Some.Recipe with { Model = Some.Recipe.Model with { Threshold = 0.3f } };
        line.Detect(Spot(brightness: 0.4), strict).Regions.ShouldNotBeEmpty();
        line.Detected.Threshold.ShouldBe(0.3f);
    }

    [Fact]
    public void Regions_lie_where_the_defect_is_with_their_area_in_pixels_and_square_millimetres()
    {
        using var line = Line(new TinyModel { Width = 64, Height = 64 });
        var recipe = Some.Recipe with { Optics = new Optics { MillimetresPerPixel = 0.1 } };
        // A bright square of 80 × 60 pixels, its left upper corner at 400, 120 of a 640 × 480 frame.
        var region = line.Detect(Spot(brightness: 0.9), recipe).Regions.ShouldHaveSingleItem();
        region.X.ShouldBeInRange(390, 405);
        region.Y.ShouldBeInRange(112, 125);
        region.Width.ShouldBeInRange(75, 95);
        region.Height.ShouldBeInRange(55, 75);
        region.AreaPixels.ShouldBeInRange(60 * 80 * 0.9, 60 * 80 * 1.3);
        region.AreaSquareMillimetres!.Value.ShouldBe(region.AreaPixels * 0.01, 1e-6);
        region.Score.ShouldBe(line.Detected.Score, 0.01f);
        region.Contour.Count.ShouldBeInRange(8, 2 * RegionFinder.MaxPoints);
        line.Detect(Spot(brightness: 0.9)).Regions[0].AreaSquareMillimetres.ShouldBeNull();
    }

    [Fact]
    public void A_passing_part_allocates_nothing_managed_once_warm()
    {
        using var line = Line(new TinyModel { Width = 256, Height = 256, Batch = 2 });
        using var frame = Spot(brightness: 0.4);
        var detection = new Detection();
        for (var i = 0; i < 5; i++) Detect();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Detect();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        detection.Score.ShouldBe(0.4f, 0.01f);

        void Detect()
        {
            detection.Clear();
            line.Detector.Detect(frame, Some.Recipe, detection);
        }
    }

    [Fact]
    public void A_score_that_is_not_a_number_reaches_the_judge_who_calls_it_indeterminate()
    {
        using var line = Line(new TinyModel { NanOnBlack = true });
        using var frame = Rent(new Mat(480, 640, MatType.CV_8UC3, Scalar.All(200)));
        frame.Pixels[0, 240, 0, 640].SetTo(Scalar.All(0));
        frame.Pixels[240, 300, 100, 300].SetTo(Scalar.All(90));
        var seen = line.Detect(frame);
        seen.Failure.ShouldBeNull();
        float.IsNaN(seen.Score).ShouldBeTrue();
        Judge.Decide(frame, seen, Unlimited).ShouldBe(Verdict.Indeterminate(VerdictReason.ScoreNotFinite));
    }

    [Fact]
    public void An_output_that_changes_its_shape_is_a_failure_of_this_part_and_the_next_is_judged()
    {
        using var line = Line(new TinyModel { ScoreChangesShape = true, WithLabels = false });
        using var bright = Spot(brightness: 1);
        var seen = line.Detect(bright);
        seen.Failure.ShouldNotBeNull().ShouldContain("changed its shape");
        float.IsNaN(seen.Score).ShouldBeTrue();
        Judge.Decide(bright, seen, Unlimited).Reason.ShouldBe(VerdictReason.DetectorFailed);
        line.Detect(Spot(brightness: 0.4)).Failure.ShouldBeNull();
    }

    [Fact]
    public void A_frame_without_pixels_is_a_failure_and_never_a_score()
    {
        using var line = Line(new TinyModel());
        var unreadable = _pool.Unreadable(Description() with { Unreadable = "truncated" });
        line.Detect(unreadable).Failure.ShouldNotBeNull();
        using var foreign = Some.Frame();
        line.Detector.Detect(foreign, Some.Recipe, line.Detected);
        line.Detected.Failure.ShouldNotBeNull();
    }

    [Fact]
    public void A_recipes_threshold_above_what_a_clipped_score_can_reach_fails_instead_of_passing_everything()
    {
        using var line = Line(new TinyModel { ClipAt = 1 });
        var blind = Some.Recipe with { Model = Some.Recipe.Model with { Threshold = 1.5f } };
        line.Detect(Spot(brightness: 1), blind).Failure.ShouldNotBeNull().ShouldContain("never be exceeded");
    }

    [Fact]
    public void An_unsure_part_is_Indeterminate_and_marked_where_the_person_shall_look()
    {
        using var line = Line(new TinyModel());
        var recipe = Unlimited with { Model = Some.Recipe.Model with { UnsureAbove = 0.3f } };
        using var frame = Spot(brightness: 0.4);
        var seen = line.Detect(frame, recipe);
        (seen.UnsureAbove, seen.Threshold).ShouldBe((0.3f, 0.5f));
        seen.Regions.ShouldHaveSingleItem().X.ShouldBeInRange(390, 405);
        Judge.Decide(frame, seen, recipe).ShouldBe(Verdict.Indeterminate(VerdictReason.Unsure));
        line.Detect(Spot(brightness: 0.2), recipe).Regions.ShouldBeEmpty();
    }

    [Fact]
    public void A_recipes_lower_limit_that_is_not_below_the_cards_threshold_fails_instead_of_asking_nobody()
    {
        using var line = Line(new TinyModel());
        var recipe = Some.Recipe with { Model = Some.Recipe.Model with { UnsureAbove = 0.5f } };
        line.Detect(Spot(brightness: 0.4), recipe).Failure.ShouldNotBeNull().ShouldContain("not below the threshold");
    }

    [Fact]
    public void A_model_without_a_map_gives_a_score_and_no_regions()
    {
        using var line = Line(new TinyModel { WithMap = false, WithLabels = false });
        var seen = line.Detect(Spot(brightness: 0.9));
        seen.Score.ShouldBeGreaterThan(seen.Threshold);
        seen.MapWidth.ShouldBe(0);
        seen.Regions.ShouldBeEmpty();
    }

    [Fact]
    public void A_map_too_large_to_carry_is_thinned_out_without_losing_its_peak()
    {
        using var line = Line(new TinyModel { Width = 640, Height = 256 });
        var seen = line.Detect(Spot(brightness: 0.9));
        (seen.MapWidth, seen.MapHeight).ShouldBe((320, 128));
        seen.Map.ToArray().Max().ShouldBe(seen.Score);
    }

    [Fact]
    public void The_time_a_part_takes_is_measured_while_warming_up()
    {
        using var line = Line(new TinyModel());
        line.Detector.WarmedP99.ShouldBeInRange(TimeSpan.FromMicroseconds(10), TimeSpan.FromSeconds(1));
        line.Detector.Model.Name.ShouldBe("foreign");
    }

    [Theory]
    [InlineData(VerdictReason.DarkFrame)]
    [InlineData(VerdictReason.SaturatedFrame)]
    [InlineData(VerdictReason.BlurredFrame)]
    public void A_black_a_blown_out_and_a_blurred_frame_are_indeterminate(VerdictReason expected)
    {
        using var line = Line(new TinyModel { Width = 256, Height = 256 });
        using var sound = Textured();
        Judge.Decide(sound, line.Detect(sound), Some.Recipe).ShouldBe(Verdict.Pass);

        using var unfit = Textured();
        if (expected == VerdictReason.DarkFrame) unfit.Pixels.SetTo(Scalar.All(2));
        else if (expected == VerdictReason.SaturatedFrame) unfit.Pixels.SetTo(Scalar.All(255));
        else Cv2.GaussianBlur(unfit.Pixels, unfit.Pixels, new Size(0, 0), 12);
        Judge.Decide(unfit, line.Detect(unfit), Some.Recipe).ShouldBe(Verdict.Indeterminate(expected));
    }

    [Fact]
    public void A_frame_that_stays_identical_for_too_long_is_indeterminate_until_the_picture_moves()
    {
        using var line = Line(new TinyModel { Width = 64, Height = 64 });
        using var frame = Textured();
        var verdicts = Enumerable.Range(0, 5).Select(_ => Judge.Decide(frame, line.Detect(frame), Unlimited).Reason).ToList();
        verdicts.ShouldBe([
            VerdictReason.WithinThreshold, VerdictReason.WithinThreshold, VerdictReason.WithinThreshold,
            VerdictReason.FrozenFrame, VerdictReason.FrozenFrame]);
        frame.Pixels[100, 140, 100, 140].SetTo(Scalar.All(10));
        Judge.Decide(frame, line.Detect(frame), Unlimited).ShouldBe(Verdict.Pass);
    }

    /// <summary>Only the number of identical frames is limited.</summary>
    private static Recipe Unlimited { get; } = Some.Recipe with
    {
        Frames = new FrameLimits { MinMean = 0, MaxDarkShare = 1, MaxSaturatedShare = 1, MinSharpness = 0 },
    };

    private static FrameDescription Description()
    {
        var time = TimeProvider.System;
        return new FrameDescription(Identifiers.New(time), Some.Trigger(time), "camera1", time.GetUtcNow(), Simulated: true, Generated: true);
    }

    private MatFrame Rent(Mat pixels)
    {
        using (pixels)
        {
            var frame = _pool.TryRent(pixels.Width, pixels.Height, Description()).ShouldNotBeNull();
            pixels.CopyTo(frame.Pixels);
            return frame;
        }
    }

    /// <summary>A dim frame with one square of the given brightness (0..1).</summary>
    private MatFrame Spot(double brightness)
    {
        var pixels = new Mat(480, 640, MatType.CV_8UC3, Scalar.All(40));
        Cv2.Rectangle(pixels, new Rect(400, 120, 80, 60), Scalar.All(Math.Round(255 * brightness)), -1);
        return Rent(pixels);
    }

    private MatFrame Textured()
    {
        var pixels = new Mat(480, 640, MatType.CV_8UC3, Scalar.All(60));
        for (var x = 0; x < 640; x += 20) Cv2.Line(pixels, new Point(x, 0), new Point(x + 30, 479), Scalar.All(110), 2);
        return Rent(pixels);
    }

    private static DetectorLine Line(TinyModel model) => new(model);

    /// <summary>A detector on a tiny model, with its files.</summary>
    private sealed class DetectorLine : IDisposable
    {
        private readonly TemporaryModel _files;

        public DetectorLine(TinyModel model)
        {
            _files = new TemporaryModel(model);
            Detector = new OnnxDetector(_files.Accepted(), new HastyTime());
        }

        public OnnxDetector Detector { get; }

        public Detection Detected { get; } = new();

        public Detection Detect(MatFrame frame, Recipe? recipe = null)
        {
            Detected.Clear();
            Detector.Detect(frame, recipe ?? Some.Recipe, Detected);
            return Detected;
        }

        public void Dispose()
        {
            Detector.Dispose();
            _files.Dispose();
        }
    }
}
