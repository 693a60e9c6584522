namespace Inspection.Vision.Tests.Evaluation;

public sealed class CostLimitsTests
{
    private static readonly PartCosts Costs = new(Escape: 100, FalseReject: 5, Look: 1, DefectShare: 0.1);

    [Fact]
    public void A_person_looks_where_good_and_defective_parts_overlap_and_nowhere_else()
    {
        float[] good = [1, 2, 3, 5], defect = [4, 6, 7, 8];
        var limits = CostLimits.Of(good, defect, Costs, null, 5).ShouldNotBeNull();
        // Above 3 lie a defective part (4) and a good one (5), which cost 95 more if judged by the score alone.
        (limits.UnsureAbove, limits.Threshold).ShouldBe((3, 5));
        // A quarter of each kind is looked at.
        limits.PerPart.ShouldBe(0.25, 1e-12);
        // With the threshold alone a quarter of the defective parts escapes.
        limits.PerPartNow.ShouldBe(0.1 * 0.25 * 100, 1e-12);
    }

    [Fact]
    public void Where_a_look_costs_more_than_it_saves_nobody_looks()
    {
        var limits = CostLimits.Of([1, 2, 3, 5], [4, 6, 7, 8], Costs with { Look = 50 }, null, 5).ShouldNotBeNull();
        limits.UnsureAbove.ShouldBe(limits.Threshold);
        CostLimits.Of([], [4], Costs, null, 5).ShouldBeNull();
    }

    [Fact]
    public void No_other_pair_of_limits_costs_less()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            float[] Scores() => [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(13) / 4f)];
            double Cost() => random.Next(1, 41) / 4.0;
            var (good, defect, costs) = (Scores(), Scores(), new PartCosts(Cost(), Cost(), Cost(), random.Next(1, 10) / 10.0));

            var limits = CostLimits.Of(good, defect, costs, null, 1).ShouldNotBeNull();

            float[] all = [-1, .. good, .. defect];
            var least = all.SelectMany(lower => all.Where(upper => upper >= lower).Select(upper => costs.Of(good, defect, lower, upper))).Min();
            limits.UnsureAbove.ShouldBeLessThanOrEqualTo(limits.Threshold);
            limits.PerPart.ShouldBe(least, 1e-9);
        }
    }

    [Fact]
    public void Costs_are_read_and_what_is_none_is_refused_with_an_example()
    {
        PartCosts.Parse("200:3:0.5:0.01").Value.ShouldBe(new PartCosts(200, 3, 0.5, 0.01));
        foreach (var wrong in (string[])["", "1:2:3", "1:2:3:4", "0:1:1:0.1", "1:-1:1:0.1", "1:1:NaN:0.1", "1:1:1:0", "1,5:1:1:0.1"])
            PartCosts.Parse(wrong).Failure.ShouldNotBeNull().Message.ShouldContain("200:3:0.5:0.01");
    }
}
