using System.Text;
using Inspection.Vision.Tests.Frames;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Simulation;

public sealed class SimulatedSetTests
{
    private static readonly SimulatedOptions Small = new() { Width = 320, Height = 240 };

    [Fact]
    public void Parts_to_teach_from_are_the_lines_own_unmarked_frames_and_the_same_each_time()
    {
        var first = SimulatedSet.Good(Small, 4).ToArray();
        var again = SimulatedSet.Good(Small, 4).ToArray();
        for (var i = 0; i < 4; i++)
        {
            Cv2.Norm(first[i].Pixels, again[i].Pixels, NormTypes.INF).ShouldBe(0);
            first[i].Pixels.Dispose();
            again[i].Pixels.Dispose();
        }
        first.Select(p => p.Name).ShouldBe(["00000", "00001", "00002", "00003"]);
    }

    [Fact]
    public void A_written_set_has_a_sound_manifest_all_kinds_and_the_label_on_every_photo()
    {
        using var folder = new TemporaryFolder();
        SimulatedSet.Write(folder.Path, Small, train: 3, good: 2, defective: 7, TimeProvider.System);
        var manifest = PhotoManifest.Read(Path.Combine(folder.Path, PhotoManifest.FileName)).Value.ShouldNotBeNull();
        manifest.TrainGood.Count().ShouldBe(3);
        manifest.Test.Count(p => p.Good).ShouldBe(2);
        manifest.Test.Where(p => !p.Good).Select(p => p.Class).Distinct().Count().ShouldBe(6);
        manifest.Test.ShouldAllBe(p => p.Good == (p.Mask == null));
        foreach (var photo in manifest.Photos)
            Encoding.Latin1.GetString(File.ReadAllBytes(photo.File)).ShouldContain("iTXtAIGC");
    }
}
