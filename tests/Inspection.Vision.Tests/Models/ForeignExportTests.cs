using System.Globalization;
using Inspection.Core;
using Inspection.Testing;
using Inspection.Vision.Tests.Frames;
using OpenCvSharp;

namespace Inspection.Vision.Tests;

/// <summary>A real export of anomalib gives here the scores that it gave there.</summary>
public sealed class ForeignExportTests
{
    private const string Export = "anomalib-2.7-patchcore-cookie";

    [Fact]
    public void An_anomalib_export_dropped_in_gives_its_own_scores()
    {
        Assert.SkipWhen(SharedPhotos.Root is null, SharedPhotos.WhyNot);
        var source = Path.Combine(SharedPhotos.Root, "foreign", Export + ".onnx");
        Assert.SkipUnless(File.Exists(source), SharedPhotos.WhyNot);
        using var files = new TemporaryModel();
        File.Copy(source, files.PathOf("cookie.onnx"));
        using var detector = new OnnxDetector(files.Accepted(), TimeProvider.System);
        (detector.Card.Outputs!.Score, detector.Card.Outputs.Map, detector.Card.Outputs.MapWidth).ShouldBe(("pred_score", "anomaly_map", detector.Card.Input!.Width));
        detector.Card.Parity!.Vectors.ShouldAllBe(v => v.Score > 0 && v.Score < 1, "a clipped score would not show a change");
        Tell($"warmed p99 {detector.WarmedP99.TotalMilliseconds:F1} ms");

        using var pool = new MatFramePool();
        var detection = new Detection();
        var rows = File.ReadAllLines(Path.Combine(SharedPhotos.Root, "foreign", Export + ".csv")).Skip(1).Select(l => l.Split(',')).ToList();
        rows.Count.ShouldBe(54);
        var worst = 0.0;
        foreach (var row in rows)
        {
            using var photo = Cv2.ImRead(Path.Combine(SharedPhotos.Root, "cookie", row[0]));
            var time = TimeProvider.System;
            using var frame = pool.TryRent(photo.Width, photo.Height,
                new FrameDescription(Identifiers.New(time), Some.Trigger(time), "camera1", time.GetUtcNow(), Simulated: true, Generated: false))!;
            photo.CopyTo(frame.Pixels);
            detection.Clear();
            detector.Detect(frame, Some.Recipe, detection);

            var (score, highest, mean) = (Number(row[1]), Number(row[3]), Number(row[4]));
            worst = Math.Max(worst, Math.Abs(detection.Score - score));
            detection.Score.ShouldBe(score, 1e-4f, row[0]);
            detection.Map.ToArray().Max().ShouldBe(highest, 1e-4f, row[0]);
            detection.Map.ToArray().Average().ShouldBe(mean, 1e-4f, row[0]);
            (Judge.Decide(frame, detection, Some.Recipe) == Verdict.Reject).ShouldBe(row[2] == "1", row[0]);
            detection.Regions.Count.ShouldBeInRange(row[2] == "1" ? 1 : 0, row[2] == "1" ? RegionFinder.MaxRegions : 0);
        }
        Tell($"greatest difference of a score: {worst:E1}");
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    private static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
