using System.Globalization;

namespace Inspection.Vision;

/// <summary>A score that a recipe may take as its <c>model.unsureAbove</c>, and how many good parts lie above it.</summary>
/// <param name="Score">Below the model's threshold.</param>
/// <param name="Bound">At most this share of good parts is above it, with the confidence that the threshold was found with; it holds for each limit alone.</param>
/// <param name="Expected">The share that is to be expected, or less; see <see cref="ChosenThreshold"/>.</param>
public sealed record UnsureLimit(float Score, double Bound, double Expected)
{
    private static readonly double[] Shares = [0.02, 0.05, 0.1, 0.2, 0.5];

    /// <summary>
    /// The lowest kept-out scores whose bounds are at most 2, 5, 10, 20 and 50 %, by the same order statistics as the
    /// threshold: as many of them as the kept-out parts can tell apart from it and from each other.
    /// </summary>
    /// <param name="scores">Scores of the parts kept out, at least one.</param>
    /// <param name="threshold">The model's threshold.</param>
    /// <param name="confidence">The confidence, above 0, below 1.</param>
    public static IReadOnlyList<UnsureLimit> Of(IReadOnlyCollection<float> scores, float threshold, double confidence = FalseRejectBound.Confidence)
        => [.. Shares.Select(share => FalseRejectBound.Choose(scores, share, confidence)).Where(c => c.Reached && c.Threshold < threshold)
            .DistinctBy(c => c.Threshold).Select(c => new UnsureLimit(c.Threshold, c.Bound, c.Expected))];

    /// <summary>In words: <c>12.3: at most 9.9 % of good parts above, 5.3 % or less to be expected</c>.</summary>
    public string Words => string.Create(CultureInfo.InvariantCulture,
        $"{Score}: at most {BoundWords.Percent(Bound)} of good parts above, {BoundWords.Percent(Expected)} or less to be expected");
}
