namespace Inspection.Vision.Tests.Teaching;

public sealed class BoundWordsTests
{
    [Fact]
    public void The_statement_names_bound_and_estimate_and_rounds_no_promise_down()
    {
        // The bound is 0.258865…, of which 25.89 % is the next hundredth upwards; the estimate is 1 of 11.
        var ten = FalseRejectBound.Choose([.. Enumerable.Range(1, 10).Select(i => (float)i)], 0.01);
        BoundWords.Statement(ten).ShouldBe("With 95 % confidence at most 25.89 % of good parts like the 10 that were kept out score above the threshold; 9.1 % or less is to be expected.");
        // 0.009969…: nearer to 1 than to 0.99.
        var enough = FalseRejectBound.Choose([.. Enumerable.Range(1, 299).Select(i => (float)i)], 0.01);
        BoundWords.Statement(enough).ShouldStartWith("With 95 % confidence at most 1 % of good parts like the 299 ");
    }

    [Fact]
    public void Too_few_parts_are_told_what_30_100_and_300_more_would_buy()
    {
        var chosen = FalseRejectBound.Choose([.. Enumerable.Range(1, 10).Select(i => (float)i)], 0.01);
        // 30 parts were shown; of 60, 130 and 330 a third is kept out.
        BoundWords.TooFew(chosen, 30, 0.01).ShouldContain("They give the highest score among these as the threshold.");
        BoundWords.TooFew(chosen, 30, 0.01, stays: true).ShouldNotContain("They give");
        BoundWords.TooFew(chosen, 30, 0.01).ShouldEndWith(
            " 30 more photos would bring it to 13.92 % (20 kept out), 100 more photos would bring it to 6.59 % (44 kept out), 300 more photos would bring it to 2.69 % (110 kept out).");
        // 298 more reach what was asked for, and no more than that is promised.
        BoundWords.TooFew(chosen, 298, 0.01).ShouldEndWith("100 more photos would bring it to 2.23 % (133 kept out), 300 more photos would bring it to 1 % (299 kept out).");
    }
}
