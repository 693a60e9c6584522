using System.Runtime.CompilerServices;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Teaching;

public sealed class KnownDefectPictureTests
{
    [Fact]
    public void A_stored_jpeg_of_a_defective_part_scores_within_15_percent_of_the_frame_itself()
    {
        var folder = Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "models", "demo-part", "1"));
        var threshold = ModelCard.Read(Path.Combine(folder, ModelCard.FileName)).Value.ShouldNotBeNull().Threshold;
        using var run = new GraphRun(File.ReadAllBytes(Path.Combine(folder, "model.onnx")), new InputSize(256, 192), TaughtGraph.Score);
        var file = Path.GetTempFileName() + ".jpg";
        var (differences, rejected, frames) = (new List<float>(), 0, 0);
        try
        {
            foreach (var (_, pixels, mask) in SimulatedSet.Test(new SimulatedOptions(), good: 0, defective: 60))
            {
                using (pixels)
                using (mask)
                {
                    File.WriteAllBytes(file, PictureEncoder.Encode(pixels, PictureFormat.Jpeg, new PictureRules().MaxBytes, null, null));
                    using var stored = ImageReader.Read(file).Value.ShouldNotBeNull();
                    var (frame, kept) = (Score(run, pixels), Score(run, stored));
                    differences.Add(Math.Abs(kept - frame) / frame);
                    if (frame > threshold) frames++;
                    if (frame > threshold && kept > threshold) rejected++;
                }
            }
        }
        finally
        {
            File.Delete(file);
        }
        differences.Count.ShouldBe(60);
        differences.Max().ShouldBeLessThan(0.15f);
        frames.ShouldBeGreaterThan(50);
        rejected.ShouldBe(frames, "a known defect that the frame shows, its JPEG shows, too");
    }

    private static float Score(GraphRun run, Mat picture)
    {
        var score = float.NaN;
        run.Run(picture, values => score = values[0]);
        return score;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
