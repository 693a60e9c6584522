namespace Inspection.Vision.Tests.Teaching;

public sealed class PlaceScaleTests
{
    private const int Columns = 8;
    private const int Rows = 6;

    [Fact]
    public void Where_parts_vary_evenly_every_place_counts_the_same()
    {
        PlaceScale.Of([Even(3), Even(3), Even(3)], Columns, Rows).ShouldAllBe(s => s == 1);
        PlaceScale.Of([Even(0), Even(0)], Columns, Rows).ShouldAllBe(s => s == 1);
        PlaceScale.Of([], Columns, Rows).ShouldAllBe(s => s == 1);
    }

    [Fact]
    public void A_place_where_good_parts_differ_counts_less_and_its_neighbours_a_little_less()
    {
        var scale = PlaceScale.Of([.. Enumerable.Range(0, 60).Select(i => With(Even(3), At(3, 2), i % 2 == 0 ? 3 : 30))], Columns, Rows);
        scale[At(3, 2)].ShouldBeGreaterThan(scale[At(4, 2)]);
        scale[At(4, 2)].ShouldBeGreaterThan(scale[At(7, 5)]);
        scale[At(7, 5)].ShouldBe(1);
    }

    [Fact]
    public void The_more_parts_the_more_a_place_may_differ_from_the_others()
    {
        float Of(int parts) => PlaceScale.Of([.. Enumerable.Range(0, parts).Select(i => With(Even(3), At(3, 2), i % 2 == 0 ? 3 : 30))], Columns, Rows)[At(3, 2)];
        Of(4).ShouldBeLessThan(Of(20));
        Of(20).ShouldBeLessThan(Of(100));
    }

    [Fact]
    public void For_any_distances_no_scale_is_below_one_and_their_unit_and_order_do_not_matter()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            float[][] parts = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Even(0).Select(_ => 50 * random.NextSingle()).ToArray())];
            var scale = PlaceScale.Of(parts, Columns, Rows);
            scale.ShouldAllBe(s => s >= 1 && float.IsFinite(s));
            var other = PlaceScale.Of([.. parts.Reverse().Select(p => p.Select(d => 8 * d).ToArray())], Columns, Rows);
            for (var p = 0; p < scale.Length; p++) other[p].ShouldBe(scale[p], 1e-5f, $"seed {seed}, place {p}");
        }
    }

    private static int At(int column, int row) => (row * Columns) + column;

    private static float[] Even(float distance) => [.. Enumerable.Repeat(distance, Columns * Rows)];

    private static float[] With(float[] distances, int place, float distance)
    {
        distances[place] = distance;
        return distances;
    }
}
