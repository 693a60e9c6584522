namespace Inspection.Vision;

/// <summary>A range that holds the true value with 95 % confidence.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Resamples behind <see cref="OfAuroc"/>.</summary>
    public const int Resamples = 2000;

    // The 97.5 % point of the standard normal distribution.
    internal const double Z = 1.959963984540054;

    /// <summary>
    /// The score interval of a share (Wilson, Journal of the American Statistical Association 22, 1927), which stays within
    /// 0–1 and says something even where nothing, or all, was counted.
    /// </summary>
    /// <param name="count">How many, 0 to <paramref name="of"/>.</param>
    /// <param name="of">Of so many.</param>
    /// <returns>The interval; null where there is nothing to count.</returns>
    public static Interval? OfShare(int count, int of)
    {
        if (of == 0) return null;
        var (share, square) = ((double)count / of, Z * Z);
        var middle = (share + (square / (2 * of))) / (1 + (square / of));
        var half = Z / (1 + (square / of)) * Math.Sqrt((share * (1 - share) / of) + (square / (4.0 * of * of)));
        // Where none or all were counted the formula gives exactly 0 or 1; rounding must not.
        return new(count == 0 ? 0 : Math.Max(0, middle - half), count == of ? 1 : Math.Min(1, middle + half));
    }

    /// <summary>
    /// The percentile interval of the area under the ROC curve over <see cref="Resamples"/> resamples, good and defective
    /// parts drawn apart (Efron and Tibshirani, An Introduction to the Bootstrap, 1993). Where all parts are told apart it
    /// has no width, since no resample can show a doubt that the parts do not.
    /// </summary>
    /// <param name="good">Scores of good parts, finite.</param>
    /// <param name="defect">Scores of defective parts, finite.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <returns>The interval; null where there are no good or no defective parts.</returns>
    public static Interval? OfAuroc(IReadOnlyCollection<float> good, IReadOnlyCollection<float> defect, int seed = 1)
    {
        if (good.Count == 0 || defect.Count == 0) return null;
        float[] levels = [.. good.Concat(defect).Distinct().Order()];
        int[] Ranks(IReadOnlyCollection<float> scores) => [.. scores.Select(s => Array.BinarySearch(levels, s))];
        var (goodRanks, defectRanks) = (Ranks(good), Ranks(defect));
        var (goodAt, defectAt) = (new int[levels.Length], new int[levels.Length]);
        var random = new Random(seed);
        var areas = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            Draw(goodRanks, goodAt, random);
            Draw(defectRanks, defectAt, random);
            double wins = 0, below = 0;
            for (var level = 0; level < levels.Length; level++)
            {
                wins += defectAt[level] * (below + (goodAt[level] / 2.0));
                below += goodAt[level];
            }
            areas[i] = wins / ((double)good.Count * defect.Count);
        }
        return new(Rates.Percentile(areas, 2.5)!.Value, Rates.Percentile(areas, 97.5)!.Value);
    }

    private static void Draw(int[] ranks, int[] counts, Random random)
    {
        Array.Clear(counts);
        for (var i = 0; i < ranks.Length; i++) counts[ranks[random.Next(ranks.Length)]]++;
    }
}
