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
    internal static readonly JsonSerializerOptions WithNulls = new(TeachJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>So many parts a person sees of each kind, even where none was judged wrongly.</summary>
    public const int FewestShown = 4;

    /// <summary>Version of the JSON's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Which model was evaluated.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>True where the photos are parts of the simulated line.</summary>
    public bool Simulated { get; init; }

    /// <summary>The model's own threshold.</summary>
    public required float Threshold { get; init; }

    /// <summary>A score above this, and not above the threshold, is unsure; null: none is.</summary>
    public float? UnsureAbove { get; init; }

    /// <summary>What the model's card claims of its threshold; null where it claims nothing.</summary>
    public ThresholdBound? Bound { get; init; }

    /// <summary>Area under the ROC curve over whole photos, 0–1; see <see cref="Rates.Auroc"/>.</summary>
    public required double? Auroc { get; init; }

    /// <summary>Bootstrap interval of <see cref="Auroc"/>; see <see cref="Interval.OfAuroc"/>.</summary>
    public Interval? AurocInterval { get; init; }

    /// <summary>Good photos that were scored.</summary>
    public required int GoodParts { get; init; }

    /// <summary>Photos of defective parts that were scored.</summary>
    public required int DefectParts { get; init; }

    /// <summary>Share of good parts above the threshold, 0–1.</summary>
    public required double? FalseRejectRate { get; init; }

    /// <summary>Share of defective parts that pass, 0–1: those neither above the threshold nor unsure.</summary>
    public required double? EscapeRate { get; init; }

    /// <summary>Good parts that are unsure; they are among <see cref="GoodParts"/> and no false rejects.</summary>
    public int GoodUnsure => Unsure("good");

    /// <summary>Defective parts that are unsure; they are among <see cref="DefectParts"/> and do not escape.</summary>
    public int DefectUnsure => Unsure("defect");

    /// <summary>The limits that would have cost least; null where nobody told the costs, or there are not parts of both kinds.</summary>
    public CostLimits? Costs { get; init; }

    /// <summary>Photos that could not be scored: Indeterminate, and in no rate.</summary>
    public required int Unscored { get; init; }

    /// <summary>Escapes where 0.1 % (<c>0.001</c>), 1 % (<c>0.01</c>) and 5 % (<c>0.05</c>) of the good test parts may be rejected; see <see cref="Rates.EscapesAt"/>.</summary>
    public required IReadOnlyDictionary<string, double?> EscapeRateAt { get; init; }

    /// <summary>Area under the ROC curve over pixels; null where the set marks no defects or the model has no map.</summary>
    public double? PixelAuroc { get; init; }

    /// <summary>Per-region overlap (PRO) up to 30 % defect-free pixels, as MVTec AD defines it; null likewise.</summary>
    public double? RegionOverlap { get; init; }

    /// <summary>Defective photos whose pixels are marked, over which these two were taken together with the good ones.</summary>
    public int MarkedParts { get; init; }

    /// <summary>Median time from decoded photo to score, resize included, one thread, warmed up.</summary>
    public required double? MedianMilliseconds { get; init; }

    /// <summary>99th percentile of the same times, by nearest rank.</summary>
    public required double? P99Milliseconds { get; init; }

    /// <summary>The photos, in the order in which they were scored.</summary>
    public required IReadOnlyList<ScoredPhoto> Photos { get; init; }

    /// <summary>Pictures of the <see cref="Hardest"/> defects, then good parts; empty unless asked for.</summary>
    public IReadOnlyList<HeatMap> HeatMaps { get; init; } = [];

    /// <summary>Wilson interval of <see cref="FalseRejectRate"/>.</summary>
    public Interval? FalseRejectInterval => Interval.OfShare(Count("good", VerdictKind.Reject), GoodParts);

    /// <summary>True where more good parts are rejected than the card claims, and chance hardly explains it.</summary>
    public bool BreaksBound => FalseRejectInterval?.Low > Bound?.MaxFalseRejectRate;

    /// <summary>Wilson interval of <see cref="EscapeRate"/>.</summary>
    public Interval? EscapeInterval => Interval.OfShare(Count("defect", VerdictKind.Pass), DefectParts);

    /// <summary>Each class of defect that was scored, in alphabetical order.</summary>
    public IEnumerable<DefectClass> Classes => Photos
        .Where(p => p is { Score: not null, Label: "defect" })
        .GroupBy(p => p.Class)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => new DefectClass(g.Key, g.Count(), g.Count(p => p.Verdict == VerdictKind.Pass)));

    /// <summary>Scores above which bounded shares of good parts lie, from the parts that the model's version kept out; empty where it has no record of them.</summary>
    public IReadOnlyList<UnsureLimit> Limits { get; init; } = [];

    /// <summary>True where the model gives an anomaly map.</summary>
    public bool HasMap { get; init; }

    /// <summary>True where every scored photo says when it was taken, so that <see cref="Ordered"/> is an order in time.</summary>
    public bool OrderedByTime => Photos.Any(p => p.Score is not null) && Photos.All(p => p.Score is null || p.TakenAt is not null);

    /// <summary>The scored photos as they were taken, or as the manifest or folder lists them.</summary>
    public IEnumerable<ScoredPhoto> Ordered
    {
        get
        {
            var scored = Photos.Where(p => p.Score is not null);
            return OrderedByTime ? scored.OrderBy(p => p.TakenAt) : scored;
        }
    }

    /// <summary>The scores of both kinds, in the order of <see cref="Photos"/>.</summary>
    internal (float[] Good, float[] Defect) Scores() => ScoresOf(Photos);

    /// <summary>The scores of both kinds, in the order of the photos.</summary>
    internal static (float[] Good, float[] Defect) ScoresOf(IReadOnlyCollection<ScoredPhoto> photos)
    {
        float[] Of(string label) => [.. photos.Where(p => p.Score is not null && p.Label == label).Select(p => p.Score!.Value)];
        return (Of("good"), Of("defect"));
    }

    private int Unsure(string label) => Photos.Count(p => p.Label == label && p is { Score: not null, Verdict: VerdictKind.Indeterminate });

    /// <summary>How many photos of a label got a verdict.</summary>
    public int Count(string label, VerdictKind verdict) => Photos.Count(p => p.Label == label && p.Verdict == verdict);

    /// <summary>
    /// The worst wrong verdicts: defects that pass, the lowest score first, or good parts that are rejected, the highest
    /// first. Where there are fewer than <see cref="FewestShown"/>, those that came nearest to it follow.
    /// </summary>
    /// <param name="label"><c>defect</c> or <c>good</c>.</param>
    /// <param name="most">So many at most.</param>
    public IEnumerable<ScoredPhoto> Hardest(string label, int most)
    {
        var isGood = label == "good";
        var scored = Photos.Where(p => p.Label == label && p.Score is not null);
        return (isGood ? scored.OrderByDescending(p => p.Score) : scored.OrderBy(p => p.Score))
            .Take(Math.Min(most, Math.Max(FewestShown, Count(label, isGood ? VerdictKind.Reject : VerdictKind.Pass))));
    }

    /// <summary>Everything but the single photos, as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(Figures, WithNulls) + "\n";

    /// <summary>What <see cref="ToJson"/> writes.</summary>
    internal object Figures => new
    {
        Schema,
        Model,
        Simulated,
        Threshold,
        UnsureAbove,
        Bound,
        Auroc,
        AurocInterval,
        GoodParts,
        DefectParts,
        FalseRejectRate,
        FalseRejectInterval,
        EscapeRate,
        EscapeInterval,
        GoodUnsure,
        DefectUnsure,
        Costs,
        Unscored,
        EscapeRateAt,
        Classes,
        PixelAuroc,
        RegionOverlap,
        MarkedParts,
        MedianMilliseconds,
        P99Milliseconds,
    };

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
/// <param name="Verdict">Reject is score &gt; threshold; Indeterminate where there is no score, or an unsure one.</param>
/// <param name="Milliseconds">Time from decoded photo to score; null where there is no score.</param>
/// <param name="Reason">Why there is no score; null where there is one.</param>
public sealed record ScoredPhoto(string Path, string Label, string Class, float? Score, VerdictKind Verdict, double? Milliseconds, string? Reason)
{
    /// <summary>When it was taken, by its camera's clock; null where the file does not say.</summary>
    public DateTime? TakenAt { get; init; }
}

/// <summary>How the model did on one class of defect.</summary>
/// <param name="Class">The class.</param>
/// <param name="Parts">Parts that were scored.</param>
/// <param name="Escapes">How many of them pass.</param>
public sealed record DefectClass(string Class, int Parts, int Escapes);
