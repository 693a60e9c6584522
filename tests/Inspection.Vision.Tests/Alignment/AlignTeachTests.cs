using Inspection.Core;
using Inspection.Testing;
using Inspection.Vision.Tests.Teaching;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Alignment;

public sealed class AlignTeachTests(ITestOutputHelper output) : IDisposable
{
    private static readonly SimulatedOptions Askew = TeachingFolder.Line with { Turn = 12 };

    private readonly TeachingFolder _folder = Photos();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_parts_that_lie_askew_more_defects_are_told_apart_when_they_are_turned_upright()
    {
        const string Good = "simulated:40:6:12", Test = "simulated:60:60:6:12";
        Vision.Evaluation Judged(TeachRequest request)
        {
            var taught = TeachingFolder.Taught(request with { Good = Good, Input = new InputSize(256, 192), MaxPatches = 1000, Regions = ["125,95,390,290"] });
            var found = new Evaluator(new HastyTime()).Evaluate(taught.Folder, Test).Value.ShouldNotBeNull();
            output.WriteLine($"{taught.Card.Name}: AUROC {found.Auroc:F4}, escapes {found.EscapeRate:P1} and good parts rejected {found.FalseRejectRate:P1} at its own threshold, pixel AUROC {found.PixelAuroc:F4}, {found.Unscored} not found");
            return found;
        }

        var asTheyLie = Judged(_folder.Request("lying/1"));
        var upright = Judged(Request("upright/1"));
        upright.Unscored.ShouldBe(0, "all are found");
        upright.Auroc!.Value.ShouldBeGreaterThan(asTheyLie.Auroc!.Value, $"{upright.Auroc} and {asTheyLie.Auroc}");
        upright.EscapeRate!.Value.ShouldBeLessThan(asTheyLie.EscapeRate!.Value);
        upright.PixelAuroc!.Value.ShouldBeGreaterThan(0.95, "the maps are turned back to the photos");
    }

    [Fact]
    public void The_template_stands_in_the_models_folder_and_the_same_parts_give_the_same_bytes()
    {
        var taught = TeachingFolder.Taught(Request());
        var align = taught.Card.Align.ShouldNotBeNull();
        (align.PhotoWidth, align.PhotoHeight, align.Turn, align.InView).ShouldBe((320, 240, 30, align.Mark));
        align.LeastLikeness.ShouldBeInRange(0.6, 0.9);
        File.Exists(Path.Combine(taught.Folder, align.File)).ShouldBeTrue();
        var again = TeachingFolder.Taught(Request("again/1") with { Name = "part" });
        (again.Card.Sha256, again.Card.Align).ShouldBe((taught.Card.Sha256, align));

        var record = TeachRecord.Read(Path.Combine(taught.Folder, TeachRecord.FileName)).Value.ShouldNotBeNull();
        (record.Settings.Align, record.Settings.Reference).ShouldBe((align, "00000.png"));
        var page = File.ReadAllText(Path.Combine(taught.Folder, "README.md"));
        page.ShouldContain("| turns parts upright | by the mark ");
        page.ShouldContain($"--align {align.Mark.X},{align.Mark.Y},{align.Mark.Width},{align.Mark.Height} --align-turn 30");

        var asTheyLie = TeachingFolder.Taught(_folder.Request("lying/1"));
        asTheyLie.Card.Align.ShouldBeNull();
        File.ReadAllText(Path.Combine(asTheyLie.Folder, ModelCard.FileName)).ShouldNotContain("align");
        File.Exists(Path.Combine(asTheyLie.Folder, PartTemplate.FileName)).ShouldBeFalse();
    }

    [Fact]
    public void A_template_of_simulated_parts_carries_the_label_below_what_is_searched()
    {
        var taught = TeachingFolder.Taught(Request() with { Good = "simulated:6:3:12" });
        var file = File.ReadAllBytes(Path.Combine(taught.Folder, PartTemplate.FileName));
        file.AsSpan().IndexOf("iTXtAIGC"u8).ShouldBeGreaterThan(0);
        using var picture = Cv2.ImDecode(file, ImreadModes.Grayscale);
        using var loaded = ModelFolder.Load(taught.Folder).Value.ShouldNotBeNull();
        using var searched = loaded.Template!.Picture();
        searched.Height.ShouldBeLessThan(picture.Height);
        using var strip = picture[searched.Height, picture.Height, 0, picture.Width];
        Cv2.CountNonZero(strip).ShouldBeGreaterThan(10, "the visible label");
    }

    [Fact]
    public void A_turned_parts_defect_is_marked_where_it_is_on_its_photo_and_a_passing_part_allocates_nothing()
    {
        using var line = new Judging(TeachingFolder.Taught(Request() with { Good = "simulated:40:6:12", Input = new InputSize(256, 192), MaxPatches = 500 }));
        using var scene = new SimulatedScene(Askew);
        var marked = 0;
        for (var n = 0; n < 12; n++)
        {
            var part = SimulatedPart.Of(77, n, 0, turn: 12) with { Defect = SimulatedDefect.ForeignBody };
            using var pixels = SimulatedSet.Render(scene, Askew, part);
            using var mask = scene.Mask(part);
            var seen = line.Detect(pixels);
            if (!(seen.Score > seen.Threshold)) continue;
            marked++;
            var box = Cv2.BoundingRect(mask);
            box.Inflate(12, 12);
            var region = seen.Regions[0];
            region.Score.ShouldBeGreaterThan(seen.Threshold);
            new Rect(region.X, region.Y, region.Width, region.Height).IntersectsWith(box).ShouldBeTrue($"part {n} turned by {part.Angle:F1}: {region} and {box}");
            var at = seen.Map.ToArray().Index().MaxBy(v => v.Item).Index;
            box.Contains(new Point(((at % seen.MapWidth) + 0.5) * 320 / seen.MapWidth, ((at / seen.MapWidth) + 0.5) * 240 / seen.MapHeight)).ShouldBeTrue($"part {n}");
        }
        marked.ShouldBeGreaterThan(5);

        using var good = SimulatedSet.Render(scene, Askew, SimulatedPart.Of(6, SimulatedSet.FirstTaught, 0, turn: 12));
        line.Detect(good).Score.ShouldBeLessThanOrEqualTo(line.Detected.Threshold);
        line.AllocatedBy(good).ShouldBe(0);
    }

    [Fact]
    public void A_part_that_is_not_found_is_Indeterminate_and_tells_why_and_never_passes()
    {
        using var line = new Judging(TeachingFolder.Taught(Request()));
        using var good = Cv2.ImRead(Path.Combine(_folder.Photos, "00000.png"));
        line.Verdict(good).Reason.ShouldBeOneOf(VerdictReason.WithinThreshold, VerdictReason.AboveThreshold);

        using var far = AskewPhoto.Of(good, 50, 0, 0);
        using var cut = AskewPhoto.Of(good, 0, 0.4, 0);
        using var empty = good[0, 40, 0, 320].Repeat(6, 1);
        foreach (var lost in (Mat[])[far, cut, empty])
        {
            line.Verdict(lost).ShouldBe(Verdict.Indeterminate(VerdictReason.PartNotFound));
            line.Detected.NotFound.ShouldNotBeNull().ShouldStartWith("The picture shows ");
            float.IsNaN(line.Detected.Score).ShouldBeTrue();
            line.Detected.Regions.ShouldBeEmpty();
        }
        using var dark = new Mat(240, 320, MatType.CV_8UC3, Scalar.All(1));
        line.Verdict(dark).Reason.ShouldBe(VerdictReason.DarkFrame, "a dark frame is told as such");
        line.Verdict(good).Reason.ShouldBeOneOf(VerdictReason.WithinThreshold, VerdictReason.AboveThreshold);
    }

    [Fact]
    public void Photos_in_which_an_evaluation_finds_no_part_have_no_score_and_say_so()
    {
        var taught = TeachingFolder.Taught(Request());
        using var good = Cv2.ImRead(Path.Combine(_folder.Photos, "00000.png"));
        using var far = AskewPhoto.Of(good, 70, 0, 0);
        foreach (var (name, picture) in ((string, Mat)[])[("good/a", good), ("bad/b", far)])
        {
            Directory.CreateDirectory(_folder.PathOf("data/" + Path.GetDirectoryName(name)));
            Cv2.ImWrite(_folder.PathOf($"data/{name}.png"), picture);
        }
        var found = new Evaluator(new HastyTime()).Evaluate(taught.Folder, _folder.PathOf("data")).Value.ShouldNotBeNull();
        found.Unscored.ShouldBe(1);
        var lost = found.Photos.Single(p => p.Score is null);
        (lost.Path, lost.Verdict).ShouldBe(("bad/b.png", VerdictKind.Indeterminate));
        lost.Reason.ShouldNotBeNull().ShouldContain("The picture shows");
    }

    [Fact]
    public void An_extended_version_keeps_the_template_and_cannot_get_one()
    {
        var first = TeachingFolder.Taught(Request());
        var extension = _folder.Request("part/2") with { Extend = first.Folder, Good = "simulated:6:8:12", Input = null };
        var second = TeachingFolder.Taught(extension);
        second.Card.Align.ShouldBe(first.Card.Align);
        File.ReadAllBytes(Path.Combine(second.Folder, PartTemplate.FileName)).ShouldBe(File.ReadAllBytes(Path.Combine(first.Folder, PartTemplate.FileName)));
        var record = TeachRecord.Read(Path.Combine(second.Folder, TeachRecord.FileName)).Value.ShouldNotBeNull();
        (record.Settings.Align, record.Settings.Reference).ShouldBe((first.Card.Align, "00000.png"));

        var asTheyLie = TeachingFolder.Taught(_folder.Request("lying/1"));
        foreach (var version in (string[])[first.Folder, asTheyLie.Folder])
        {
            var refused = TeachingFolder.Teach(extension with { Extend = version, Out = _folder.PathOf("lying/2"), Align = true }).Failure.ShouldNotBeNull();
            refused.Code.ShouldBe("teach-settings");
            refused.Message.ShouldContain("teach anew");
        }
    }

    [Fact]
    public void A_known_defect_that_is_turned_must_be_rejected_all_the_same()
    {
        var known = Directory.CreateDirectory(_folder.PathOf("part/known-defects")).FullName;
        using (var stained = Cv2.ImRead(Path.Combine(_folder.Photos, "00002.png")))
        {
            stained.Circle(new Point(160, 120), 22, new Scalar(20, 240, 20), -1);
            Cv2.ImWrite(Path.Combine(known, "caught.png"), stained);
        }
        TeachingFolder.Taught(Request()).KnownDefects.ShouldBe(1);
        File.Copy(Path.Combine(_folder.Photos, "00001.png"), Path.Combine(known, "looks-good.png"));
        TeachingFolder.Teach(Request("part/2")).Failure.ShouldNotBeNull().Message.ShouldContain("looks-good.png (score ");
    }

    [Fact]
    public void A_region_of_interest_is_that_of_the_upright_part_and_must_lie_in_the_picture()
    {
        var taught = TeachingFolder.Taught(Request() with { Regions = ["80,60,160,120"] });
        var align = taught.Card.Align.ShouldNotBeNull();
        new Rect(align.InView.X, align.InView.Y, align.InView.Width, align.InView.Height).Contains(new Rect(80, 60, 160, 120)).ShouldBeTrue();
        using var line = new Judging(taught);
        using var turned = Cv2.ImRead(Path.Combine(_folder.Photos, "00003.png"));
        var map = line.Detect(turned).Map.ToArray();
        map.ShouldContain(Overlay.NotLookedAt);
        // A mark far from the region changes nothing but the search.
        map.Count(v => v != Overlay.NotLookedAt).ShouldBeInRange(map.Length / 6, map.Length / 2);

        // With the whole photo as the region every turned part reaches beyond the picture.
        var failure = TeachingFolder.Teach(Request("part/2") with { Regions = ["0,0,320,240"] }).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("photos-refused");
        failure.Message.ShouldContain("cut off");
        failure.Message.ShouldContain("smaller --align");
    }

    [Fact]
    public void Photos_without_the_part_are_named_with_the_remedy_and_may_be_left_out()
    {
        using (var good = Cv2.ImRead(Path.Combine(_folder.Photos, "00000.png")))
        using (var far = AskewPhoto.Of(good, 60, 0, 0))
            _folder.Photo("turned.png", far);
        for (var seed = 1; seed <= 2; seed++)
        {
            var failure = _folder.Refusal(Request() with { Seed = seed });
            failure.Code.ShouldBe("photos-refused");
            failure.Message.ShouldContain("turned.png shows ");
            failure.Message.ShouldContain("--align");
        }
        var taught = TeachingFolder.Taught(Request() with { LeaveOut = ["turned.png", "00000.png"] });
        TeachRecord.Read(Path.Combine(taught.Folder, TeachRecord.FileName)).Value!.Settings.Reference.ShouldBe("00001.png", "the first that is not left out");
    }

    [Fact]
    public void Both_precisions_are_taught_on_the_same_upright_parts()
    {
        var taught = TeachingFolder.Taught(Request() with { Precision = TeachPrecision.Auto });
        taught.PrecisionChoice.ShouldNotBeNull().Painted!.Value.ShouldBeGreaterThan(50);
        taught.Card.Align.ShouldNotBeNull();
        TeachingFolder.Taught(Request("int/1") with { Precision = TeachPrecision.Quantised }).Card.Align!.Sha256.ShouldBe(taught.Card.Align!.Sha256);
    }

    private static TeachingFolder Photos()
    {
        var folder = new TeachingFolder();
        Directory.CreateDirectory(folder.Photos);
        foreach (var (name, pixels) in SimulatedSet.Good(Askew, 10))
            using (pixels) folder.Photo($"{name}.png", pixels);
        return folder;
    }

    private TeachRequest Request(string model = "part/1") => _folder.Request(model) with { Align = true, AlignTurn = 30 };

    /// <summary>A model at the line.</summary>
    private sealed class Judging : IDisposable
    {
        private readonly MatFramePool _pool = new();
        private readonly OnnxDetector _detector;

        public Judging(TaughtModel taught)
        {
            var loaded = ModelFolder.Load(taught.Folder);
            loaded.Failure.ShouldBeNull();
            _detector = new OnnxDetector(loaded.Value!, new HastyTime());
        }

        public Detection Detected { get; } = new();

        public Detection Detect(Mat pixels)
        {
            using var frame = Frame(pixels);
            Detected.Clear();
            _detector.Detect(frame, Some.Recipe, Detected);
            return Detected;
        }

        public Verdict Verdict(Mat pixels)
        {
            using var frame = Frame(pixels);
            return Judge.Decide(frame, Detect(pixels), Some.Recipe);
        }

        public long AllocatedBy(Mat pixels)
        {
            using var frame = Frame(pixels);
            for (var i = 0; i < 3; i++) Look();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++) Look();
            return GC.GetAllocatedBytesForCurrentThread() - before;

            void Look()
            {
                Detected.Clear();
                _detector.Detect(frame, Some.Recipe, Detected);
            }
        }

        public void Dispose()
        {
            _detector.Dispose();
            _pool.Dispose();
        }

        private MatFrame Frame(Mat pixels)
        {
            var time = TimeProvider.System;
            var frame = _pool.TryRent(pixels.Width, pixels.Height, new FrameDescription(
                Identifiers.New(time), Some.Trigger(time), "camera1", time.GetUtcNow(), Simulated: true, Generated: true)).ShouldNotBeNull();
            pixels.CopyTo(frame.Pixels);
            return frame;
        }
    }
}
