namespace Inspection.Vision.Tests.Teaching;

public sealed class UnsureLimitTests
{
    [Fact]
    public void Of_a_hundred_parts_kept_out_each_limit_is_the_order_statistic_of_its_bound()
    {
        var limits = UnsureLimit.Of([.. Enumerable.Range(1, 100).Select(i => (float)i)], 100);
        // 2 % takes 149 parts; with 1, 4, 13 and 41 above, the upper limits of Clopper and Pearson are 4.66, 8.92, 19.87 and 49.71 %.
        limits.Select(l => l.Score).ShouldBe([99f, 96f, 87f, 59f]);
        limits.Select(l => l.Bound).ShouldBe(new[] { 1, 4, 13, 41 }.Select(above => FalseRejectBound.Of(100, above)));
        limits.ShouldAllBe(l => FalseRejectBound.Of(100, (int)(100 - l.Score) + 1) > l.Bound);
        limits[0].Words.ShouldBe("99: at most 4.66 % of good parts above, 1.99 % or less to be expected");
    }

    [Fact]
    public void Few_parts_kept_out_give_no_limit_below_the_threshold() => UnsureLimit.Of([1, 2, 3], 3).ShouldBeEmpty();
}
