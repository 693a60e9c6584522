using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// Measures a model on photos whose label is known, through the detector that judges on the line, so that what is
/// measured here is what happens there.
/// </summary>
/// <param name="time">Clock of the timings.</param>
public sealed class Evaluator(TimeProvider time)
{
    private static readonly decimal[] Shares = [0.001m, 0.01m, 0.05m];

    /// <summary>How many escapes, and false rejects, <see cref="Evaluation.HeatMaps"/> shows at most, 0 or more. Default 0.</summary>
    public int HeatMaps { get; init; }

    /// <summary>The recipe's <c>model.unsureAbove</c> that is to be tried, below the model's threshold; null: none.</summary>
    public float? UnsureAbove { get; init; }

    /// <summary>What wrong verdicts cost, to find the limits that cost least; null: nobody knows.</summary>
    public PartCosts? Costs { get; init; }

    /// <summary>Evaluates.</summary>
    /// <param name="model">The folder of one model version.</param>
    /// <param name="data">
    /// A <c>manifest.csv</c> (rows of split <c>test</c>), or a folder that holds <c>good/</c> and other class folders, or
    /// <c>simulated:GOOD:DEFECTIVE[:SEED[:TURN]]</c>.
    /// </param>
    /// <param name="progress">Told how many photos are done; may be null.</param>
    /// <param name="cancel">Cancels: an <see cref="OperationCanceledException"/>.</param>
    public Outcome<Evaluation> Evaluate(string model, string data, IProgress<EvaluationProgress>? progress = null, CancellationToken cancel = default)
    {
        var found = TestPhotos.In(data);
        if (!found.Succeeded) return found.Failure;
        using var photos = found.Value;
        var loaded = ModelFolder.Load(model);
        if (!loaded.Succeeded) return loaded.Failure;
        using var detector = new OnnxDetector(loaded.Value, time);
        if (UnsureAbove is { } limit && !(limit < detector.Card.Threshold))
            return new Failure("unsure-above", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Unsure above {limit} leaves nothing below the threshold of {detector.Model.Name}@{detector.Model.Version}, {detector.Card.Threshold}; give a lower score."));
        // The frame's limits belong to a recipe, not to a model: here only what cannot be scored is Indeterminate. Regions
        // are looked for nowhere, so that the times are those of scoring.
        var recipe = new Recipe
        {
            Name = detector.Model.Name,
            Revision = 1,
            CreatedBy = "evaluate",
            CreatedAt = time.GetUtcNow(),
            Model = new ModelReference { Name = detector.Model.Name, Version = detector.Model.Version, Threshold = loaded.Value.HighestThreshold },
        };
        using var look = new EvaluationLook(detector, recipe, UnsureAbove, time);
        var pixels = photos.All.Any(p => p.Mask is not null) && detector.Card.Outputs?.Map is not null ? new PixelScores() : null;
        var scored = new List<ScoredPhoto>(photos.All.Count);
        foreach (var photo in photos.All)
        {
            cancel.ThrowIfCancellationRequested();
            scored.Add(look.Score(photo, pixels));
            progress?.Report(new EvaluationProgress(scored.Count, photos.All.Count));
        }
        var evaluation = Sum(detector, scored, pixels, UnsureAbove, Costs) with { Simulated = photos.Simulated, Limits = LimitsOf(loaded.Value) };
        if (HeatMaps == 0) return evaluation;
        var files = photos.All.ToDictionary(p => p.Path, StringComparer.Ordinal);
        var shown = evaluation.Hardest("defect", HeatMaps).Concat(evaluation.Hardest("good", HeatMaps));
        HeatMap? HeatMap(ScoredPhoto photo)
        {
            cancel.ThrowIfCancellationRequested();
            return look.HeatMap(files[photo.Path]);
        }

        return evaluation with { HeatMaps = [.. shown.Select(HeatMap).OfType<HeatMap>()] };
    }

    /// <summary>The same limits that teaching told. A foreign model has none, and an extended one shows none: its older scores are those of an older memory.</summary>
    private static IReadOnlyList<UnsureLimit> LimitsOf(LoadedModel model)
    {
        if (model.Card.Kind != ModelKind.Taught || TeachRecord.Read(Path.Combine(model.Folder, TeachRecord.FileName)).Value is not { Lots.Count: <= 1 } record) return [];
        float[] keptOut = [.. record.Photos.Where(p => p is { Use: PhotoUse.KeptOut, Score: not null }).Select(p => p.Score!.Value)];
        return keptOut.Length == 0 ? [] : UnsureLimit.Of(keptOut, model.Card.Threshold, record.PrecisionChoice is null ? FalseRejectBound.Confidence : FalseRejectBound.OfEachOfTwo);
    }

    private static Evaluation Sum(OnnxDetector detector, List<ScoredPhoto> photos, PixelScores? pixels, float? unsureAbove, PartCosts? costs)
    {
        var threshold = detector.Card.Threshold;
        var (good, defect) = Evaluation.ScoresOf(photos);
        double[] times = [.. photos.Where(p => p.Milliseconds is not null).Select(p => p.Milliseconds!.Value)];
        return new Evaluation
        {
            Model = detector.Model,
            Threshold = threshold,
            UnsureAbove = unsureAbove,
            Bound = detector.Card.Bound,
            Auroc = Rates.Auroc(good, defect),
            AurocInterval = Interval.OfAuroc(good, defect),
            GoodParts = good.Length,
            DefectParts = defect.Length,
            FalseRejectRate = Rates.FalseRejects(good, threshold),
            EscapeRate = Rates.Escapes(defect, unsureAbove ?? threshold),
            Unscored = photos.Count - good.Length - defect.Length,
            EscapeRateAt = Shares.ToDictionary(s => s.ToString(System.Globalization.CultureInfo.InvariantCulture), s => Rates.EscapesAt(good, defect, s)),
            Costs = costs is null ? null : CostLimits.Of(good, defect, costs, unsureAbove, threshold),
            HasMap = detector.Card.Outputs?.Map is not null,
            PixelAuroc = pixels?.Auroc,
            RegionOverlap = pixels?.RegionOverlap,
            MarkedParts = pixels?.MarkedPhotos ?? 0,
            MedianMilliseconds = Rates.Percentile(times, 50),
            P99Milliseconds = Rates.Percentile(times, 99),
            Photos = photos,
        };
    }
}

/// <summary>How far an evaluation has come.</summary>
/// <param name="Done">Photos scored.</param>
/// <param name="Total">Of so many.</param>
public readonly record struct EvaluationProgress(int Done, int Total);
