using Inspection.Station.Hosting;
using Inspection.Store;

namespace Inspection.Station.Tests.Hosting;

public sealed class ModelFilesTests
{
    [Fact]
    public void A_copy_that_was_cut_short_never_counts_as_a_model_and_is_made_anew()
    {
        using var box = new StationBox();
        var cut = Path.Combine(box.Data, "models", "tiny", "1.copying");
        using (var folder = DataFolder.Open(box.Data, TimeProvider.System).Value!)
        {
            // Killed in the middle: one file is half, the other is missing, and one is of another model.
            Directory.CreateDirectory(cut);
            File.WriteAllBytes(Path.Combine(cut, "model.onnx"), File.ReadAllBytes(Path.Combine(box.Model, "model.onnx"))[..100]);
            File.WriteAllText(Path.Combine(cut, "other.data"), "left");
            Directory.Exists(ModelFiles.FolderOf(folder, "tiny", 1)).ShouldBeFalse();

            // Asked for again in the same run.
            var installed = ModelFiles.Install(folder, box.Model);
            installed.Succeeded.ShouldBeTrue(installed.Failure?.Message);
            ShouldBeWhole(box, installed.Value.Folder);
            Directory.Exists(cut).ShouldBeFalse();
        }
        // Never asked for again: gone at the next start all the same.
        Directory.CreateDirectory(cut);
        using var next = DataFolder.Open(box.Data, TimeProvider.System).Value!;
        Directory.Exists(cut).ShouldBeFalse();
        ShouldBeWhole(box, ModelFiles.FolderOf(next, "tiny", 1));
    }

    private static void ShouldBeWhole(StationBox box, string folder)
    {
        Directory.GetFiles(folder).Select(Path.GetFileName).Order().ShouldBe(["model.json", "model.onnx", "pinned.json"]);
        File.ReadAllBytes(Path.Combine(folder, "model.onnx")).ShouldBe(File.ReadAllBytes(Path.Combine(box.Model, "model.onnx")));
    }
}
