using System.Text.Json;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Teaching;

public sealed class SyntheticDefectTests
{
    private static Mat Part() => SimulatedSet.Good(TeachingFolder.Line, 1).Select(p => p.Pixels).Single();

    public static TheoryData<SyntheticDefect> Kinds => [.. Enum.GetValues<SyntheticDefect>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_painted_defect_is_visible_stays_within_its_box_and_follows_from_the_seed(SyntheticDefect kind)
    {
        using var part = Part();
        var painted = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            using var first = part.Clone();
            using var second = part.Clone();
            var box = SyntheticDefects.Paint(first, kind, 30, PartGround.Of(part), new Random(seed));
            SyntheticDefects.Paint(second, kind, 30, PartGround.Of(part), new Random(seed)).ShouldBe(box);
            Cv2.Norm(first, second, NormTypes.L1).ShouldBe(0, "the same seed paints the same");
            using var difference = new Mat();
            Cv2.Absdiff(first, part, difference);
            var whole = Cv2.Sum(difference);
            if (box is not { } found)
            {
                (whole.Val0 + whole.Val1 + whole.Val2).ShouldBe(0, "what could not be painted visibly is left as it was");
                continue;
            }
            painted++;
            using var inside = difference[found];
            var within = Cv2.Sum(inside);
            (within.Val0 + within.Val1 + within.Val2).ShouldBeGreaterThan(0);
            // A blurred edge may reach a little beyond.
            (within.Val0 + within.Val1 + within.Val2).ShouldBeGreaterThan(0.9 * (whole.Val0 + whole.Val1 + whole.Val2));
        }
        painted.ShouldBeGreaterThan(20, "or the test proves nothing");
    }

    [Fact]
    public void Defects_are_painted_on_the_part_where_it_stands_out_and_anywhere_but_at_the_edge_where_it_does_not()
    {
        using var photo = new Mat(100, 200, MatType.CV_8UC3, new Scalar(20, 20, 20));
        Cv2.Rectangle(photo, new Rect(60, 30, 60, 40), new Scalar(200, 180, 160), -1);
        var ground = PartGround.Of(photo);
        ground.Around.ShouldBe(new Scalar(20, 20, 20));
        var random = new Random(1);
        for (var i = 0; i < 200; i++) new Rect(60, 30, 60, 40).Contains(ground.Place(random)).ShouldBeTrue();
        using var plain = new Mat(100, 200, MatType.CV_8UC3, new Scalar(90, 90, 90));
        var anywhere = PartGround.Of(plain);
        for (var i = 0; i < 200; i++) new Rect(20, 10, 160, 80).Contains(anywhere.Place(random)).ShouldBeTrue();
    }

    [Fact]
    public void Teaching_tells_what_it_would_have_caught_with_pictures_that_carry_the_label_and_the_same_seed_tells_the_same()
    {
        using var folder = new TeachingFolder().With(photos: 12);
        var taught = TeachingFolder.Taught(folder.Request() with { MillimetresPerPixel = 0.1 });
        taught.Estimate.Count.ShouldBe(15);
        taught.Estimate.Select(e => e.Kind).Distinct().ShouldBe(Enum.GetValues<SyntheticDefect>());
        foreach (var found in taught.Estimate)
        {
            found.Painted.ShouldBeInRange(4, 6);
            found.Caught.ShouldBeInRange(0, found.Painted);
            (found.CaughtPicture is not null).ShouldBe(found.Caught > 0);
            (found.MissedPicture is not null).ShouldBe(found.Caught < found.Painted);
            foreach (var picture in (string?[])[found.CaughtPicture, found.MissedPicture])
                if (picture is not null) File.ReadAllBytes(Path.Combine(taught.Folder, picture)).AsSpan().IndexOf("AIGC"u8).ShouldBeGreaterThan(0);
        }
        var large = taught.Estimate.Where(e => e.FromPixels == 36).ToList();
        large.Sum(e => e.Caught).ShouldBeGreaterThan(taught.Estimate.Where(e => e.FromPixels == 7).Sum(e => e.Caught), "larger defects are easier");
        large[0].Words(0.1).ShouldEndWith(" of 36–72 px (3.6–7.2 mm)");
        large[0].Words(null).ShouldEndWith(" of 36–72 px");

        using var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(taught.Folder, "teach.json")));
        record.RootElement.GetProperty("estimate").GetArrayLength().ShouldBe(15);
        File.ReadAllText(Path.Combine(taught.Folder, "README.md")).ShouldContain("not a promise of real ones");
        var again = TeachingFolder.Taught(folder.Request("again/1"));
        again.Estimate.ShouldBe(taught.Estimate);
    }
}
