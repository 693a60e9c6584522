namespace Inspection.Vision.Tests.Evaluation;

public sealed class RatesTests
{
    private const int Cases = 2000;

    [Fact]
    public void Every_rate_equals_its_definition_counted_pair_by_pair_ties_included()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            // Few different values, so that ties are the rule.
            var values = random.Next(1, 12);
            float[] Draw() => [.. Enumerable.Range(0, random.Next(1, 25)).Select(_ => random.Next(values) / 4f)];
            var (good, defect) = (Draw(), Draw());
            var threshold = random.Next(-1, values + 1) / 4f;

            Rates.Auroc(good, defect)!.Value.ShouldBe(NaiveAuroc(good, defect), 1e-12, $"seed {seed}");
            Rates.FalseRejects(good, threshold).ShouldBe(good.Count(g => g > threshold) / (double)good.Length);
            Rates.Escapes(defect, threshold).ShouldBe(defect.Count(d => d <= threshold) / (double)defect.Length);
            foreach (var share in (decimal[])[0, 0.01m, 0.05m, 0.3m, 1])
                Rates.EscapesAt(good, defect, share).ShouldBe(NaiveEscapesAt(good, defect, share), $"seed {seed}, share {share}");
        }
    }

    [Fact]
    public void Separated_scores_give_one_reversed_ones_zero_and_equal_ones_a_half()
    {
        Rates.Auroc([1, 2, 3], [4, 5]).ShouldBe(1);
        Rates.Auroc([4, 5], [1, 2, 3]).ShouldBe(0);
        Rates.Auroc([7, 7, 7], [7, 7]).ShouldBe(0.5);
    }

    [Theory]
    [InlineData(100, 7, "0.07")]
    [InlineData(100, 29, "0.29")]
    [InlineData(20, 1, "0.05")]
    [InlineData(19, 0, "0.05")]
    public void The_share_of_good_parts_is_taken_exactly_not_in_binary(int goodParts, int mayBeAbove, string share)
    {
        float[] good = [.. Enumerable.Range(1, goodParts).Select(i => (float)i)];
        // One defect on each side of the good part at the limit tells which one it is.
        var limit = goodParts - mayBeAbove;
        Rates.EscapesAt(good, [limit, limit + 0.5f], decimal.Parse(share, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(0.5);
    }

    [Fact]
    public void Where_one_side_is_missing_there_is_no_rate()
    {
        Rates.Auroc([], [1]).ShouldBeNull();
        Rates.Auroc([1], []).ShouldBeNull();
        Rates.FalseRejects([], 1).ShouldBeNull();
        Rates.Escapes([], 1).ShouldBeNull();
        Rates.EscapesAt([], [1], 0.01m).ShouldBeNull();
        Rates.EscapesAt([1], [], 0.01m).ShouldBeNull();
        Rates.Percentile([], 50).ShouldBeNull();
    }

    [Fact]
    public void Percentiles_are_values_that_were_seen_by_nearest_rank()
    {
        double[] values = [.. Enumerable.Range(1, 200).Select(i => (double)i).Reverse()];
        Rates.Percentile(values, 50).ShouldBe(100);
        Rates.Percentile(values, 99).ShouldBe(198);
        Rates.Percentile(values, 100).ShouldBe(200);
        Rates.Percentile([5], 1).ShouldBe(5);
    }

    private static double NaiveAuroc(float[] good, float[] defect)
        => good.SelectMany(g => defect.Select(d => d > g ? 1 : d == g ? 0.5 : 0)).Average();

    private static double NaiveEscapesAt(float[] good, float[] defect, decimal share)
    {
        var most = (int)decimal.Floor(share * good.Length);
        var limit = good.Where(t => good.Count(g => g > t) <= most).Min();
        return defect.Count(d => d <= limit) / (double)defect.Length;
    }
}
