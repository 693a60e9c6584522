using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Teaching;

public sealed class RegionTests : IDisposable
{
    private static readonly Size Photo = new(320, 240);
    private static readonly InputSize Input = new(128, 96);
    private readonly TeachingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rectangles_polygons_and_masks_hold_every_place_that_they_touch()
    {
        // 8 × 6 places of 40 × 40 pixels of the photo.
        Places("40,40,40,40").ShouldBe([9]);
        Places("79,40,2,40").ShouldBe([9, 10]);
        Places("0,0,40,40", "0,200,40,40").ShouldBe([0, 40]);
        Places("40,40,118,40,40,78").ShouldBe([9, 10]);
        Places("0,0,320,240").Length.ShouldBe(48);

        using var mask = new Mat(120, 160, MatType.CV_8UC1, Scalar.Black);
        mask.Rectangle(new Rect(61, 41, 18, 18), Scalar.White, -1);
        Places(_folder.Photo("mask.png", mask)).ShouldBe([19]);
        RegionOfInterest.Name(Path.Combine(_folder.Photos, "mask.png")).ShouldBe("mask.png");
    }

    [Theory]
    [InlineData("400,10,20,20", "roi-outside")]
    [InlineData("-1,10,20,20", "roi-outside")]
    [InlineData("300,10,21,20", "roi-outside")]
    [InlineData("10,10,50,10,50,241", "roi-outside")]
    [InlineData("10,10,0,20", "roi-malformed")]
    [InlineData("10,10,20", "roi-malformed")]
    [InlineData("1,2,3,4,5", "roi-malformed")]
    [InlineData("left upper corner", "roi-malformed")]
    [InlineData("", "roi-malformed")]
    [InlineData("1,1,99999999999,5", "roi-malformed")]
    public void What_is_no_region_is_told_apart(string shape, string code)
        => RegionOfInterest.Read([shape], Photo, Input).Failure.ShouldNotBeNull().Code.ShouldBe(code);

    [Fact]
    public void A_photo_is_no_mask()
    {
        using var photo = SimulatedSet.Good(TeachingFolder.Line, 1).First().Pixels;
        var failure = RegionOfInterest.Read([_folder.Photo("photo.png", photo)], Photo, Input).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("roi-no-mask");
        failure.Message.ShouldContain("Paint white where to look");
    }

    [Fact]
    public void A_mask_of_another_shape_is_refused()
    {
        using var mask = new Mat(160, 120, MatType.CV_8UC1, Scalar.White);
        RegionOfInterest.Read([_folder.Photo("mask.png", mask)], Photo, Input).Failure.ShouldNotBeNull().Code.ShouldBe("roi-other-shape");
    }

    [Fact]
    public void Outside_its_region_a_model_remembers_nothing_scores_nothing_and_says_so()
    {
        _folder.With(photos: 8);
        // The left half.
        var request = _folder.Request() with { Regions = ["0,0,160,240"] };
        var taught = TeachingFolder.Taught(request);
        TeachingFolder.Taught(request with { Out = _folder.PathOf("again/1"), Name = "part" }).Card.Sha256.ShouldBe(taught.Card.Sha256);

        var record = TeachRecord.Read(Path.Combine(taught.Folder, TeachRecord.FileName)).Value.ShouldNotBeNull();
        record.Memory.Patches.ShouldAllBe(p => p.Column < 4);
        record.Settings.Regions.ShouldBe(["0,0,160,240"]);
        File.ReadAllText(Path.Combine(taught.Folder, "README.md")).ShouldContain("| looks only at | 0,0,160,240 in pixels of the photo (320 × 240)");
        File.ReadAllBytes(Path.Combine(taught.Folder, "region.jpg")).AsSpan().IndexOf("AIGC"u8).ShouldBeGreaterThan(0);

        using var photo = Cv2.ImRead(Path.Combine(_folder.Photos, "00000.png"));
        var (score, map) = Look(taught, photo);
        for (var p = 0; p < map.Length; p++) (map[p] == Overlay.NotLookedAt).ShouldBe(p % 8 >= 4, $"place {p}: {map[p]}");
        score.ShouldBe(map.Max());
        using var outside = Marked(photo, 190);
        Look(taught, outside).Score.ShouldBe(score, "nothing outside changes anything, not even close to the region's edge");
        using var inside = Marked(photo, 60);
        Look(taught, inside).Score.ShouldBeGreaterThan(taught.Card.Threshold);
    }

    [Fact]
    public void An_extended_version_looks_where_the_earlier_one_did()
    {
        _folder.With(photos: 6);
        var first = TeachingFolder.Taught(_folder.Request() with { Regions = ["0,0,160,240"] });
        var extension = _folder.Request("part/2") with { Extend = first.Folder, Good = "simulated:6:8", Input = null };
        TeachingFolder.Teach(extension with { Regions = ["0,0,10,10"] }).Failure.ShouldNotBeNull().Code.ShouldBe("teach-settings");
        var second = TeachingFolder.Taught(extension);
        var record = TeachRecord.Read(Path.Combine(second.Folder, TeachRecord.FileName)).Value.ShouldNotBeNull();
        record.Memory.Patches.ShouldAllBe(p => p.Column < 4);
        record.Memory.Patches.ShouldContain(p => p.Photo >= 6);
        record.Settings.Regions.ShouldBe(["0,0,160,240"]);
        using var photo = Cv2.ImRead(Path.Combine(_folder.Photos, "00000.png"));
        Look(second, photo).Map.Count(value => value == Overlay.NotLookedAt).ShouldBe(24);
    }

    [Fact]
    public void Defects_are_painted_only_where_the_model_looks()
    {
        using var photo = new Mat(240, 320, MatType.CV_8UC3, new Scalar(90, 90, 90));
        // The whole photo is of one colour, and the region lies at its edge.
        var region = RegionOfInterest.Read(["0,200,40,40"], Photo, Input).Value.ShouldNotBeNull();
        var ground = PartGround.Of(photo, region);
        var random = new Random(1);
        for (var i = 0; i < 100; i++) new Rect(0, 200, 40, 40).Contains(ground.Place(random)).ShouldBeTrue();
    }

    private static int[] Places(params string[] shapes)
    {
        var region = RegionOfInterest.Read(shapes, Photo, Input);
        region.Failure.ShouldBeNull();
        return [.. Enumerable.Range(0, 48).Where(p => region.Value!.Inside[p])];
    }

    private static Mat Marked(Mat photo, int x)
    {
        var marked = photo.Clone();
        marked.Circle(new Point(x, 120), 22, new Scalar(20, 240, 20), -1);
        return marked;
    }

    private static (float Score, float[] Map) Look(TaughtModel model, Mat photo)
    {
        var file = File.ReadAllBytes(Path.Combine(model.Folder, "model.onnx"));
        using var scores = new GraphRun(file, Input, TaughtGraph.Score);
        using var maps = new GraphRun(file, Input, TaughtGraph.Map);
        var (score, map) = (float.NaN, Array.Empty<float>());
        scores.Run(photo, values => score = values[0]);
        maps.Run(photo, values => map = values.ToArray());
        return (score, map);
    }
}
