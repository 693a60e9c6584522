using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Teaching;

public sealed class ExtendTests : IDisposable
{
    private readonly TeachingFolder _folder = new TeachingFolder().With(photos: 9);
    private readonly TaughtModel _first;

    public ExtendTests()
    {
        _first = TeachingFolder.Taught(_folder.Request());
        Directory.Delete(_folder.Photos, recursive: true);
        // Later parts of the same line under another seed.
        Directory.CreateDirectory(_folder.PathOf("more"));
        foreach (var (name, pixels) in SimulatedSet.Good(TeachingFolder.Line with { Seed = 77 }, 8))
            using (pixels) Cv2.ImWrite(_folder.PathOf($"more/{name}.png"), pixels);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void New_parts_are_learnt_without_the_old_photos_and_no_part_at_all_scores_higher_than_before()
    {
        var second = TeachingFolder.Taught(Extension() with { By = "Mara" });

        (second.Card.Name, second.Card.Version, second.Photos, second.KeptOut).ShouldBe(("part", 2, 17, 3));
        second.Card.Threshold.ShouldBeGreaterThanOrEqualTo(_first.Card.Threshold);
        second.Patches.ShouldBeInRange(_first.Patches + 1, TeachRequest.MostExtended);
        var (before, after) = (Memory(_first), Memory(second));
        after.Patches.AsSpan(0, before.Patches.Length).SequenceEqual(before.Patches).ShouldBeTrue();
        after.Middle.ShouldBe(before.Middle);
        after.Factors.ShouldBe(before.Factors, "the scale of places stays");
        using var old = new GraphRun(File.ReadAllBytes(Path.Combine(_first.Folder, "model.onnx")), new InputSize(128, 96), TaughtGraph.Score);
        using var now = new GraphRun(File.ReadAllBytes(Path.Combine(second.Folder, "model.onnx")), new InputSize(128, 96), TaughtGraph.Score);
        var lower = 0;
        foreach (var (_, pixels, mask) in SimulatedSet.Test(TeachingFolder.Line, good: 20, defective: 6))
            using (pixels)
            using (mask)
            {
                var (was, score) = (Score(old, pixels), Score(now, pixels));
                score.ShouldBeLessThanOrEqualTo(was * 1.00001f);
                if (score < was * 0.999f) lower++;
            }
        lower.ShouldBeGreaterThan(0, "the new parts taught something");
    }

    [Fact]
    public void The_card_states_each_lots_own_bound_and_keeps_the_history()
    {
        var second = TeachingFolder.Taught(Extension() with { By = "Mara" });
        var third = TeachingFolder.Taught(Extension() with { Extend = second.Folder, Out = _folder.PathOf("part/3"), Good = "simulated:7:5" });

        third.Card.Bound!.MaxFalseRejectRate.ShouldBe(FalseRejectBound.Of(3, 0), "the weakest of the three");
        third.Card.Bound.KeptOut.ShouldBe(3);
        third.Card.Bound.Statement.ShouldContain("at most 63.16 % of good parts like the 3 that version 1 kept out; at most 63.16 % of good parts like the 3 that version 2 kept out; at most 63.16 %");
        third.Card.Bound.Statement.ShouldContain("85 % confidence");
        third.Warnings.ShouldContain(w => w.Contains("More photos now do not bring down the 63.16 % of version 1; for that teach anew"));
        var record = TeachRecord.Read(Path.Combine(third.Folder, TeachRecord.FileName)).Value.ShouldNotBeNull();
        record.Lots.Select(l => (l.Version, l.Good, l.Photos, l.By)).ShouldBe([(1, "photos", 9, null), (2, "more", 8, "Mara"), (3, "simulated:7:5", 7, null)]);
        record.Photos.Count.ShouldBe(24);
        record.Memory.Patches.Count.ShouldBe(third.Patches);
        foreach (var photo in record.Memory.Patches.Select(p => record.Photos[p.Photo]).Distinct())
            File.Exists(Path.Combine(third.Folder, photo.Thumbnail.ShouldNotBeNull())).ShouldBeTrue(photo.Name);
        var page = File.ReadAllText(Path.Combine(third.Folder, "README.md"));
        page.ShouldContain("| 2 | ");
        page.ShouldContain("| more | 8 | 3 | 63.16 % | Mara |");
        page.ShouldContain("--extend part/2");
        foreach (var (before, after) in ((TaughtModel, TaughtModel)[])[(_first, second), (second, third)])
            after.Warnings.Any(w => w.StartsWith("The threshold rises from ", StringComparison.Ordinal)).ShouldBe(after.Card.Threshold > before.Card.Threshold, string.Join(" ", after.Warnings));
        foreach (var version in (TaughtModel[])[second, third])
            version.Warnings.Any(w => w.Contains("The threshold stays")).ShouldBe(!version.Warnings.Any(w => w.Contains("They give the highest score among these as the threshold")), string.Join(" ", version.Warnings));
    }

    [Fact]
    public void The_same_parts_and_version_give_the_same_bytes()
    {
        var second = TeachingFolder.Taught(Extension());
        TeachingFolder.Taught(Extension() with { Out = _folder.PathOf("again/2"), Name = "part" }).Card.Sha256.ShouldBe(second.Card.Sha256);
    }

    [Fact]
    public void A_new_version_that_would_let_a_known_defect_pass_is_refused_by_name_and_leaves_nothing()
    {
        var known = _folder.PathOf("part/known-defects");
        Directory.CreateDirectory(known);
        foreach (var (kind, pixels, mask) in SimulatedSet.Test(TeachingFolder.Line, good: 1, defective: 6))
            using (pixels)
            using (mask)
                if (kind == "foreign-body") Cv2.ImWrite(Path.Combine(known, "caught.png"), pixels);
        TeachingFolder.Taught(Extension()).KnownDefects.ShouldBe(1);

        File.Copy(_folder.PathOf("more/00000.png"), Path.Combine(known, "looks-good.png"));
        foreach (var request in (TeachRequest[])[Extension() with { Out = _folder.PathOf("part/3") }, _folder.Request("part/4") with { Good = _folder.PathOf("more") }])
        {
            var failure = TeachingFolder.Teach(request).Failure.ShouldNotBeNull();
            failure.Code.ShouldBe("known-defects-pass");
            failure.Message.ShouldContain("1 of 2 known defects pass: looks-good.png (score ");
            failure.Message.Contains("--max-false-rejects").ShouldBe(request.Extend is null, "the threshold of an extended version cannot fall");
            Directory.EnumerateFileSystemEntries(_folder.PathOf("part")).Select(Path.GetFileName).ShouldBe(["1", "2", "known-defects"], ignoreOrder: true);
        }
        // Where the new version goes elsewhere, the known defects of the extended one count all the same.
        TeachingFolder.Teach(Extension() with { Out = _folder.PathOf("other/part/2") }).Failure.ShouldNotBeNull().Code.ShouldBe("known-defects-pass");
        // So do those that a station has collected for a model of this name.
        var elsewhere = _folder.Request("elsewhere/part/1") with { Good = _folder.PathOf("more") };
        TeachingFolder.Teach(elsewhere with { Models = _folder.PathOf("") }).Failure.ShouldNotBeNull().Code.ShouldBe("known-defects-pass");
        TeachingFolder.Taught(elsewhere).KnownDefects.ShouldBe(0);

        using (var simulated = Cv2.ImRead(_folder.PathOf("more/00000.png")))
            File.WriteAllBytes(Path.Combine(known, "looks-good.png"), GeneratedPicture.Encode(simulated, PictureFormat.Png, 1_000_000, Guid.Empty));
        var labelled = TeachingFolder.Teach(Extension() with { Out = _folder.PathOf("part/3") }).Failure.ShouldNotBeNull();
        labelled.Message.ShouldContain("carries the label of generated content");
        KnownDefects.Add(_folder.PathOf("part"), "another.png", File.ReadAllBytes(Path.Combine(known, "looks-good.png"))).Value.ShouldBeFalse();
        File.Exists(Path.Combine(known, "another.png")).ShouldBeFalse();

        File.WriteAllText(Path.Combine(known, "looks-good.png"), "no picture");
        TeachingFolder.Teach(Extension() with { Out = _folder.PathOf("part/3") }).Failure.ShouldNotBeNull().Message.ShouldStartWith("A known defect cannot be shown");
    }

    [Fact]
    public void Parts_like_the_old_ones_add_few_patches_and_parts_of_another_look_more()
    {
        Directory.CreateDirectory(_folder.PathOf("dim"));
        foreach (var file in Directory.GetFiles(_folder.PathOf("more")))
        {
            using var pixels = Cv2.ImRead(file);
            using var dim = new Mat();
            pixels.ConvertTo(dim, -1, 0.6, 0);
            Cv2.ImWrite(Path.Combine(_folder.PathOf("dim"), Path.GetFileName(file)), dim);
        }
        var like = TeachingFolder.Taught(Extension()).Patches - _first.Patches;
        var unlike = TeachingFolder.Taught(Extension() with { Out = _folder.PathOf("part/3"), Good = _folder.PathOf("dim") });
        like.ShouldBeInRange(1, unlike.Patches - _first.Patches - 1);
        unlike.Warnings.ShouldContain(w => w.StartsWith("Version 1 would have rejected 3 of the 3 new photos"));
    }

    [Fact]
    public void A_bad_part_among_the_new_ones_is_named_and_none_of_the_old_ones_is()
    {
        foreach (var (kind, pixels, mask) in SimulatedSet.Test(TeachingFolder.Line, good: 1, defective: 6))
            using (pixels)
            using (mask)
                if (kind == "foreign-body") Cv2.ImWrite(_folder.PathOf("more/hidden.png"), pixels);
        var second = TeachingFolder.Taught(Extension());
        var odd = second.Odd.ShouldHaveSingleItem(string.Join(", ", second.Odd));
        odd.Name.ShouldBe("hidden.png");
        File.Exists(Path.Combine(second.Folder, odd.Picture!)).ShouldBeTrue();
        File.Exists(Path.Combine(second.Folder, odd.Picture!.Replace(".jpg", "-photo.jpg"))).ShouldBeTrue("without the heat");
    }

    [Fact]
    public void What_cannot_be_extended_is_told_with_the_remedy()
    {
        string Code(TeachRequest request) => TeachingFolder.Teach(request).Failure.ShouldNotBeNull().Code;

        Code(Extension() with { Extend = _folder.PathOf("none") }).ShouldBe("model-folder-missing");
        Code(Extension() with { Out = _folder.PathOf("other/2") }).ShouldBe("extend-not-next");
        Code(Extension() with { Out = _folder.PathOf("new/part/1") }).ShouldBe("extend-not-next");
        Code(Extension() with { Input = new InputSize(64, 64) }).ShouldBe("teach-settings");
        Code(Extension() with { Good = "simulated:4" }).ShouldBe("photos-too-few");

        using (var pixels = Cv2.ImRead(_folder.PathOf("more/00000.png")))
        using (var upright = pixels.Resize(new Size(240, 320)))
        {
            Directory.CreateDirectory(_folder.PathOf("upright"));
            for (var i = 0; i < 6; i++)
            {
                upright.Set(0, i, new Vec3b(1, 2, 3));
                Cv2.ImWrite(_folder.PathOf($"upright/{i}.png"), upright);
            }
        }
        Code(Extension() with { Good = _folder.PathOf("upright") }).ShouldBe("extend-other-shape");

        var record = Path.Combine(_first.Folder, TeachRecord.FileName);
        var text = File.ReadAllText(record);
        File.WriteAllText(record, text.Replace("\"commonShare\": 0.7", "\"commonShare\": 0.5", StringComparison.Ordinal));
        Code(Extension()).ShouldBe("extend-other-method");
        File.WriteAllText(record, text.Replace("[0, ", "[99, ", StringComparison.Ordinal));
        Code(Extension()).ShouldBe("teach-record-unreadable");
        File.WriteAllText(record, text.Replace("[0, ", "[", StringComparison.Ordinal));
        Code(Extension()).ShouldBe("teach-record-unreadable");
        File.WriteAllText(record, text[..(text.Length / 2)]);
        Code(Extension()).ShouldBe("teach-record-unreadable");
        File.Delete(record);
        Code(Extension()).ShouldBe("teach-record-unreadable");
    }

    [Fact]
    public void Photos_that_the_version_has_learnt_already_count_as_copies()
    {
        var second = TeachingFolder.Taught(Extension());
        TeachingFolder.Teach(Extension() with { Extend = second.Folder, Out = _folder.PathOf("part/3") }).Failure.ShouldNotBeNull().Code.ShouldBe("photos-too-few");
    }

    private TeachRequest Extension() => _folder.Request("part/2") with { Extend = _first.Folder, Good = _folder.PathOf("more"), Input = null };

    private static TaughtMemory Memory(TaughtModel model) => TaughtMemory.Read(Path.Combine(model.Folder, "model.onnx")).Value.ShouldNotBeNull();

    private static float Score(GraphRun run, Mat pixels)
    {
        var score = float.NaN;
        run.Run(pixels, values => score = values[0]);
        return score;
    }
}
