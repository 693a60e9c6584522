using Inspection.Vision.Tests.Frames;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Alignment;

public sealed class PoseFinderTests(ITestOutputHelper output)
{
    private static readonly SimulatedOptions Line = new() { Turn = 12 };

    [Fact]
    public void Parts_of_the_line_are_found_to_a_fraction_of_a_degree_and_of_an_input_pixel()
    {
        using var scene = new SimulatedScene(Line);
        SimulatedPart[] parts = [.. Enumerable.Range(0, 25).Select(n => SimulatedPart.Of(Line.Seed, n, 0, turn: Line.Turn))];
        using var pixels = new Mat(480, 640, MatType.CV_8UC3);
        scene.Render(parts[0], pixels);
        using var finder = new PoseFinder(AskewPhoto.Template(pixels, 30));
        foreach (var part in parts)
        {
            scene.Render(part, pixels);
            var pose = finder.Find(pixels);
            pose.Finding.ShouldBe(PoseFinding.Found, $"part {part.Number}");
            pose.Turn.ShouldBe(part.Angle - parts[0].Angle, 0.5, $"part {part.Number}");
            // A corner of the template, a hundred pixels from its middle, so that both errors show.
            var truth = UprightMap.Of(part.Angle - parts[0].Angle, Middle(parts[0]), Middle(part), new Size(640, 480));
            var ((u, v), (x, y)) = (pose.ToPhoto.Of(0.4, 0.4), truth.Of(0.4, 0.4));
            (256 * Math.Max(Math.Abs(u - x), Math.Abs(v - y))).ShouldBeLessThan(1, $"part {part.Number}, in pixels of an input of 256");
        }
    }

    [Theory]
    [InlineData("screws", 30)]
    [InlineData("dobot_cubes", 20)]
    public void Turned_and_shifted_photos_are_found_where_they_were_moved_to(string set, double turn)
    {
        var folder = Path.Combine(SharedPhotos.Root ?? "", set, "train", "good");
        Assert.SkipUnless(SharedPhotos.Root is not null && Directory.Exists(folder), SharedPhotos.WhyNot);
        string[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Take(20)];
        using var first = Cv2.ImRead(files[0]);
        using var finder = new PoseFinder(AskewPhoto.Template(first, turn));
        var random = new Random(5);
        var (turns, pixels, milliseconds, lost) = (new List<double>(), new List<double>(), new List<double>(), 0);
        foreach (var file in files)
        {
            using var photo = Cv2.ImRead(file);
            var straight = finder.Find(photo);
            for (var i = 0; i < 3; i++)
            {
                var (by, x, y) = (30 * (random.NextDouble() - 0.5), 0.16 * (random.NextDouble() - 0.5), 0.16 * (random.NextDouble() - 0.5));
                using var askew = AskewPhoto.Of(photo, by, x, y);
                using var input = InputArray.Create(askew);
                var began = TimeProvider.System.GetTimestamp();
                var pose = finder.Find(input);
                milliseconds.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
                if (straight.Finding != PoseFinding.Found || pose.Finding != PoseFinding.Found)
                {
                    lost++;
                    continue;
                }
                turns.Add(Math.Abs(pose.Turn - straight.Turn - by));
                var (u, v) = straight.ToPhoto.Of(0.5, 0.5);
                var ((eu, ev), (gu, gv)) = (AskewPhoto.Map(photo.Size(), by, x, y).Of(u, v), pose.ToPhoto.Of(0.5, 0.5));
                pixels.Add(256 * Math.Max(Math.Abs(gu - eu), Math.Abs(gv - ev)));
            }
        }
        output.WriteLine($"{set}: turn {At(turns, 0.5):F3} (95 %: {At(turns, 0.95):F2}) degrees, place {At(pixels, 0.5):F3} (95 %: {At(pixels, 0.95):F2}) input pixels, {lost} of {milliseconds.Count} not found, {milliseconds.Min():F2} to {At(milliseconds, 0.5):F2} ms at the photo's size");
        At(turns, 0.5).ShouldBeLessThan(0.5);
        At(pixels, 0.5).ShouldBeLessThan(1);
        lost.ShouldBeLessThan(milliseconds.Count / 5);
    }

    [Fact]
    public void A_part_that_may_lie_in_any_direction_is_found_in_each()
    {
        using var photo = Part(1);
        using var finder = new PoseFinder(AskewPhoto.Template(photo, 180));
        for (var turn = -175; turn <= 180; turn += 71)
        {
            using var askew = AskewPhoto.Of(photo, turn, 0.01, -0.01);
            var pose = finder.Find(askew);
            pose.Finding.ShouldBe(PoseFinding.Found, $"turned by {turn}");
            Math.Abs(Math.IEEERemainder(pose.Turn - turn, 360)).ShouldBeLessThan(0.5, $"turned by {turn}");
        }
    }

    [Fact]
    public void Parts_that_only_lie_elsewhere_are_not_turned()
    {
        using var photo = Part(1);
        using var finder = new PoseFinder(AskewPhoto.Template(photo, 0));
        using var askew = AskewPhoto.Of(photo, 0, 0.05, 0.03);
        var pose = finder.Find(askew);
        (pose.Finding, pose.Turn).ShouldBe((PoseFinding.Found, 0));
        var (u, v) = pose.ToPhoto.Of(0.5, 0.5);
        (u, v).ShouldSatisfyAllConditions(p => p.u.ShouldBe(0.55, 0.004), p => p.v.ShouldBe(0.53, 0.004));
    }

    [Fact]
    public void What_is_turned_too_far_cut_off_or_no_part_at_all_is_not_found_and_says_why()
    {
        using var photo = Part(1);
        var template = AskewPhoto.Template(photo, 10);
        using var finder = new PoseFinder(template);
        Pose Find(Mat askew)
        {
            using (askew) return finder.Find(askew);
        }

        Find(AskewPhoto.Of(photo, 9.8, 0, 0)).Finding.ShouldBe(PoseFinding.Found);
        var far = Find(AskewPhoto.Of(photo, 13, 0, 0));
        far.Finding.ShouldBe(PoseFinding.TurnedTooFar);
        template.Words(far).ShouldContain("more than 10°");
        // A tenth of the template is outside.
        var cut = Find(AskewPhoto.Of(photo, 0, 0.23, 0));
        cut.Finding.ShouldBeOneOf(PoseFinding.CutOff, PoseFinding.Unlike);
        foreach (var empty in (Mat[])[new(480, 640, MatType.CV_8UC3, Scalar.All(0)), new(480, 640, MatType.CV_8UC3, Scalar.All(255)), Belt(), Noise()])
        {
            var nothing = Find(empty);
            nothing.Finding.ShouldBe(PoseFinding.Unlike);
            nothing.ToPhoto.ShouldBe(UprightMap.Unturned);
            template.Words(nothing).ShouldContain("at least 0.4");
        }
    }

    [Fact]
    public void A_part_at_the_edge_is_cut_off_before_it_is_unlike()
    {
        using var photo = Part(1);
        using var finder = new PoseFinder(AskewPhoto.Template(photo, 10));
        var seen = new List<PoseFinding>();
        for (var shift = 0.0; shift < 0.4; shift += 0.01)
        {
            using var askew = AskewPhoto.Of(photo, 0, shift, 0);
            seen.Add(finder.Find(askew).Finding);
        }
        seen.ShouldContain(PoseFinding.CutOff);
        seen.LastIndexOf(PoseFinding.Found).ShouldBeLessThan(seen.IndexOf(PoseFinding.CutOff), "farther out nothing is found again");
        seen[^1].ShouldNotBe(PoseFinding.Found);
    }

    [Theory]
    [InlineData(1920, 1080)]
    [InlineData(480, 640)]
    public void The_picture_that_warms_a_model_up_shows_the_part_unturned_however_high_the_limit_is(int width, int height)
    {
        using var photo = Part(1);
        var template = AskewPhoto.Template(photo, 20, least: LikenessLimit.From(1));
        using var finder = new PoseFinder(template);
        using var drawn = new Mat(height, width, MatType.CV_8UC3);
        template.Draw(drawn);
        var pose = finder.Find(drawn);
        pose.Finding.ShouldBe(PoseFinding.Found, $"{pose.Likeness}");
        pose.Turn.ShouldBe(0, 0.3);
    }

    [Fact]
    public void The_same_picture_gives_the_same_pose_to_the_last_bit_whatever_came_before()
    {
        using var photo = Part(3);
        var template = AskewPhoto.Template(photo, 20);
        using var one = new PoseFinder(template);
        using var other = new PoseFinder(template);
        using var askew = AskewPhoto.Of(photo, 7, 0.02, 0.01);
        var pose = one.Find(askew);
        using var noise = Noise();
        other.Find(noise);
        other.Find(askew).ShouldBe(pose);
    }

    [Fact]
    public void Finding_allocates_nothing_managed()
    {
        using var photo = Part(1);
        using var finder = new PoseFinder(AskewPhoto.Template(photo, 20));
        using var input = InputArray.Create(photo);
        for (var i = 0; i < 3; i++) finder.Find(input);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) finder.Find(input);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void The_limit_leaves_room_below_the_worst_good_part_and_none_below_what_other_things_reach()
    {
        LikenessLimit.From(0.98).ShouldBe(0.88, 1e-9);
        LikenessLimit.From(0.8).ShouldBe(0.6, 1e-9);
        LikenessLimit.From(0.5).ShouldBe(0.35);
    }

    private static Point2d Middle(in SimulatedPart part) => new(320.5 + part.ShiftX, 240.5 + part.ShiftY);

    private static double At(List<double> values, double share) => values.Order().ElementAt((int)(values.Count * share));

    private static Mat Part(int seed) => SimulatedSet.Good(new SimulatedOptions { Seed = seed }, 1).Single().Pixels;

    /// <summary>The simulated line's belt alone: its picture above the part, repeated.</summary>
    private static Mat Belt()
    {
        using var photo = Part(1);
        using var strip = photo[0, 60, 0, 640];
        var belt = new Mat();
        Cv2.Repeat(strip, 8, 1, belt);
        return belt;
    }

    private static Mat Noise()
    {
        var noise = new Mat(480, 640, MatType.CV_8UC3);
        Cv2.SetTheRNG(9);
        Cv2.Randu(noise, Scalar.All(0), Scalar.All(256));
        return noise;
    }
}
