namespace Inspection.Vision;

/// <summary>How well scores tell good parts from defective ones. Higher means more anomalous; Reject is score &gt; threshold.</summary>
public static class Rates
{
    /// <summary>
    /// Area under the ROC curve: the share of pairs of a defective and a good part in which the defective one scores
    /// higher, ties counting half (Mann-Whitney; Hanley and McNeil, Radiology 143, 1982).
    /// </summary>
    /// <param name="good">Scores of good parts, finite.</param>
    /// <param name="defect">Scores of defective parts, finite.</param>
    /// <returns>0–1; null where there are no good or no defective parts.</returns>
    public static double? Auroc(IReadOnlyCollection<float> good, IReadOnlyCollection<float> defect)
    {
        if (good.Count == 0 || defect.Count == 0) return null;
        float[] rising = [.. good.Order()];
        double wins = 0;
        foreach (var score in defect)
        {
            var lower = CountBelow(rising, score, orEqual: false);
            var ties = CountBelow(rising, score, orEqual: true) - lower;
            wins += lower + (ties / 2.0);
        }
        return wins / ((double)good.Count * defect.Count);
    }

    /// <summary>The share of good parts with score &gt; threshold; null where there are none.</summary>
    public static double? FalseRejects(IReadOnlyCollection<float> good, float threshold)
        => good.Count == 0 ? null : (double)good.Count(s => s > threshold) / good.Count;

    /// <summary>The share of defective parts with score ≤ threshold; null where there are none.</summary>
    public static double? Escapes(IReadOnlyCollection<float> defect, float threshold)
        => defect.Count == 0 ? null : (double)defect.Count(s => s <= threshold) / defect.Count;

    /// <summary>
    /// The share of defective parts with score ≤ t, t being the lowest good score with at most floor(share × good parts)
    /// good scores above it; no interpolation.
    /// </summary>
    /// <param name="good">Scores of good parts.</param>
    /// <param name="defect">Scores of defective parts.</param>
    /// <param name="share">The share of good parts that may be rejected, 0–1.</param>
    /// <returns>0–1; null where there are no good or no defective parts.</returns>
    public static double? EscapesAt(IReadOnlyCollection<float> good, IReadOnlyCollection<float> defect, decimal share)
    {
        if (good.Count == 0) return null;
        float[] rising = [.. good.Order()];
        // Decimal, because 0.07 × 100 is above 7 in binary and 0.29 × 100 below 29.
        var mayBeAbove = Math.Min((int)Math.Floor(share * good.Count), good.Count - 1);
        return Escapes(defect, rising[good.Count - 1 - mayBeAbove]);
    }

    /// <summary>The p-th percentile by nearest rank: the smallest value that at least p % of all do not exceed.</summary>
    /// <param name="values">Values, in any order.</param>
    /// <param name="percent">Above 0, at most 100.</param>
    /// <returns>The value; null where there are none.</returns>
    public static double? Percentile(IReadOnlyCollection<double> values, double percent)
        => values.Count == 0 ? null : values.Order().ElementAt((int)Math.Ceiling(percent / 100 * values.Count) - 1);

    /// <summary>How many of sorted scores lie below one, or not above it.</summary>
    internal static int CountBelow(float[] rising, float score, bool orEqual)
    {
        var (low, high) = (0, rising.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rising[middle] < score || (orEqual && rising[middle] == score)) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
