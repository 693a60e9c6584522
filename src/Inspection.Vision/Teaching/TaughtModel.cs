using System.Text.Json;

namespace Inspection.Vision;

/// <summary>What teaching gave.</summary>
public sealed record TaughtModel
{
    /// <summary>The version's folder: <c>model.onnx</c>, <c>model.json</c>, <c>README.md</c>, <c>teach.json</c>, <c>thumbnails/</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>The card as written.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>Distinct photos that the memory was made from, those of extended versions included.</summary>
    public required int Photos { get; init; }

    /// <summary>Scores for a recipe's <c>model.unsureAbove</c>, the highest first; empty where the parts kept out are too few.</summary>
    public required IReadOnlyList<UnsureLimit> Unsure { get; init; }

    /// <summary>Distinct photos of this lesson that were kept out of the memory, for the threshold, until it stood.</summary>
    public required int KeptOut { get; init; }

    /// <summary>How many of these are above the threshold.</summary>
    public required int KeptOutAbove { get; init; }

    /// <summary>True where the memory also learnt from these when the threshold stood.</summary>
    public required bool KeptOutJoined { get; init; }

    /// <summary>Patches in the memory.</summary>
    public required int Patches { get; init; }

    /// <summary>Known defects that it was shown, all of which it rejects.</summary>
    public required int KnownDefects { get; init; }

    /// <summary>Painted defects that the model would have caught: an estimate, not a promise.</summary>
    public required IReadOnlyList<CaughtDefects> Estimate { get; init; }

    /// <summary>How the precision was chosen; null where it was given.</summary>
    public PrecisionChoice? PrecisionChoice { get; init; }

    /// <summary>The scale of the photos, mm a pixel; null where nobody has told.</summary>
    public double? MillimetresPerPixel { get; init; }

    /// <summary>Parts kept out of the memory that look unlike the others, the oddest first; a person should look at them.</summary>
    public required IReadOnlyList<OddPart> Odd { get; init; }

    /// <summary>The estimate in words, one line for each kind of defect.</summary>
    public IEnumerable<string> EstimateLines()
        => Estimate.GroupBy(e => e.Kind).Select(kind => $"{Core.Codes.Of(kind.Key)}: {string.Join(", ", kind.Select(e => e.Words(MillimetresPerPixel)))}");

    /// <summary>What a person should know before using the model; each a sentence or two.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Time from the request to the finished folder.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>The same as JSON, for <c>teach --json</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Folder,
            Card.Name,
            Card.Version,
            Card.Sha256,
            Card.Precision,
            PrecisionChoice,
            Input = new { Card.Input?.Width, Card.Input?.Height },
            Card.Threshold,
            Card.Bound,
            Unsure,
            Photos,
            KeptOut,
            KeptOutAbove,
            KeptOutJoined,
            Patches,
            KnownDefects,
            Estimate,
            Odd,
            Warnings,
            Seconds = Math.Round(Took.TotalSeconds, 2),
        },
        TeachJson.Options) + "\n";
}
