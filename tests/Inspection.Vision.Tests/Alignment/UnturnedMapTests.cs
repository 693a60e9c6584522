using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Alignment;

public sealed class UnturnedMapTests
{
    [Fact]
    public void The_highest_place_of_an_upright_part_lies_where_it_is_on_the_photo()
    {
        var map = new float[16 * 12];
        map[(3 * 16) + 10] = 5;
        var lies = AskewPhoto.Map(new Size(640, 480), 25, 0.05, 0.1);
        var unturned = new UnturnedMap(16, 12);
        unturned.Fill(map, lies);

        unturned.Highest.ShouldBe(5);
        int[] highest = [.. unturned.Values.ToArray().Index().Where(v => v.Item == 5).Select(v => v.Index)];
        var (u, v) = lies.Of(10.5 / 16, 3.5 / 12);
        (highest.Average(i => i % unturned.Width) + 0.5).ShouldBe(u * unturned.Width, 1);
        (highest.Average(i => i / unturned.Width) + 0.5).ShouldBe(v * unturned.Height, 1);
    }

    [Fact]
    public void What_the_model_did_not_see_is_marked_as_not_looked_at_and_never_mixed_with_a_score()
    {
        float[] map = [.. Enumerable.Range(0, 64).Select(i => i % 8 < 4 ? 3f : Overlay.NotLookedAt)];
        var unturned = new UnturnedMap(8, 8);
        unturned.Fill(map, AskewPhoto.Map(new Size(100, 100), 10, 0, 0));
        var values = unturned.Values.ToArray();
        values.ShouldAllBe(v => Math.Abs(v - 3) < 1e-5 || v == Overlay.NotLookedAt);
        values[0].ShouldBe(Overlay.NotLookedAt, "the photo's corner is outside the turned picture");
        values.Count(v => v > 0).ShouldBeInRange(400, 520, "about half of 32 × 32");
    }

    [Fact]
    public void An_unturned_part_keeps_its_map_and_filling_allocates_nothing_managed()
    {
        float[] map = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        var unturned = new UnturnedMap(4, 3);
        unturned.Fill(map, UprightMap.Unturned);
        // The corners of the photo lie beyond the middle of the outermost places.
        (unturned.Values[0], unturned.Values[^1]).ShouldBe((0, 11));
        var before = GC.GetAllocatedBytesForCurrentThread();
        unturned.Fill(map, UprightMap.Unturned);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
