using Inspection.Core;
using Inspection.Testing;
using Inspection.Vision.Tests.Frames;
using OpenCvSharp;

namespace Inspection.Vision.Tests;

/// <summary>The default limits hold on real photos: no good one is unfit, a black, white or strongly blurred one is.</summary>
public sealed class FrameLimitsTests
{
    /// <summary>
    /// Standard deviation, in input pixels, of what counts as strongly blurred: an edge is smeared over some 20 of 256 pixels.
    /// </summary>
    private const double StrongBlur = 8;

    [Theory]
    [InlineData("dobot_cubes", 256, 256)]
    [InlineData("cookie", 256, 256)]
    [InlineData("screws", 256, 256)]
    [InlineData("solar_mono", 256, 256)]
    [InlineData("ball_screw", 640, 256)]
    public void No_good_photo_is_unfit_and_every_spoiled_one_is(string set, int width, int height)
    {
        Assert.SkipWhen(SharedPhotos.Root is null, SharedPhotos.WhyNot);
        var photos = Path.Combine(SharedPhotos.Root, set);
        var good = File.ReadLines(Path.Combine(photos, "manifest.csv")).Where(l => l.Contains(",good,", StringComparison.Ordinal))
            .Select(l => Path.Combine(photos, l.Split(',')[0])).ToList();
        good.Count.ShouldBeGreaterThan(20);
        using var picture = new InputPicture(GC.AllocateArray<float>(3 * width * height, pinned: true), width, height, ModelResize.Area);
        var sharp = new List<FrameHealth>();
        var blurred = new List<FrameHealth>();
        foreach (var path in good)
        {
            using var photo = Cv2.ImRead(path);
            var health = Measure(photo);
            sharp.Add(health);
            Verdict(health).ShouldBe(Core.Verdict.Pass, path);

            using var small = new Mat();
            Cv2.Resize(photo, small, new Size(width, height), 0, 0, InterpolationFlags.Area);
            Cv2.GaussianBlur(small, small, new Size(0, 0), StrongBlur);
            blurred.Add(Measure(small));
            Verdict(blurred[^1]).ShouldBe(Core.Verdict.Indeterminate(VerdictReason.BlurredFrame), path);
        }
        Tell("good", sharp);
        Tell("blurred", blurred);

        using var spoiled = Cv2.ImRead(good[0]);
        using var dark = new Mat();
        spoiled.ConvertTo(dark, MatType.CV_8UC3, 0.02);
        Verdict(Measure(dark)).Reason.ShouldBe(VerdictReason.DarkFrame);
        using var bright = new Mat();
        spoiled.ConvertTo(bright, MatType.CV_8UC3, 1, 253);
        Verdict(Measure(bright)).Reason.ShouldBe(VerdictReason.SaturatedFrame);

        FrameHealth Measure(Mat frame)
        {
            picture.Forget();
            picture.Fill(frame);
            return picture.Measure();
        }

        void Tell(string what, List<FrameHealth> of) => TestContext.Current.TestOutputHelper!.WriteLine(
            $"{set} {what}: mean {of.Min(h => h.Mean):F1}–{of.Max(h => h.Mean):F1}, dark ≤ {of.Max(h => h.DarkShare):F3}, saturated ≤ {of.Max(h => h.SaturatedShare):F3}, "
            + $"sharpness {of.Min(h => h.Sharpness):F2}–{of.Max(h => h.Sharpness):F2}");
    }

    private static Verdict Verdict(FrameHealth health)
    {
        using var frame = Some.Frame();
        return Judge.Decide(frame, new Detection { Score = 0, Threshold = 1, Health = health }, Some.Recipe);
    }
}
