namespace Inspection.Core.Tests.Labelling;

public sealed class ShareLimitTests
{
    private const double Doubt = 0.05;

    // Reference values by mpmath 1.3 with 30 and 40 digits: its incomplete beta function, and numeric integration where that does not converge.
    [Theory]
    [InlineData(0, 1, 0.5, 0.405465108108164)]
    [InlineData(0, 100, 0.05, 3.50430081563106)]
    [InlineData(3, 40, 0.2, 1.75756352218459)]
    [InlineData(39, 40, 0.99, -2.46080909820894)]
    [InlineData(600, 20_000, 0.032, -1.09760401382698)]
    [InlineData(30_000, 1_000_000, 0.0304, -1.54823798734557)]
    [InlineData(60_000, 5_000_000, 0.0125, 46.6841649002006)]
    public void The_mixture_is_what_numeric_integration_gives(long hits, long of, double share, double expected)
        => ShareLimit.LogMixture(hits, of, share).ShouldBe(expected, 1e-6);

    [Theory]
    [InlineData(0, 1, Doubt, 0.974358974359)]
    [InlineData(0, 100, Doubt, 0.0439786803264)]
    [InlineData(0, 100, Doubt / 3, 0.0567580550241)]
    [InlineData(3, 40, Doubt, 0.241563643793)]
    [InlineData(30_000, 1_000_000, Doubt / 3, 0.0307031299495)]
    [InlineData(0, 0, Doubt, 1)]
    [InlineData(40, 40, Doubt, 1)]
    public void The_limit_is_where_the_mixture_reaches_one_over_the_doubt(long hits, long of, double doubt, double expected)
    {
        ShareLimit.Upper(hits, of, doubt).ShouldBe(expected, 1e-9);
        ShareLimit.Lower(of - hits, of, doubt).ShouldBe(1 - expected, 1e-9);
    }

    [Fact]
    public void More_hits_raise_the_limit_and_more_parts_without_hits_lower_it()
    {
        for (var of = 1; of < 60; of++)
        {
            var limits = Enumerable.Range(0, of + 1).Select(hits => ShareLimit.Upper(hits, of, Doubt)).ToList();
            limits.ShouldBeInOrder();
            for (var hits = 0; hits <= of; hits++)
            {
                ShareLimit.Upper(hits, of + 1, Doubt).ShouldBeLessThanOrEqualTo(limits[hits]);
                limits[hits].ShouldBeGreaterThan((double)hits / of - 1e-12);
            }
        }
    }

    [Fact]
    public void What_cannot_be_counted_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => ShareLimit.Upper(-1, 3, Doubt));
        Should.Throw<ArgumentOutOfRangeException>(() => ShareLimit.Upper(4, 3, Doubt));
    }

    [Theory]
    [InlineData(0.003)]
    [InlineData(0.01)]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void Looked_at_after_each_of_2000_parts_the_share_is_ever_above_the_limit_with_no_more_than_the_doubt(double share)
        => EverWrong(share, 2000, (hits, of) => ShareLimit.LogMixture(hits, of, share) >= -Math.Log(Doubt)).ShouldBeInRange(0.002, Doubt);

    [Theory]
    [InlineData(0.003)]
    [InlineData(0.01)]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void A_limit_for_a_number_of_parts_that_is_fixed_before_is_wrong_far_more_often_when_it_is_looked_at_each_time(double share)
        => EverWrong(share, 2000, (hits, of) => AtMost(hits, of, share) < Doubt).ShouldBeGreaterThan(1.5 * Doubt);

    [Fact]
    public void Of_300_random_walks_no_more_are_ever_wrong_than_chance_allows_and_with_the_fixed_limit_more_are()
    {
        const int walks = 300, parts = 100;
        const double share = 0.3;
        // The 99.9 % quantile of Binomial(300, 0.05).
        var allowed = 0;
        while (AtMost(allowed, walks, Doubt) < 0.999) allowed++;
        var random = new Random(20_251);
        int wrong = 0, wrongFixed = 0;
        for (var walk = 0; walk < walks; walk++)
        {
            var hits = 0;
            bool ever = false, everFixed = false;
            for (var of = 1; of <= parts; of++)
            {
                if (random.NextDouble() < share) hits++;
                ever |= ShareLimit.Upper(hits, of, Doubt) < share;
                everFixed |= AtMost(hits, of, share) < Doubt;
            }
            if (ever) wrong++;
            if (everFixed) wrongFixed++;
        }
        allowed.ShouldBe(28);
        wrong.ShouldBeLessThanOrEqualTo(allowed);
        wrongFixed.ShouldBeGreaterThan(allowed);
    }

    /// <summary>
    /// The probability that a limit is below the share at any of the looks, exactly: the chances of all counts of hits are
    /// carried from part to part, and what is once wrong is taken out. A count below one that is wrong is wrong, too.
    /// </summary>
    private static double EverWrong(double share, int parts, Func<int, int, bool> isWrong)
    {
        var chances = new double[parts + 2];
        chances[0] = 1;
        var (wrong, least) = (0.0, 0);
        for (var of = 1; of <= parts; of++)
        {
            for (var hits = of; hits > 0; hits--) chances[hits] = (chances[hits] * (1 - share)) + (chances[hits - 1] * share);
            chances[0] *= 1 - share;
            while (least < of * share && isWrong(least, of)) least++;
            for (var hits = 0; hits < least; hits++) (wrong, chances[hits]) = (wrong + chances[hits], 0);
        }
        return wrong;
    }

    /// <summary>P(Binomial(n, p) ≤ k): below the doubt exactly where the upper limit of Clopper and Pearson is below p.</summary>
    private static double AtMost(int hits, int of, double share) => hits >= of ? 1 : ShareLimit.IncompleteBeta(1 - share, of - hits, hits + 1);
}
