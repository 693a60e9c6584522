using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Inspection.Testing;
using Inspection.Vision.Tests.Evaluation;

namespace Inspection.Vision.Tests.Teaching;

public sealed class TeacherTests
{
    [Fact]
    public void A_taught_model_is_accepted_by_the_station_and_tells_all_defects_from_good_parts()
    {
        using var folder = new TeachingFolder();
        SimulatedSet.Write(folder.PathOf("set"), TeachingFolder.Line, train: 40, good: 20, defective: 24, TimeProvider.System);
        var manifest = folder.PathOf("set/manifest.csv");

        var taught = TeachingFolder.Taught(folder.Request() with { Good = manifest, Input = new InputSize(256, 192), MaxPatches = 500 });

        (taught.Photos, taught.KeptOut, taught.KeptOutJoined, taught.Patches).ShouldBe((40, 14, true, 500));
        var evaluation = new Evaluator(new HastyTime()).Evaluate(taught.Folder, manifest).Value.ShouldNotBeNull();
        evaluation.Unscored.ShouldBe(0);
        evaluation.Auroc!.Value.ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void A_folder_whose_manifest_says_what_to_teach_from_teaches_no_defect_as_good()
    {
        using var folder = new TeachingFolder();
        SimulatedSet.Write(folder.PathOf("set"), TeachingFolder.Line, train: 6, good: 2, defective: 6, TimeProvider.System);
        TeachingFolder.Taught(folder.Request() with { Good = folder.PathOf("set") }).Photos.ShouldBe(6);
    }

    [Fact]
    public void A_version_holds_the_model_its_cards_its_record_and_thumbnails_and_no_path_of_the_machine()
    {
        using var folder = new TeachingFolder().With(photos: 6);
        var taught = TeachingFolder.Taught(folder.Request());

        var files = Directory.EnumerateFiles(taught.Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(taught.Folder, f)).Order(StringComparer.Ordinal).ToArray();
        files.Where(f => !f.StartsWith("thumbnails", StringComparison.Ordinal) && !f.StartsWith("defects", StringComparison.Ordinal)).ShouldBe(["README.md", "model.json", "model.onnx", "teach.json"]);
        files.Count(f => f.StartsWith("thumbnails", StringComparison.Ordinal)).ShouldBeInRange(1, 6);
        foreach (var file in files)
            System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(taught.Folder, file))).ShouldNotContain(folder.Photos);
        Directory.EnumerateFileSystemEntries(folder.PathOf("part")).ShouldBe([taught.Folder]);

        var card = ModelCard.Read(Path.Combine(taught.Folder, ModelCard.FileName)).Value.ShouldNotBeNull();
        card.Errors().ShouldBeEmpty();
        (card.Name, card.Version, card.Kind).ShouldBe(("part", 1, ModelKind.Taught));
        card.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(taught.Folder, "model.onnx")))));
        card.Parity!.Vectors.Count.ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public void The_record_names_each_photo_by_its_hash_and_the_threshold_is_the_highest_kept_out_score()
    {
        using var folder = new TeachingFolder().With(photos: 9);
        var taught = TeachingFolder.Taught(folder.Request());

        using var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(taught.Folder, "teach.json")));
        var photos = record.RootElement.GetProperty("photos").EnumerateArray().ToArray();
        photos.Select(p => p.GetProperty("name").GetString()).ShouldBe(Enumerable.Range(0, 9).Select(i => $"{i:00000}.png"));
        foreach (var photo in photos)
            photo.GetProperty("sha256").GetString().ShouldBe(
                Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder.Photos, photo.GetProperty("name").GetString()!)))));
        var keptOut = photos.Where(p => p.GetProperty("use").GetString() == "kept-out").ToArray();
        keptOut.Length.ShouldBe(3);
        keptOut.Max(p => p.GetProperty("score").GetSingle()).ShouldBe(taught.Card.Threshold);
        var memory = record.RootElement.GetProperty("memory").EnumerateArray().Select(o => o.EnumerateArray().Select(v => v.GetInt32()).ToArray()).ToArray();
        memory.Length.ShouldBe(taught.Patches);
        memory.ShouldAllBe(o => o[0] < 9 && o[1] < 128 / 16 && o[2] < 96 / 16);
        // The first patches come from the parts of the memory alone; the others joined when the threshold stood.
        var first = memory.Take(200 * 6 / 9).Select(o => photos[o[0]].GetProperty("use").GetString());
        first.ShouldAllBe(use => use == "memory");
        memory.ShouldContain(o => photos[o[0]].GetProperty("use").GetString() == "kept-out");
    }

    [Fact]
    public void Where_the_memory_has_parts_enough_those_kept_out_stay_out_and_the_card_says_so()
    {
        using var folder = new TeachingFolder();
        var taught = TeachingFolder.Taught(folder.Request() with { Good = "simulated:305:3", Input = new InputSize(64, 64), MaxPatches = 40 });

        (taught.Photos, taught.KeptOut, taught.KeptOutJoined).ShouldBe((203, 102, false));
        taught.Card.Taught!.Photos.ShouldBe(203);
        using var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(taught.Folder, "teach.json")));
        var photos = record.RootElement.GetProperty("photos").EnumerateArray().Select(p => p.GetProperty("use").GetString()).ToArray();
        record.RootElement.GetProperty("memory").EnumerateArray().ShouldAllBe(o => photos[o[0].GetInt32()] == "memory");
        var page = File.ReadAllText(Path.Combine(taught.Folder, "README.md"));
        page.ShouldContain("203 parts in the memory, 102 more kept out for the threshold");
        // 102 kept out tell 5, 10, 20 and 50 % apart from the highest of all.
        taught.Unsure.Count.ShouldBe(4);
        foreach (var limit in taught.Unsure) page.ShouldContain($"- {limit.Words}\n");
    }

    [Fact]
    public void The_same_photos_settings_and_seed_give_the_same_bytes_and_another_seed_does_not()
    {
        using var folder = new TeachingFolder().With(photos: 8);
        var request = folder.Request();
        string Hash(TeachRequest r) => TeachingFolder.Taught(r).Card.Sha256!;

        var first = Hash(request);
        Hash(request with { Out = folder.PathOf("again/1"), Name = "part" }).ShouldBe(first);
        Hash(request with { Out = folder.PathOf("other/1"), Name = "part", Seed = 2 }).ShouldNotBe(first);
    }

    [Fact]
    public void Good_parts_shown_again_score_no_higher_than_before_they_joined_the_memory()
    {
        using var folder = new TeachingFolder().With(photos: 12);
        var taught = TeachingFolder.Taught(folder.Request());
        Directory.Move(folder.Photos, folder.PathOf("good"));
        Directory.CreateDirectory(folder.PathOf("data"));
        Directory.Move(folder.PathOf("good"), folder.PathOf("data/good"));

        var scored = new Evaluator(new HastyTime()).Evaluate(taught.Folder, folder.PathOf("data")).Value.ShouldNotBeNull();
        scored.FalseRejectRate.ShouldBe(0);
        using var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(taught.Folder, "teach.json")));
        foreach (var photo in record.RootElement.GetProperty("photos").EnumerateArray().Where(p => p.TryGetProperty("score", out _)))
            scored.Photos.Single(p => p.Path == "good/" + photo.GetProperty("name").GetString()).Score!.Value
                .ShouldBeLessThanOrEqualTo(photo.GetProperty("score").GetSingle() * 1.0001f);
    }

    [Fact]
    public void The_input_grows_for_small_defects_and_says_where_the_photos_are_too_coarse_for_them()
    {
        using var folder = new TeachingFolder().With(8);
        var taught = TeachingFolder.Taught(folder.Request() with { Input = null, SmallestDefect = 4 });
        (taught.Card.Input!.Width, taught.Card.Input.Height).ShouldBe((320, 256));
        taught.Warnings.ShouldContain(w => w.StartsWith("A defect of 4 pixels is only 4 pixels long on the input of 320x256", StringComparison.Ordinal));
        (folder.Request() with { SmallestDefect = 0 }).Errors().Select(e => e.Name).ShouldBe(["teach.smallestDefect", "teach.smallestDefect"]);
    }

    [Fact]
    public void An_evaluation_tells_the_same_limits_as_the_teaching()
    {
        using var folder = new TeachingFolder();
        var taught = TeachingFolder.Taught(folder.Request() with { Good = "simulated:60:3" });
        taught.Unsure.Count.ShouldBeGreaterThan(0);
        new Evaluator(new HastyTime()).Evaluate(taught.Folder, "simulated:3:3").Value.ShouldNotBeNull().Limits.ShouldBe(taught.Unsure);
    }

    [Fact]
    public void Few_parts_get_their_own_bound_a_plain_warning_and_a_card_that_says_both()
    {
        using var folder = new TeachingFolder().With(photos: 5);
        var taught = TeachingFolder.Taught(folder.Request());
        taught.KeptOut.ShouldBe(2);
        taught.Card.Bound!.MaxFalseRejectRate.ShouldBe(1 - Math.Sqrt(0.05), 1e-9);
        var warning = taught.Warnings.ShouldHaveSingleItem();
        warning.ShouldContain("299");
        warning.ShouldContain("77.64 %");
        var page = File.ReadAllText(Path.Combine(taught.Folder, "README.md"));
        page.ShouldContain(taught.Card.Bound.Statement);
        page.ShouldContain(warning);
        page.ShouldContain(taught.Card.Sha256!);
        using var json = JsonDocument.Parse(taught.ToJson());
        json.RootElement.GetProperty("bound").GetProperty("keptOut").GetInt32().ShouldBe(2);
    }

    [Fact]
    public void Parts_of_the_simulated_line_need_no_photos_and_their_thumbnails_carry_the_label()
    {
        using var folder = new TeachingFolder();
        var taught = TeachingFolder.Taught(folder.Request() with { Good = "simulated:6:3" });
        taught.Photos.ShouldBe(6);
        foreach (var thumbnail in Directory.EnumerateFiles(Path.Combine(taught.Folder, "thumbnails")))
            System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(thumbnail)).ShouldContain("AIGC");
        File.ReadAllText(Path.Combine(taught.Folder, "README.md")).ShouldContain("--good simulated:6:3");
    }

    [Fact]
    public void Each_step_is_told_in_order_and_cancelling_at_any_of_them_leaves_nothing()
    {
        using var folder = new TeachingFolder().With(photos: 6);
        var steps = new List<TeachStep>();
        var request = folder.Request("first/1");
        new Teacher(TimeProvider.System).Teach(request, new Told<TeachProgress>(p => steps.Add(p.Step))).Failure.ShouldBeNull();
        steps.First().ShouldBe(TeachStep.Read);
        steps.Last().ShouldBe(TeachStep.Write);
        foreach (var step in steps.Distinct())
        {
            using var cancel = new CancellationTokenSource();
            var told = new Told<TeachProgress>(p =>
            {
                if (p.Step == step && p.Done == 0 || p.Step == step && step != TeachStep.Write) cancel.Cancel();
            });
            Should.Throw<OperationCanceledException>(() => new Teacher(TimeProvider.System).Teach(folder.Request(), told, cancel.Token), step.ToString());
            if (Directory.Exists(folder.PathOf("part"))) Directory.EnumerateFileSystemEntries(folder.PathOf("part")).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(5, 0.01, 2)]
    [InlineData(31, 0.01, 11)]
    [InlineData(597, 0.01, 199)]
    [InlineData(598, 0.01, 299)]
    [InlineData(3000, 0.01, 1000)]
    [InlineData(118, 0.05, 59)]
    public void A_third_is_kept_out_or_what_the_bound_takes_where_that_is_at_most_half(int parts, double wanted, int keptOut)
        => PartSplit.KeepOut(parts, wanted).ShouldBe(keptOut, parts.ToString(CultureInfo.InvariantCulture));
}
