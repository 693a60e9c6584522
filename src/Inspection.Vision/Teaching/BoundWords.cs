using System.Globalization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>What a threshold promises, in the words that stand on the screen and on the card. Figures are rounded upwards.</summary>
internal static class BoundWords
{
    private const string Chosen = " For each of the two precisions it was found with 97.5 %, so that 95 % holds whichever is chosen.";

    private static readonly int[] More = [30, 100, 300];

    /// <summary>The promise, and the estimate beside it.</summary>
    public static string Statement(in ChosenThreshold threshold)
        => $"With 95 % confidence at most {Percent(threshold.Bound)} of good parts like the {threshold.KeptOut} that were kept out score above the threshold; {Percent(threshold.Expected)} or less is to be expected.{(threshold.FoundWith > FalseRejectBound.Confidence ? Chosen : "")}";

    /// <summary>That the wanted bound was not reached, and what more photos would buy.</summary>
    /// <param name="threshold">The threshold as it stands.</param>
    /// <param name="parts">Different parts that were shown.</param>
    /// <param name="wanted">The share of good parts that may be rejected, 0.0001–0.5.</param>
    /// <param name="stays">True where the threshold is that of the version that is extended.</param>
    /// <param name="weakest">The earlier lot that promises least; null where there is none.</param>
    public static string TooFew(in ChosenThreshold threshold, int parts, double wanted, bool stays = false, TaughtLot? weakest = null)
    {
        var (keptOut, confidence) = (threshold.KeptOut, threshold.FoundWith);
        var least = Math.Max(wanted, weakest?.MaxFalseRejectRate ?? 0);
        var buys = More.Select(more =>
        {
            var keep = PartSplit.KeepOut(parts + more, wanted, confidence);
            return (More: more, KeptOut: keep, Bound: Math.Max(FalseRejectBound.Of(keep, 0, confidence), least));
        }).Where(b => b.KeptOut > keptOut).Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.More} more photos would bring it to {Percent(b.Bound)} ({b.KeptOut} kept out)"));
        // All versions' parts together are promised the weakest of their bounds.
        var way = weakest?.MaxFalseRejectRate >= threshold.Bound
            ? $"More photos now do not bring down the {Percent(weakest.MaxFalseRejectRate)} of version {weakest.Version}; for that teach anew from the photos of all versions"
            : string.Join(", ", buys);
        return $"Too few good parts to promise {Percent(wanted)}: that takes at least {FalseRejectBound.FewestFor(wanted, confidence)} kept out of the memory, and {keptOut} were. {(stays ? "" : "They give the highest score among these as the threshold. ")}{Statement(threshold)} {way}.";
    }

    /// <summary>A share, rounded upwards to a hundredth of a per cent.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{LabelStatement.RoundedUp(share):0.##} %");
}
