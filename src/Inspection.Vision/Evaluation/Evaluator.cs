using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// Measures a model on photos whose label is known, through the detector that judges on the line, so that what is
/// measured here is what happens there.
/// </summary>
/// <param name="time">Clock of the timings.</param>
public sealed class Evaluator(TimeProvider time)
{
    private static readonly decimal[] Shares = [0.01m, 0.05m];

    /// <summary>Evaluates.</summary>
    /// <param name="model">The folder of one model version.</param>
    /// <param name="data">
    /// A <c>manifest.csv</c> (rows of split <c>test</c>), or a folder that holds <c>good/</c> and other class folders.
    /// </param>
    /// <param name="progress">Told how many photos are done; may be null.</param>
    /// <param name="cancel">Cancels: an <see cref="OperationCanceledException"/>.</param>
    public Outcome<Evaluation> Evaluate(string model, string data, IProgress<EvaluationProgress>? progress = null, CancellationToken cancel = default)
    {
        var photos = TestPhotos.In(data);
        if (!photos.Succeeded) return photos.Failure;
        var loaded = ModelFolder.Load(model);
        if (!loaded.Succeeded) return loaded.Failure;
        using var detector = new OnnxDetector(loaded.Value, time);
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
        using var pool = new MatFramePool(1);
        var detection = new Detection();
        var scored = new List<ScoredPhoto>(photos.Value.Count);
        foreach (var photo in photos.Value)
        {
            cancel.ThrowIfCancellationRequested();
            scored.Add(Score(photo, detector, recipe, pool, detection));
            progress?.Report(new EvaluationProgress(scored.Count, photos.Value.Count));
        }
        return Sum(detector.Model, detector.Card.Threshold, scored);
    }

    private ScoredPhoto Score(TestPhoto photo, OnnxDetector detector, Recipe recipe, MatFramePool pool, Detection detection)
    {
        var label = photo.Good ? "good" : "defect";
        ScoredPhoto Unscored(string reason) => new(photo.Path, label, photo.Class, null, VerdictKind.Indeterminate, null, reason);

        var read = ImageReader.Read(photo.File);
        if (!read.Succeeded) return Unscored(read.Failure.Message);
        using var pixels = read.Value;
        var id = Identifiers.New(time);
        var now = time.GetUtcNow();
        using var frame = pool.TryRent(pixels.Width, pixels.Height, new FrameDescription(
            id, new Trigger(id, "frame", now, time.GetTimestamp()), "evaluate", now, Simulated: true, Generated: false, photo.Path, photo.Class));
        if (frame is null) return Unscored($"{photo.Path} is too large to be held beside the others.");
        pixels.CopyTo(frame.Pixels);

        detection.Clear();
        var began = time.GetTimestamp();
        detector.Detect(frame, recipe, detection);
        var took = time.GetElapsedTime(began).TotalMilliseconds;
        if (detection.Failure is { } failure) return Unscored(failure);
        if (!float.IsFinite(detection.Score)) return Unscored("The model's score is not a finite number.");
        var verdict = detection.Score > detector.Card.Threshold ? VerdictKind.Reject : VerdictKind.Pass;
        return new(photo.Path, label, photo.Class, detection.Score, verdict, took, null);
    }

    private static Evaluation Sum(ModelIdentity model, float threshold, List<ScoredPhoto> photos)
    {
        float[] good = [.. photos.Where(p => p is { Score: not null, Label: "good" }).Select(p => p.Score!.Value)];
        float[] defect = [.. photos.Where(p => p is { Score: not null, Label: "defect" }).Select(p => p.Score!.Value)];
        double[] times = [.. photos.Where(p => p.Milliseconds is not null).Select(p => p.Milliseconds!.Value)];
        return new Evaluation
        {
            Model = model,
            Threshold = threshold,
            Auroc = Rates.Auroc(good, defect),
            GoodParts = good.Length,
            DefectParts = defect.Length,
            FalseRejectRate = Rates.FalseRejects(good, threshold),
            EscapeRate = Rates.Escapes(defect, threshold),
            Unscored = photos.Count - good.Length - defect.Length,
            EscapeRateAt = Shares.ToDictionary(s => s.ToString(System.Globalization.CultureInfo.InvariantCulture), s => Rates.EscapesAt(good, defect, s)),
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
