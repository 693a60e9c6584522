using Inspection.Testing;
using Inspection.Vision.Tests.Frames;
using Inspection.Vision.Tests.Teaching;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Alignment;

public sealed class AskewSetTests(ITestOutputHelper output)
{
    private const double Turn = 15, Shift = 0.08;

    [Fact]
    public void Real_parts_that_are_turned_and_shifted_are_told_apart_and_those_cut_off_are_not_scored()
    {
        var set = Path.Combine(SharedPhotos.Root ?? "", "screws");
        Assert.SkipUnless(File.Exists(Path.Combine(set, PhotoManifest.FileName)), SharedPhotos.WhyNot);
        using var folder = new TeachingFolder();
        var askew = folder.PathOf("askew");
        WriteAskew(set, askew);

        var (lying, _) = Judged(folder.Request("lying/1") with { Good = askew });
        // These screws lie turned by up to 15 degrees as it is.
        var (upright, leftOut) = Judged(folder.Request("upright/1") with { Good = askew, Align = true, AlignTurn = 30 });
        upright.Auroc!.Value.ShouldBeGreaterThanOrEqualTo(lying.Auroc!.Value - 0.001);
        upright.EscapeRate!.Value.ShouldBeLessThanOrEqualTo(lying.EscapeRate!.Value);
        leftOut.ShouldBeInRange(0, 4);
        upright.Photos.Where(p => p.Score is null).ShouldAllBe(p => p.Verdict == Core.VerdictKind.Indeterminate && p.Reason!.Contains("cut off"));
        upright.Unscored.ShouldBeLessThan(20, "of 82");
    }

    private (Vision.Evaluation Found, int LeftOut) Judged(TeachRequest request)
    {
        request = request with { Input = new InputSize(256, 256), MaxPatches = 1000 };
        var taught = TeachingFolder.Teach(request);
        // Each attempt names the photos that it looked at; those kept out are looked at last.
        while (taught.Failure is { Code: "photos-refused" } refused)
        {
            request = request with { LeaveOut = [.. request.LeaveOut, .. refused.Message.Split('\n').Skip(1).Select(line => line.Trim().Split(' ')[0])] };
            taught = TeachingFolder.Teach(request);
        }
        taught.Failure.ShouldBeNull();
        var found = new Evaluator(new HastyTime()).Evaluate(taught.Value!.Folder, Path.Combine(request.Good, PhotoManifest.FileName)).Value.ShouldNotBeNull();
        output.WriteLine($"{taught.Value.Card.Name}: {request.LeaveOut.Count} good photos left out, AUROC {found.Auroc:F4}, escapes {found.EscapeRate:P1} and good parts rejected {found.FalseRejectRate:P1} at its own threshold, {found.Unscored} of {found.Photos.Count} not found");
        return (found, request.LeaveOut.Count);
    }

    /// <summary>Copies a set with every photo turned and shifted at random, the same each time.</summary>
    private static void WriteAskew(string set, string to)
    {
        var random = new Random(11);
        var rows = new List<string> { File.ReadLines(Path.Combine(set, PhotoManifest.FileName)).First() };
        foreach (var row in File.ReadLines(Path.Combine(set, PhotoManifest.FileName)).Skip(1))
        {
            var fields = row.Split(',');
            double Drawn(double most) => most * ((2 * random.NextDouble()) - 1);
            using var photo = Cv2.ImRead(Path.Combine(set, fields[0]));
            using var moved = AskewPhoto.Of(photo, Drawn(Turn), Drawn(Shift), Drawn(Shift));
            fields[0] = Path.ChangeExtension(fields[0], ".png");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, fields[0]))!);
            Cv2.ImWrite(Path.Combine(to, fields[0]), moved);
            rows.Add(string.Join(',', fields));
        }
        File.WriteAllLines(Path.Combine(to, PhotoManifest.FileName), rows);
    }
}
