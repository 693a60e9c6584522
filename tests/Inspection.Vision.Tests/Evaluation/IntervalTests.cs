namespace Inspection.Vision.Tests.Evaluation;

public sealed class IntervalTests
{
    // Method 3 in table I of Newcombe, Statistics in Medicine 17, 1998, 857-872.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilsons_interval_equals_the_published_ones(int count, int of, double low, double high)
    {
        var interval = Interval.OfShare(count, of)!.Value;
        interval.Low.ShouldBe(low, 0.00005);
        interval.High.ShouldBe(high, 0.00005);
    }

    [Fact]
    public void Wilsons_interval_holds_the_estimate_stays_within_0_and_1_and_is_the_same_from_both_sides()
    {
        for (var of = 1; of <= 200; of++)
            for (var count = 0; count <= of; count++)
            {
                var (interval, mirrored) = (Interval.OfShare(count, of)!.Value, Interval.OfShare(of - count, of)!.Value);
                interval.Low.ShouldBeInRange(0, (double)count / of);
                interval.High.ShouldBeInRange((double)count / of, 1);
                interval.Low.ShouldBe(1 - mirrored.High, 1e-12);
            }
    }

    [Fact]
    public void The_bootstrap_is_the_same_for_a_seed_and_another_for_another()
    {
        var (good, defect) = Draw(30, 20, 1);
        Interval.OfAuroc(good, defect, seed: 3).ShouldBe(Interval.OfAuroc(good, defect, seed: 3));
        Interval.OfAuroc(good, defect, seed: 3).ShouldNotBe(Interval.OfAuroc(good, defect, seed: 4));
    }

    [Fact]
    public void The_bootstraps_interval_holds_the_area_and_narrows_with_more_parts()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var (good, defect) = Draw(20, 20, seed);
            var few = Interval.OfAuroc(good, defect)!.Value;
            Rates.Auroc(good, defect)!.Value.ShouldBeInRange(few.Low, few.High);
            // The same parts sixteen times: a quarter of the width.
            float[] Repeat(float[] scores) => [.. Enumerable.Repeat(scores, 16).SelectMany(s => s)];
            var many = Interval.OfAuroc(Repeat(good), Repeat(defect))!.Value;
            ((many.High - many.Low) / (few.High - few.Low)).ShouldBeInRange(0.2, 0.32, $"seed {seed}");
        }
    }

    [Fact]
    public void The_bootstraps_width_agrees_with_the_standard_error_of_DeLong()
    {
        var (good, defect) = Draw(200, 150, 5);
        var interval = Interval.OfAuroc(good, defect)!.Value;
        // Against a second model that scores all alike, DeLong's error of the difference is the error of the first area.
        var error = PairedTests.DeLong([.. good.Select(s => (s, 0f))], [.. defect.Select(s => (s, 0f))])!.StandardError;
        ((interval.High - interval.Low) / (2 * Interval.Z * error)).ShouldBeInRange(0.93, 1.07);
    }

    [Fact]
    public void Where_there_is_nothing_to_count_there_is_no_interval()
    {
        Interval.OfShare(0, 0).ShouldBeNull();
        Interval.OfAuroc([], [1]).ShouldBeNull();
        Interval.OfAuroc([1], []).ShouldBeNull();
    }

    private static (float[] Good, float[] Defect) Draw(int good, int defect, int seed)
    {
        var random = new Random(seed);
        return ([.. Enumerable.Range(0, good).Select(_ => (float)random.NextDouble())], [.. Enumerable.Range(0, defect).Select(_ => (float)random.NextDouble() + 0.3f)]);
    }
}
