using System.Globalization;

namespace Inspection.Vision;

/// <summary>What is promised of a threshold that good parts of one or more lots gave.</summary>
/// <remarks>
/// Each lot's own bound holds on in the later versions: patches are only added, the scale of places stays and the threshold
/// never falls, so no share above it can grow. Each statement holds with its own confidence; that all hold together is
/// the sum of their doubts (Bonferroni).
/// </remarks>
internal static class TaughtBound
{
    /// <summary>The claim of the card: the weakest of the lots' bounds, and all of them in words.</summary>
    /// <param name="lots">The lots, the oldest first; at least one.</param>
    /// <param name="threshold">What the last lot gave.</param>
    public static ThresholdBound Of(IReadOnlyList<TaughtLot> lots, in ChosenThreshold threshold)
    {
        var weakest = lots.MaxBy(l => l.MaxFalseRejectRate)!;
        return new(weakest.MaxFalseRejectRate, FalseRejectBound.Confidence, weakest.KeptOut, lots.Count == 1 ? BoundWords.Statement(threshold) : Statement(lots));
    }

    private static string Statement(IReadOnlyList<TaughtLot> lots)
    {
        var each = lots.Select(l => string.Create(CultureInfo.InvariantCulture, $"at most {BoundWords.Percent(l.MaxFalseRejectRate)} of good parts like the {l.KeptOut} that version {l.Version} kept out"));
        var together = 100 - (lots.Count * 100 * (1 - FalseRejectBound.Confidence));
        var mixed = together > 0
            ? string.Create(CultureInfo.InvariantCulture, $"Of a mixture of these it is at most the largest of these shares with {together:0} % confidence.")
            : "Of a mixture of these nothing is promised.";
        return $"With 95 % confidence in each statement: {string.Join("; ", each)} score above the threshold. {mixed}";
    }
}
