namespace Inspection.Vision;

/// <summary>The two limits with which parts whose label is known would have cost the least.</summary>
/// <param name="Costs">What they were chosen for.</param>
/// <param name="UnsureAbove">The lower limit: parts above it, and not above the upper one, go to a person; the upper one where that pays for none.</param>
/// <param name="Threshold">The upper limit: parts above it are rejected.</param>
/// <param name="PerPart">Mean cost of a part with both.</param>
/// <param name="PerPartNow">The same with the limits that were evaluated.</param>
public sealed record CostLimits(PartCosts Costs, float UnsureAbove, float Threshold, double PerPart, double PerPartNow)
{
    /// <summary>
    /// Finds them: of all pairs of limits on these scores the one with the lowest mean cost, defective parts weighed by
    /// their share on the line; of equal ones the one that asks a person less. That is the reject rule of Chow (IEEE
    /// Transactions on Information Theory 16, 1970) where the chance of a defect rises with the score, with the
    /// distributions that the parts show. The limits are chosen on the very parts, so their cost flatters.
    /// </summary>
    /// <param name="good">Scores of good parts, finite.</param>
    /// <param name="defect">Scores of defective parts, finite.</param>
    /// <param name="costs">The costs.</param>
    /// <param name="unsureAbove">The lower limit now; null where there is none.</param>
    /// <param name="threshold">The threshold now.</param>
    /// <returns>Null where there are no good or no defective parts.</returns>
    public static CostLimits? Of(IReadOnlyCollection<float> good, IReadOnlyCollection<float> defect, PartCosts costs, float? unsureAbove, float threshold)
    {
        if (good.Count == 0 || defect.Count == 0) return null;
        float[] risingGood = [.. good.Order()], risingDefect = [.. defect.Order()];
        float[] all = [.. risingGood.Concat(risingDefect).Distinct().Order()];
        // A limit below all scores passes none.
        float[] limits = [MathF.BitDecrement(all[0]), .. all];

        // The cost of a pair is a sum of one part for each limit: what passes and who looks from there on, less who no longer
        // looks from the upper one on. So the best lower limit for each upper one is the best of those not above it.
        var best = (Lower: limits[0], Upper: limits[0], Cost: double.PositiveInfinity);
        var lower = (Limit: limits[0], Cost: double.PositiveInfinity);
        foreach (var limit in limits)
        {
            var goodAbove = 1 - (Rates.CountBelow(risingGood, limit, orEqual: true) / (double)good.Count);
            var passing = Rates.CountBelow(risingDefect, limit, orEqual: true) / (double)defect.Count;
            var looks = costs.Look * ((costs.DefectShare * (1 - passing)) + ((1 - costs.DefectShare) * goodAbove));
            var asLower = (costs.DefectShare * costs.Escape * passing) + looks;
            if (asLower <= lower.Cost + Rounding(asLower)) lower = (limit, asLower);
            var cost = lower.Cost + ((1 - costs.DefectShare) * costs.FalseReject * goodAbove) - looks;
            if (cost < best.Cost - Rounding(cost)) best = (lower.Limit, limit, cost);
        }
        return new(costs, best.Lower, best.Upper, costs.Of(good, defect, best.Lower, best.Upper), costs.Of(good, defect, unsureAbove ?? threshold, threshold));
    }

    // Equal costs are sums of the same terms in another order.
    private static double Rounding(double cost) => 1e-12 * Math.Abs(cost);
}
