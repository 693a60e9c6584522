using OpenCvSharp;

namespace Inspection.Vision.Tests.Evaluation;

public sealed class PixelScoresTests
{
    [Fact]
    public void A_perfect_map_has_AUROC_1_and_PRO_1_whatever_the_regions_are()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var marked = Random(seed, 40, 30, regions: 3);
            var scores = new PixelScores();
            scores.AddGood(new float[1200], new Size(40, 30), new Size(40, 30));
            using var mask = Mask(marked, 40, 30);
            scores.AddDefect([.. marked.Select(m => m ? 1f : 0f)], new Size(40, 30), new Size(40, 30), mask).ShouldBeTrue();
            scores.Auroc.ShouldBe(1);
            scores.RegionOverlap!.Value.ShouldBe(1, 1e-12);
            scores.MarkedPhotos.ShouldBe(1);
        }
    }

    [Fact]
    public void A_map_that_says_nothing_has_AUROC_one_half_and_the_PRO_of_chance()
    {
        var scores = new PixelScores();
        using var mask = Mask(Random(1, 40, 30, regions: 2), 40, 30);
        scores.AddDefect(new float[1200], new Size(40, 30), new Size(40, 30), mask);
        scores.Auroc.ShouldBe(0.5);
        // All pixels rise together, so the overlap is the share itself, whose mean from 0 to 0.3 is 0.15.
        scores.RegionOverlap!.Value.ShouldBe(0.15, 1e-9);
    }

    [Fact]
    public void PRO_weighs_a_small_region_as_much_as_a_large_one()
    {
        // Ten columns of ten: a region of twenty pixels at the left that is found, one of two pixels at the right that is not.
        var marked = new bool[100];
        var map = new float[100];
        for (var y = 0; y < 10; y++)
            for (var x = 0; x < 10; x++)
            {
                marked[(y * 10) + x] = x < 2 || (x == 9 && y < 2);
                map[(y * 10) + x] = x < 2 ? 4 : 1;
            }
        var scores = new PixelScores();
        using var mask = Mask(marked, 10, 10);
        scores.AddDefect(map, new Size(10, 10), new Size(10, 10), mask);
        // Above every sound pixel the overlap is (1 + 0) / 2, and it rises in a straight line to 1 where all are above.
        scores.RegionOverlap!.Value.ShouldBe((0.5 + 0.65) / 2, 1e-9);
        // By pixels the large region outweighs the other: 20 of 22 win, 2 tie.
        scores.Auroc!.Value.ShouldBe((20 + (2 * 0.5)) / 22, 1e-9);
    }

    [Fact]
    public void Both_equal_their_definition_counted_threshold_by_threshold()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var photos = Enumerable.Range(0, 3).Select(i => (Map: Enumerable.Range(0, 300).Select(_ => random.Next(1, 9) / 2f).ToArray(), Marked: i == 0 ? null : Random(seed + (100 * i), 20, 15, 2))).ToArray();
            var scores = new PixelScores();
            foreach (var (map, marked) in photos)
            {
                if (marked is null)
                {
                    scores.AddGood(map, new Size(20, 15), new Size(20, 15));
                    continue;
                }
                using var mask = Mask(marked, 20, 15);
                scores.AddDefect(map, new Size(20, 15), new Size(20, 15), mask);
            }
            float[] sound = [.. photos.SelectMany(p => p.Map.Where((_, i) => p.Marked?[i] != true))], defect = [.. photos.SelectMany(p => p.Map.Where((_, i) => p.Marked?[i] == true))];
            scores.Auroc!.Value.ShouldBe(Rates.Auroc(sound, defect)!.Value, 1e-12);
            scores.RegionOverlap!.Value.ShouldBe(NaivePro(photos.Select(p => (p.Map, p.Marked is null ? [] : Regions(p.Marked, 20, 15))), sound), 1e-9, $"seed {seed}");
        }
    }

    [Fact]
    public void A_region_that_touches_another_at_a_corner_is_the_same_region()
    {
        var marked = new bool[100];
        marked[0] = marked[11] = true;
        var map = new float[100];
        map[0] = 1;
        var scores = new PixelScores();
        using var mask = Mask(marked, 10, 10);
        scores.AddDefect(map, new Size(10, 10), new Size(10, 10), mask);
        scores.RegionOverlap!.Value.ShouldBe((0.5 + 0.65) / 2, 1e-9);
    }

    [Fact]
    public void A_mask_that_marks_nothing_adds_nothing_and_one_of_any_brightness_or_size_is_understood()
    {
        var scores = new PixelScores();
        using (var empty = new Mat(30, 40, MatType.CV_8UC3, Scalar.Black))
            scores.AddDefect(new float[1200], new Size(40, 30), new Size(40, 30), empty).ShouldBeFalse();
        (scores.Auroc, scores.RegionOverlap, scores.MarkedPhotos).ShouldBe((null, null, 0));
        // A photo of four megapixels, its mask of the same size with a single pixel of value 1, and a map of 4 × 4.
        using var faint = new Mat(2000, 2000, MatType.CV_8UC3, Scalar.Black);
        faint.Set(10, 10, new Vec3b(1, 1, 1));
        float[] map = [9, .. new float[15]];
        scores.AddDefect(map, new Size(4, 4), new Size(2000, 2000), faint).ShouldBeTrue();
        scores.Auroc!.Value.ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void What_is_not_a_number_counts_as_the_most_suspicious()
    {
        var marked = new bool[100];
        marked[5] = true;
        var map = Enumerable.Repeat(1f, 100).ToArray();
        map[5] = float.NaN;
        var scores = new PixelScores();
        using var mask = Mask(marked, 10, 10);
        scores.AddDefect(map, new Size(10, 10), new Size(10, 10), mask);
        scores.Auroc.ShouldBe(1);
    }

    private static double NaivePro(IEnumerable<(float[] Map, List<int[]> Regions)> photos, float[] sound)
    {
        var regions = photos.SelectMany(p => p.Regions.Select(r => r.Select(i => p.Map[i]).ToArray())).ToArray();
        List<(double X, double Y)> points = [(0, 0)];
        foreach (var level in sound.Concat(regions.SelectMany(r => r)).Distinct().OrderDescending())
            points.Add(((double)sound.Count(s => s >= level) / sound.Length, regions.Average(r => (double)r.Count(s => s >= level) / r.Length)));
        double area = 0;
        for (var i = 1; i < points.Count; i++)
        {
            var (a, b) = (points[i - 1], points[i]);
            if (a.X >= 0.3) break;
            if (b.X > 0.3) b = (0.3, a.Y + ((b.Y - a.Y) * (0.3 - a.X) / (b.X - a.X)));
            area += (b.X - a.X) * (a.Y + b.Y) / 2;
        }
        return area / 0.3;
    }

    private static List<int[]> Regions(bool[] marked, int width, int height)
    {
        var (seen, found) = (new bool[marked.Length], new List<int[]>());
        for (var start = 0; start < marked.Length; start++)
        {
            if (!marked[start] || seen[start]) continue;
            var (region, open) = (new List<int>(), new Stack<int>([start]));
            seen[start] = true;
            while (open.TryPop(out var at))
            {
                region.Add(at);
                for (var y = Math.Max(0, (at / width) - 1); y <= Math.Min(height - 1, (at / width) + 1); y++)
                    for (var x = Math.Max(0, (at % width) - 1); x <= Math.Min(width - 1, (at % width) + 1); x++)
                    {
                        var next = (y * width) + x;
                        if (!marked[next] || seen[next]) continue;
                        seen[next] = true;
                        open.Push(next);
                    }
            }
            found.Add([.. region]);
        }
        return found;
    }

    private static bool[] Random(int seed, int width, int height, int regions)
    {
        var (random, marked) = (new Random(seed), new bool[width * height]);
        for (var r = 0; r < regions; r++)
        {
            var (x0, y0, w, h) = (random.Next(width - 4), random.Next(height - 4), random.Next(1, 4), random.Next(1, 4));
            for (var y = y0; y < y0 + h; y++) marked.AsSpan((y * width) + x0, w).Fill(true);
        }
        return marked;
    }

    private static Mat Mask(bool[] marked, int width, int height)
    {
        var mask = new Mat(height, width, MatType.CV_8UC3, Scalar.Black);
        for (var i = 0; i < marked.Length; i++) if (marked[i]) mask.Set(i / width, i % width, new Vec3b(255, 255, 255));
        return mask;
    }
}
