namespace Inspection.Vision;

/// <summary>Whether two models that judged the same parts differ by more than chance.</summary>
public static class PairedTests
{
    /// <summary>
    /// The test of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988) for two areas under ROC curves over the same parts.
    /// </summary>
    /// <param name="good">Both models' score of each good part.</param>
    /// <param name="defect">Both models' score of each defective part.</param>
    /// <returns>Null where a side has fewer than two parts, which leave no spread to test against.</returns>
    public static AurocDifference? DeLong(IReadOnlyList<(float First, float Second)> good, IReadOnlyList<(float First, float Second)> defect)
    {
        if (good.Count < 2 || defect.Count < 2) return null;
        // For each part the share of the other kind that it is told apart from: by the first model less by the second.
        var ofDefects = Differences(defect, good, rising: true);
        var ofGood = Differences(good, defect, rising: false);
        var difference = ofDefects.Average();
        var error = Math.Sqrt((Variance(ofDefects) / defect.Count) + (Variance(ofGood) / good.Count));
        // Placements are multiples of half a pair, so a spread below this is rounding.
        if (error < 1e-12) return new(difference, 0, new(difference, difference), null);
        return new(difference, error, new(difference - (Interval.Z * error), difference + (Interval.Z * error)), Chance.BeyondNormal(difference / error));
    }

    /// <summary>
    /// McNemar's test (Psychometrika 12, 1947) in its exact form: if both models were equally good, each part that only one
    /// of them judged rightly would be a toss of a coin.
    /// </summary>
    /// <param name="onlyFirst">Parts that only the first judged rightly.</param>
    /// <param name="onlySecond">Parts that only the second judged rightly.</param>
    /// <returns>The probability of a split at least as uneven, 0–1; 1 where there is no such part.</returns>
    public static double McNemar(int onlyFirst, int onlySecond)
        => Math.Min(1, 2 * FalseRejectBound.AtMost(onlyFirst + onlySecond, 0.5, Math.Min(onlyFirst, onlySecond)));

    private static double[] Differences(IReadOnlyList<(float First, float Second)> parts, IReadOnlyList<(float First, float Second)> others, bool rising)
    {
        var first = Placements([.. parts.Select(p => p.First)], [.. others.Select(p => p.First)], rising);
        var second = Placements([.. parts.Select(p => p.Second)], [.. others.Select(p => p.Second)], rising);
        return [.. first.Zip(second, (a, b) => a - b)];
    }

    private static double[] Placements(float[] parts, float[] others, bool rising)
    {
        Array.Sort(others);
        return [.. parts.Select(score =>
        {
            var (lower, upTo) = (Rates.CountBelow(others, score, orEqual: false), Rates.CountBelow(others, score, orEqual: true));
            return (rising ? lower + upTo : (2.0 * others.Length) - lower - upTo) / (2.0 * others.Length);
        })];
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }
}

/// <summary>How two areas under ROC curves differ.</summary>
/// <param name="Difference">First less second, −1 to 1.</param>
/// <param name="StandardError">Of the difference.</param>
/// <param name="Range">With 95 % confidence.</param>
/// <param name="P">
/// Probability of a difference at least as large if there were none, 0–1; null where no part speaks for either model more
/// than another does, so that there is no spread to test against.
/// </param>
public sealed record AurocDifference(double Difference, double StandardError, Interval Range, double? P);
