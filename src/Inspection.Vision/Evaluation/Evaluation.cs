using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>What <see cref="Evaluator"/> found. Rates are null where there is no part to take them over.</summary>
public sealed record Evaluation
{
    // A rate that does not exist is said, so that a reader never takes a missing name for an older program.
    private static readonly JsonSerializerOptions WithNulls = new(TeachJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>Version of the JSON's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Which model was evaluated.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>The model's own threshold.</summary>
    public required float Threshold { get; init; }

    /// <summary>Area under the ROC curve over whole photos, 0–1; see <see cref="Rates.Auroc"/>.</summary>
    public required double? Auroc { get; init; }

    /// <summary>Good photos that were scored.</summary>
    public required int GoodParts { get; init; }

    /// <summary>Photos of defective parts that were scored.</summary>
    public required int DefectParts { get; init; }

    /// <summary>Share of good parts above the threshold, 0–1.</summary>
    public required double? FalseRejectRate { get; init; }

    /// <summary>Share of defective parts not above the threshold, 0–1.</summary>
    public required double? EscapeRate { get; init; }

    /// <summary>Photos that could not be scored: Indeterminate, and in no rate.</summary>
    public required int Unscored { get; init; }

    /// <summary>Escapes where 1 % (<c>0.01</c>) and 5 % (<c>0.05</c>) of the good test parts may be rejected; see <see cref="Rates.EscapesAt"/>.</summary>
    public required IReadOnlyDictionary<string, double?> EscapeRateAt { get; init; }

    /// <summary>Median time from decoded photo to score, resize included, one thread, warmed up.</summary>
    public required double? MedianMilliseconds { get; init; }

    /// <summary>99th percentile of the same times, by nearest rank.</summary>
    public required double? P99Milliseconds { get; init; }

    /// <summary>The photos, in the order in which they were scored.</summary>
    public required IReadOnlyList<ScoredPhoto> Photos { get; init; }

    /// <summary>Everything but the single photos, as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Schema,
            Model,
            Threshold,
            Auroc,
            GoodParts,
            DefectParts,
            FalseRejectRate,
            EscapeRate,
            Unscored,
            EscapeRateAt,
            MedianMilliseconds,
            P99Milliseconds,
        },
        WithNulls) + "\n";

    /// <summary>The photos as CSV (RFC 4180, UTF-8): path, label, score, verdict; the score is empty where there is none.</summary>
    public string ToCsv()
    {
        var csv = new StringBuilder("path,label,score,verdict\n");
        foreach (var photo in Photos)
            csv.Append(Field(photo.Path)).Append(',').Append(photo.Label).Append(',')
                .Append(photo.Score?.ToString("R", CultureInfo.InvariantCulture)).Append(',').Append(photo.Verdict).Append('\n');
        return csv.ToString();
    }

    private static string Field(string text)
        => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>One evaluated photo.</summary>
/// <param name="Path">Relative to the manifest or the folder.</param>
/// <param name="Label"><c>good</c> or <c>defect</c>.</param>
/// <param name="Class"><c>good</c>, or the class of the defect.</param>
/// <param name="Score">The score; null where there is none.</param>
/// <param name="Verdict">Reject is score &gt; threshold; Indeterminate where there is no score.</param>
/// <param name="Milliseconds">Time from decoded photo to score; null where there is no score.</param>
/// <param name="Reason">Why there is no score; null where there is one.</param>
public sealed record ScoredPhoto(string Path, string Label, string Class, float? Score, VerdictKind Verdict, double? Milliseconds, string? Reason);
