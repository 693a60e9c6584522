namespace Inspection.Vision.Tests.Teaching;

public sealed class FalseRejectBoundTests
{
    [Theory]
    [InlineData(5, 0.4507)]
    [InlineData(10, 0.2589)]
    [InlineData(59, 0.0495)]
    [InlineData(299, 0.00997)]
    public void With_none_above_it_is_the_root_that_anybody_can_compute(int keptOut, double bound)
    {
        FalseRejectBound.Of(keptOut, 0).ShouldBe(1 - Math.Pow(0.05, 1.0 / keptOut), 1e-9);
        FalseRejectBound.Of(keptOut, 0).ShouldBe(bound, 5e-5);
    }

    [Theory]
    [InlineData(10, 1, 0.3942)]
    [InlineData(100, 5, 0.1023)]
    [InlineData(473, 1, 0.01)]
    public void With_some_above_it_is_the_upper_limit_of_Clopper_and_Pearson(int keptOut, int above, double bound)
        => FalseRejectBound.Of(keptOut, above).ShouldBe(bound, 5e-5);

    [Fact]
    public void The_fewest_parts_for_one_percent_are_299_and_one_less_is_not_enough()
    {
        FalseRejectBound.FewestFor(0.01).ShouldBe(299);
        FalseRejectBound.Of(299, 0).ShouldBeLessThanOrEqualTo(0.01);
        FalseRejectBound.Of(298, 0).ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void With_too_few_parts_the_threshold_is_the_highest_score_and_says_so()
    {
        var chosen = FalseRejectBound.Choose([0.3f, 0.9f, 0.1f, 0.5f, 0.2f], 0.01);
        chosen.ShouldBe(new ChosenThreshold(0.9f, FalseRejectBound.Of(5, 0), 1 / 6.0, 5, 0, false));
    }

    [Fact]
    public void With_enough_parts_it_is_the_lowest_score_whose_bound_is_still_allowed()
    {
        float[] scores = [.. Enumerable.Range(1, 1000).Select(i => (float)i)];
        new Random(1).Shuffle(scores);
        var chosen = FalseRejectBound.Choose(scores, 0.01);
        chosen.Reached.ShouldBeTrue();
        chosen.Threshold.ShouldBe(1000 - chosen.Above);
        chosen.Bound.ShouldBeLessThanOrEqualTo(0.01);
        FalseRejectBound.Of(1000, chosen.Above + 1).ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void Equal_scores_at_the_threshold_are_not_above_it()
    {
        var chosen = FalseRejectBound.Choose([.. Enumerable.Repeat(2f, 400)], 0.05);
        (chosen.Threshold, chosen.Above).ShouldBe((2f, 0));
    }

    [Theory]
    [InlineData(5, 0.01)]
    [InlineData(30, 0.05)]
    [InlineData(200, 0.05)]
    [InlineData(400, 0.01)]
    public void Of_many_teachings_no_more_break_the_bound_than_its_confidence_allows(int keptOut, double wanted)
    {
        // Scores uniform in 0..1: the true share above a threshold t is 1 - t, whatever the distribution was before its own ranks were taken.
        const int teachings = 4000;
        var random = new Random(keptOut);
        var broken = 0;
        for (var i = 0; i < teachings; i++)
        {
            var chosen = FalseRejectBound.Choose([.. Enumerable.Range(0, keptOut).Select(_ => random.NextSingle())], wanted);
            if (1 - chosen.Threshold > chosen.Bound) broken++;
        }
        // The 99.9 % quantile of Binomial(4000, 0.05): mean 200, standard deviation 13.8.
        broken.ShouldBeLessThanOrEqualTo(244);
        broken.ShouldBeGreaterThan(100, "a bound that is never broken promises less than it could");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(59)]
    public void The_worse_of_two_thresholds_from_the_same_parts_breaks_its_bound_no_more_often_than_stated(int keptOut)
    {
        // Two models score the same parts independently of each other, and whoever chooses takes the one that breaks.
        const int teachings = 4000;
        var random = new Random(keptOut);
        int Broken(double confidence) => Enumerable.Range(0, teachings).Count(_ => Enumerable.Range(0, 2).Any(_ =>
        {
            var chosen = FalseRejectBound.Choose([.. Enumerable.Range(0, keptOut).Select(_ => random.NextSingle())], 0.05, confidence);
            return 1 - chosen.Threshold > chosen.Bound;
        }));
        // The 99.9 % quantile of Binomial(4000, 0.05).
        Broken(FalseRejectBound.OfEachOfTwo).ShouldBeLessThanOrEqualTo(244);
        Broken(FalseRejectBound.Confidence).ShouldBeGreaterThan(300, "with 95 % for each it would be nearly 10 %");
    }

    [Fact]
    public void The_fewest_parts_for_one_percent_are_368_where_one_of_two_thresholds_is_chosen()
    {
        FalseRejectBound.FewestFor(0.01, FalseRejectBound.OfEachOfTwo).ShouldBe(368);
        FalseRejectBound.Of(5, 0, FalseRejectBound.OfEachOfTwo).ShouldBe(0.5218, 5e-5);
    }

    [Fact]
    public void The_binomial_tail_equals_its_sum_and_stays_within_0_and_1_for_large_counts()
    {
        FalseRejectBound.AtMost(4, 0.5, 1).ShouldBe(5 / 16.0, 1e-12);
        FalseRejectBound.AtMost(100_000, 0.5, 10).ShouldBe(0, 1e-12);
        FalseRejectBound.AtMost(100_000, 0.0001, 50).ShouldBe(1, 1e-9);
    }
}
