namespace Inspection.Vision;

/// <summary>
/// What good parts that were kept out say of the share of good parts above a threshold, without assuming how scores are
/// distributed: only that later good parts are drawn like the ones kept out.
/// </summary>
/// <remarks>
/// Distribution-free tolerance limit of Wilks (Annals of Mathematical Statistics 12, 1941): with the threshold at the
/// (n − j)-th smallest of n kept-out scores, the share of good parts above it exceeds p with probability
/// P(Binomial(n, p) ≤ j) at most; exactly that when scores have no ties. Solved for p this is the upper limit of
/// Clopper and Pearson (Biometrika 26, 1934).
/// </remarks>
public static class FalseRejectBound
{
    /// <summary>The confidence of every bound that this program states.</summary>
    public const double Confidence = 0.95;

    /// <summary>
    /// The confidence with which each of two thresholds is found where one of them is chosen afterwards from the same parts:
    /// the doubts add up at most (Bonferroni), so that the chosen one has <see cref="Confidence"/>.
    /// </summary>
    public const double OfEachOfTwo = 1 - ((1 - Confidence) / 2);

    /// <summary>The bound on the share of good parts above the (n − j)-th smallest of n scores.</summary>
    /// <param name="keptOut">n: parts kept out, 1 or more.</param>
    /// <param name="above">j: how many of them are above the threshold, 0 to n − 1.</param>
    /// <param name="confidence">The confidence, above 0, below 1.</param>
    /// <returns>p, 0–1, with P(Binomial(n, p) ≤ j) = 1 − confidence; rounded upwards by less than 10⁻¹².</returns>
    public static double Of(int keptOut, int above, double confidence = Confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keptOut, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(above);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(above, keptOut);
        double low = 0, high = 1;
        while (high - low > 1e-12)
        {
            var middle = (low + high) / 2;
            if (AtMost(keptOut, middle, above) > 1 - confidence) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>The fewest kept-out parts that can give a bound: 299 for 0.01.</summary>
    /// <param name="share">The bound that is wanted, 0.0001–0.5.</param>
    /// <param name="confidence">The confidence, above 0, below 1.</param>
    public static int FewestFor(double share, double confidence = Confidence) => (int)Math.Ceiling(Math.Log(1 - confidence) / Math.Log(1 - share));

    /// <summary>
    /// The lowest kept-out score whose bound is at most the share that may be rejected; where there are too few parts for
    /// that, the highest.
    /// </summary>
    /// <param name="scores">Scores of the parts kept out, at least one.</param>
    /// <param name="maxFalseRejects">The share of good parts that may be rejected, 0.0001–0.5.</param>
    /// <param name="confidence">The confidence, above 0, below 1.</param>
    public static ChosenThreshold Choose(IReadOnlyCollection<float> scores, double maxFalseRejects, double confidence = Confidence)
    {
        var falling = scores.OrderDescending().ToArray();
        var above = 0;
        while (above + 1 < falling.Length && Of(falling.Length, above + 1, confidence) <= maxFalseRejects) above++;
        var threshold = falling[above];
        var bound = Of(falling.Length, above, confidence);
        return new ChosenThreshold(threshold, bound, (above + 1.0) / (falling.Length + 1), falling.Length, falling.Count(s => s > threshold), bound <= maxFalseRejects, confidence);
    }

    /// <summary>P(Binomial(n, p) ≤ j), summed from the smallest term so that nothing overflows or cancels.</summary>
    internal static double AtMost(int n, double p, int j)
    {
        if (p <= 0) return 1;
        if (p >= 1) return 0;
        var logTerm = n * Math.Log(1 - p);
        var odds = Math.Log(p) - Math.Log(1 - p);
        var sum = Math.Exp(logTerm);
        for (var k = 1; k <= j; k++)
        {
            logTerm += Math.Log((double)(n - k + 1) / k) + odds;
            sum += Math.Exp(logTerm);
        }
        return sum;
    }
}

/// <summary>A threshold and what may be claimed of it.</summary>
/// <param name="Threshold">Reject is score &gt; threshold.</param>
/// <param name="Bound">At most this share of good parts is above it, with the confidence that it was found with.</param>
/// <param name="Expected">
/// The estimate beside the bound: a further good part is as likely to take any of the n + 1 ranks among those kept out, so
/// it is above the (j + 1)-th highest with a probability of (j + 1) / (n + 1), less where scores have ties.
/// </param>
/// <param name="KeptOut">Good parts from which it follows.</param>
/// <param name="Above">How many of these are above it.</param>
/// <param name="Reached">True where the bound is as low as was asked for.</param>
/// <param name="FoundWith">The confidence of the bound of this threshold alone.</param>
public readonly record struct ChosenThreshold(float Threshold, double Bound, double Expected, int KeptOut, int Above, bool Reached, double FoundWith = FalseRejectBound.Confidence);
