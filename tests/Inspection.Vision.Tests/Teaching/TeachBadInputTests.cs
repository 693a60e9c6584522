using OpenCvSharp;

namespace Inspection.Vision.Tests.Teaching;

public sealed class TeachBadInputTests : IDisposable
{
    private readonly TeachingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_folder_and_no_photo_are_told_apart()
    {
        _folder.Refusal(_folder.Request()).Code.ShouldBe("folder-missing");
        Directory.CreateDirectory(_folder.Photos);
        _folder.Refusal(_folder.Request()).Code.ShouldBe("folder-empty");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Fewer_than_five_parts_are_refused_with_how_many_are_needed(int photos)
    {
        var failure = _folder.With(photos).Refusal(_folder.Request());
        failure.Code.ShouldBe("photos-too-few");
        failure.Message.ShouldContain("at least 5");
    }

    [Fact]
    public void Copies_of_one_photo_are_one_part()
    {
        _folder.With(photos: 1);
        for (var i = 1; i < 8; i++) File.Copy(Path.Combine(_folder.Photos, "00000.png"), Path.Combine(_folder.Photos, $"copy{i}.png"));
        var failure = _folder.Refusal(_folder.Request());
        failure.Code.ShouldBe("photos-too-few");
        failure.Message.ShouldContain("only 1 differs");
    }

    [Fact]
    public void A_copy_among_enough_parts_is_left_out_and_said()
    {
        _folder.With(photos: 6);
        File.Copy(Path.Combine(_folder.Photos, "00002.png"), Path.Combine(_folder.Photos, "copy.png"));
        var taught = TeachingFolder.Taught(_folder.Request());
        taught.Photos.ShouldBe(6);
        taught.Warnings.ShouldContain(w => w.Contains("equal to others"));
    }

    [Fact]
    public void Identical_pictures_in_different_files_cannot_give_a_threshold()
    {
        using var pixels = SimulatedSet.Good(TeachingFolder.Line, 1).Single().Pixels;
        for (var i = 0; i < 6; i++)
        {
            Cv2.ImEncode(".png", pixels, out var bytes, [(int)ImwriteFlags.PngCompression, i]);
            Directory.CreateDirectory(_folder.Photos);
            File.WriteAllBytes(Path.Combine(_folder.Photos, $"{i}.png"), bytes);
        }
        // All patches are in the memory, so that nothing but rounding is left of a distance.
        _folder.Refusal(_folder.Request() with { MaxPatches = 1000 }).Code.ShouldBe("photos-identical");
    }

    [Fact]
    public void A_part_kept_out_whose_picture_is_in_the_memory_or_kept_out_twice_does_not_count_for_the_threshold()
    {
        _folder.With(photos: 12);
        foreach (var file in Directory.GetFiles(_folder.Photos))
        {
            using var pixels = Cv2.ImRead(file);
            Cv2.ImWrite(Path.Combine(_folder.Photos, "again-" + Path.GetFileName(file)), pixels, new ImageEncodingParam(ImwriteFlags.PngCompression, 9));
        }
        var taught = TeachingFolder.Taught(_folder.Request());

        var photos = TeachRecord.Read(Path.Combine(taught.Folder, TeachRecord.FileName)).Value.ShouldNotBeNull().Photos;
        static string Picture(TeachRecord.Photo photo) => photo.Name.Replace("again-", "", StringComparison.Ordinal);
        var memory = photos.Where(p => p.Use == PhotoUse.Memory).Select(Picture).ToHashSet();
        TeachRecord.Photo[] keptOut = [.. photos.Where(p => p.Use == PhotoUse.KeptOut)];
        // A third of 24 files were drawn, and those of them that are twins are no more.
        keptOut.Length.ShouldBeInRange(1, 7);
        (keptOut.Length + photos.Count(p => p.Use == PhotoUse.Duplicate)).ShouldBe(8);
        keptOut.Select(Picture).ShouldBeUnique();
        keptOut.Select(Picture).Intersect(memory).ShouldBeEmpty();
        (taught.KeptOut, taught.Card.Bound!.MaxFalseRejectRate).ShouldBe((keptOut.Length, FalseRejectBound.Of(keptOut.Length, 0)));
        taught.Card.Threshold.ShouldBe(keptOut.Max(p => p.Score!.Value));
        taught.Warnings.ShouldContain(w => w.Contains("The 24 photos show only 12 different pictures") && w.Contains($"which follows from {keptOut.Length}."));
        // Nor is any of these files new to a version that extends it.
        TeachingFolder.Teach(_folder.Request("part/2") with { Extend = taught.Folder, Input = null }).Failure.ShouldNotBeNull().Code.ShouldBe("photos-too-few");
    }

    [Fact]
    public void Black_blown_out_and_empty_photos_are_refused_by_name_all_at_once()
    {
        _folder.With(photos: 6);
        foreach (var (name, grey) in ((string, int)[])[("black.png", 0), ("white.png", 255), ("flat.png", 120)])
        {
            using var pixels = new Mat(240, 320, MatType.CV_8UC3, Scalar.All(grey));
            _folder.Photo(name, pixels);
        }
        // Kept-out photos are looked at later, so that each must be found wherever it falls.
        for (var seed = 1; seed <= 3; seed++)
        {
            var failure = _folder.Refusal(_folder.Request() with { Seed = seed });
            failure.Code.ShouldBe("photos-refused");
            foreach (var told in (string[])["3 photos are refused", "black.png is black", "white.png is blown out", "flat.png is blurred", "--leave-out"]) failure.Message.ShouldContain(told);
        }
    }

    [Fact]
    public void A_truncated_photo_is_refused_by_name()
    {
        _folder.With(photos: 6);
        var path = Path.Combine(_folder.Photos, "00003.png");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..2000]);
        var failure = _folder.Refusal(_folder.Request());
        failure.Message.ShouldContain("00003.png");
        failure.Message.ShouldContain("truncated");
    }

    [Fact]
    public void All_truncated_photos_are_refused_by_name_at_once_and_those_that_are_left_out_are_not_looked_at()
    {
        _folder.With(photos: 17);
        string[] truncated = [.. Enumerable.Range(0, 12).Select(i => $"{i:00000}.png")];
        foreach (var name in truncated)
        {
            var path = Path.Combine(_folder.Photos, name);
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..2000]);
        }
        var failure = _folder.Refusal(_folder.Request());
        failure.Message.ShouldStartWith("12 photos are refused");
        foreach (var name in truncated[..10]) failure.Message.ShouldContain(name + " is truncated");
        failure.Message.ShouldEndWith("… and 2 more");

        // An empty file has no bytes to count it by, and the first photo no more say than others.
        File.WriteAllBytes(Path.Combine(_folder.Photos, truncated[0]), []);
        TeachingFolder.Taught(_folder.Request() with { LeaveOut = truncated }).Photos.ShouldBe(5);
    }

    [Fact]
    public void The_shape_is_that_of_most_photos_whatever_the_first_one_has()
    {
        _folder.With(photos: 6);
        using (var pixels = SimulatedSet.Good(TeachingFolder.Line, 7).Last().Pixels)
        using (var upright = pixels.Resize(new Size(240, 320)))
            _folder.Photo("+first.png", upright);
        var failure = _folder.Refusal(_folder.Request());
        failure.Message.ShouldStartWith("1 photo is refused; remove, replace or leave out (--leave-out NAME)");
        failure.Message.ShouldContain("+first.png has 240 × 320 pixels, most photos 320 × 240: another shape.");
        TeachingFolder.Taught(_folder.Request() with { LeaveOut = ["+first.png"], Align = true, Input = null }).Photos.ShouldBe(6);
    }

    [Fact]
    public void A_photo_of_another_shape_or_a_tiny_one_is_refused_and_one_of_another_size_or_nearly_the_shape_is_told()
    {
        _folder.With(photos: 6);
        using var pixels = SimulatedSet.Good(TeachingFolder.Line, 7).Last().Pixels;
        using var half = pixels.Resize(new Size(160, 120));
        _folder.Photo("half.png", half);
        using var wider = pixels.Resize(new Size(340, 240));
        _folder.Photo("wider.png", wider);
        var taught = TeachingFolder.Taught(_folder.Request("half/1"));
        taught.Photos.ShouldBe(8);
        taught.Warnings.ShouldContain(w => w.Contains("1 photo has another size than most (320 × 240), such as half.png (160 × 120)."));
        taught.Warnings.ShouldContain(w => w.Contains("1 photo has another shape than most (320 × 240) and was stretched to it, such as wider.png;"));
        using var tiny = pixels.Resize(new Size(40, 30));
        _folder.Photo("tiny.png", tiny);
        _folder.Refusal(_folder.Request()).Message.ShouldContain("tiny.png has 40 × 30 pixels: too few to see a defect, at least 32 a side are needed.");
        using var upright = pixels.Resize(new Size(240, 320));
        _folder.Photo("upright.png", upright);
        _folder.Refusal(_folder.Request()).Message.ShouldContain("upright.png has 240 × 320");
    }

    [Fact]
    public void A_version_is_never_overwritten()
    {
        _folder.With(photos: 5);
        var taught = TeachingFolder.Taught(_folder.Request());
        var before = File.ReadAllBytes(Path.Combine(taught.Folder, "model.onnx"));
        TeachingFolder.Teach(_folder.Request()).Failure.ShouldNotBeNull().Code.ShouldBe("teach-out-exists");
        File.ReadAllBytes(Path.Combine(taught.Folder, "model.onnx")).ShouldBe(before);
    }

    [Fact]
    public void Where_the_folder_cannot_be_written_it_is_said_and_nothing_is_left()
    {
        _folder.With(photos: 5);
        File.WriteAllText(_folder.PathOf("file"), "");
        var failure = TeachingFolder.Teach(_folder.Request("file/1")).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("teach-not-written");
        File.ReadAllText(_folder.PathOf("file")).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_killed_teaching_left_is_no_model_and_does_not_stand_in_the_way()
    {
        _folder.With(photos: 5);
        foreach (var left in (string[])["part/.1.unfinished", "part/.1.unfinished-0123"])
        {
            Directory.CreateDirectory(_folder.PathOf(left));
            File.WriteAllText(_folder.PathOf(left + "/model.onnx"), "half");
        }
        File.WriteAllText(_folder.PathOf("part/.1.unfinished-0123.lock"), "");
        var taught = TeachingFolder.Taught(_folder.Request());
        Directory.EnumerateFileSystemEntries(_folder.PathOf("part")).ShouldBe([taught.Folder]);
    }

    [Fact]
    public void A_model_version_and_known_defects_among_the_photos_are_no_good_parts_and_none_is_taught_into_them()
    {
        _folder.With(photos: 6);
        var failure = _folder.Refusal(_folder.Request("photos/bolt/1"));
        failure.Code.ShouldBe("teach-settings");
        failure.Message.ShouldContain("in the folder of the good parts; allowed: a folder outside of it");

        // As an earlier program left it there.
        var taught = TeachingFolder.Taught(_folder.Request("bolt/1"));
        Directory.CreateDirectory(Path.Combine(_folder.Photos, "bolt/known-defects"));
        Directory.Move(taught.Folder, Path.Combine(_folder.Photos, "bolt/1"));
        File.Copy(Path.Combine(_folder.Photos, "bolt/1/thumbnails", Path.GetFileName(Directory.GetFiles(Path.Combine(_folder.Photos, "bolt/1/thumbnails"))[0])), Path.Combine(_folder.Photos, "bolt/known-defects/caught.jpg"));
        var again = TeachingFolder.Taught(_folder.Request("bolt/1"));
        (again.Photos, again.Card.Sha256).ShouldBe((6, taught.Card.Sha256));

        foreach (var named in (string[])["bolt/1", "bolt/known-defects"])
            TeachingFolder.Teach(_folder.Request("bolt/2") with { Good = Path.Combine(_folder.Photos, named) }).Failure.ShouldNotBeNull().Code.ShouldBe("folder-no-good-parts");
    }

    [Fact]
    public void A_missing_or_wrong_backbone_is_explained()
    {
        _folder.With(photos: 5);
        _folder.Refusal(_folder.Request() with { Backbone = _folder.PathOf("none") }).Code.ShouldBe("backbone-missing");
        Directory.CreateDirectory(_folder.PathOf("bad"));
        File.WriteAllText(_folder.PathOf("bad/features.onnx"), "no model at all");
        _folder.Refusal(_folder.Request() with { Backbone = _folder.PathOf("bad") }).Code.ShouldBeOneOf("backbone-unreadable", "backbone-wrong");
        new TinyModel().Write(_folder.PathOf("bad/features.onnx"));
        _folder.Refusal(_folder.Request() with { Backbone = _folder.PathOf("bad") }).Code.ShouldBe("backbone-wrong");
    }

    [Theory]
    [InlineData("simulated:")]
    [InlineData("simulated:0")]
    [InlineData("simulated:many")]
    [InlineData("simulated:10:1:21")]
    [InlineData("simulated:10:1:askew")]
    [InlineData("simulated:10:1:1:1")]
    [InlineData("simulated:10001")]
    public void Simulated_parts_that_make_no_sense_are_explained(string good)
        => _folder.Refusal(_folder.Request() with { Good = good }).Code.ShouldBe("simulated-parts");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("Mara\n# Not the card's own heading")]
    public void A_name_that_would_break_the_card_is_refused(string by)
        => (_folder.Request() with { By = by }).Errors().ShouldHaveSingleItem().ToString().ShouldContain("allowed: 1–64 characters, no control characters");

    [Fact]
    public void The_card_tells_the_whole_command_that_teaches_it_again()
    {
        _folder.With(photos: 7);
        File.Move(Path.Combine(_folder.Photos, "00006.png"), Path.Combine(_folder.Photos, "it's bad.png"));
        string Page(TeachRequest request) => File.ReadAllText(Path.Combine(TeachingFolder.Taught(request).Folder, "README.md"));
        Page(_folder.Request() with { Regions = ["0,0,300,220", "100,100,50,50"], LeaveOut = ["it's bad.png"], By = "Mara | Li", MillimetresPerPixel = 0.05, MaxFalseRejects = 0.05 })
            .ShouldContain("`bash src/run.sh teach --good photos --out DIR --input 128x96 --roi 0,0,300,220 --roi 100,100,50,50 --leave-out 'it'\\''s bad.png' --max-false-rejects 0.05 --mm-per-pixel 0.05 --by 'Mara | Li'`");
        var aligned = Page(_folder.Request("part/2") with { Align = true, AlignMark = "90,60,140,120", AlignTurn = 5, LeaveOut = ["it's bad.png"], Precision = TeachPrecision.Quantised });
        aligned.ShouldContain("--input 128x96 --precision int8 --align 90,60,140,120 --align-turn 5 --leave-out ");
    }

    [Fact]
    public void All_settings_that_are_wrong_are_told_together_with_what_is_allowed()
    {
        var request = _folder.Request() with { Good = " ", Name = "No Name", Input = new InputSize(100, 100), MaxFalseRejects = double.NaN, MaxPatches = 0, Version = 0 };
        request.Errors().Select(e => e.Name).ShouldBe(["teach.good", "teach.name", "teach.version", "teach.input", "teach.maxFalseRejects", "teach.maxPatches"], ignoreOrder: true);
        TeachingFolder.Teach(request).Failure.ShouldNotBeNull().Message.ShouldContain("0.0001–0.5");
    }
}
