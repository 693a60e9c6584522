using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Judges frames with a checked ONNX model: one warmed session, its tensors bound once. One thread, the loop's.</summary>
public sealed class OnnxDetector : IDefectDetector
{
    /// <summary>Least and greatest number of detections at the start that are measured; between them <see cref="WarmUpTime"/> decides.</summary>
    public const int MinWarmUpRuns = 50, MaxWarmUpRuns = 500;

    /// <summary>How long a round of measuring a quick model takes.</summary>
    public static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(0.8);

    /// <summary>
    /// So many rounds are measured, and the lowest percentile counts: the moment in which another program had the processor
    /// says nothing of the model. Once <see cref="WarmUpTime"/> is over threefold no further round begins.
    /// </summary>
    public const int WarmUpRounds = 3;

    // The first runs fill caches and wake the just-in-time compiler; they are not what a part will take.
    private const int ColdRuns = 5;

    // The largest common line camera; smaller frames are quicker, since shrinking costs by the frame's pixels.
    private static readonly Size WarmUpFrame = new(1920, 1080);

    private readonly LoadedModel _model;
    private readonly ModelSession _session;
    private readonly InputPicture _picture;
    private readonly float[] _smallMap;
    private readonly UnturnedMap? _photoMap;
    private readonly int _mapStep = 1;

    /// <summary>Takes over a model and warms it up.</summary>
    /// <param name="model">The model; disposed of with the detector.</param>
    /// <param name="time">Measures <see cref="WarmedP99"/>.</param>
    public OnnxDetector(LoadedModel model, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(time);
        (_model, _session) = (model, model.Session);
        _picture = new InputPicture(_session.Input, _session.Width, _session.Height, model.Card.Input?.Resize ?? ModelResize.Area, model.Template);
        _photoMap = model.Template is null ? null : new UnturnedMap(_session.MapWidth, _session.MapHeight);
        while (Reduced(_session.MapWidth) * Reduced(_session.MapHeight) > Detection.MaxMapLength) _mapStep++;
        _smallMap = _mapStep > 1 ? new float[Reduced(_session.MapWidth) * Reduced(_session.MapHeight)] : [];
        WarmedP99 = WarmUp(time);
        _picture.Forget();
    }

    /// <inheritdoc />
    public ModelIdentity Model => _model.Identity;

    /// <summary>The model's card.</summary>
    public ModelCard Card => _model.Card;

    /// <inheritdoc />
    /// <remarks>
    /// Nearest-rank percentile of at least <see cref="MinWarmUpRuns"/> detections of a 1920 × 1080 picture below the threshold,
    /// resize and measures included; the lowest of up to <see cref="WarmUpRounds"/> rounds.
    /// </remarks>
    public TimeSpan WarmedP99 { get; }

    /// <inheritdoc />
    public void Detect(Frame view, Recipe recipe, Detection detection)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(detection);
        detection.Threshold = recipe.Model.Threshold ?? _model.Card.Threshold;
        detection.UnsureAbove = recipe.Model.UnsureAbove;
        if (view is not MatFrame { Unreadable: null } frame)
        {
            detection.Failure = "The frame has no pixels that this detector can read.";
            return;
        }
        if (detection.Threshold >= _model.ScoreLimit)
        {
            detection.Failure = "The recipe's threshold can never be exceeded, since the model clips its score below it; set a lower one, or none.";
            return;
        }
        if (detection.UnsureAbove >= detection.Threshold)
        {
            detection.Failure = "The recipe's unsureAbove is not below the threshold, so no part would be unsure; set a lower one, or none.";
            return;
        }
        Look(frame.Input, detection);
        if (detection.Failure is not null || detection.NotFound is not null || _session.MapWidth == 0) return;
        // An unsure part is marked from the lower limit on: the person who looks wants to know where.
        var limit = detection.Score > detection.Threshold ? detection.Threshold : detection.UnsureAbove ?? detection.Threshold;
        if (detection.Score > limit) detection.Regions = Regions(new Size(frame.Width, frame.Height), limit, recipe.Optics.MillimetresPerPixel);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _picture.Dispose();
        _model.Dispose();
    }

    private void Look(InputArray pixels, Detection detection)
    {
        _picture.Fill(pixels);
        detection.Health = _picture.Measure();
        if (_picture.Pose is { Finding: not PoseFinding.Found } pose)
        {
            // The model knows upright parts only; whatever it said of this picture would mean nothing.
            detection.NotFound = $"The picture {_model.Template!.Words(pose)}.";
            return;
        }
        detection.Failure = _session.Run();
        detection.Score = _session.Score;
        if (detection.Failure is not null || _session.MapWidth == 0) return;
        if (_photoMap is not null)
        {
            _photoMap.Fill(_session.Map, _picture.Pose!.Value.ToPhoto);
            detection.SetMap(_photoMap.Values, _photoMap.Width, _photoMap.Height);
        }
        else if (_mapStep == 1) detection.SetMap(_session.Map, _session.MapWidth, _session.MapHeight);
        else SetReducedMap(detection);
    }

    private IReadOnlyList<DefectRegion> Regions(Size frame, float limit, double? millimetresPerPixel)
    {
        if (_photoMap is not { } map) return RegionFinder.Find(_session.Map, _session.MapWidth, _session.MapHeight, frame, limit, millimetresPerPixel);
        // What is odd may lie beyond the photo's edge only; then no other place is marked for it.
        return map.Highest > limit ? RegionFinder.Find(map.Values, map.Width, map.Height, frame, limit, millimetresPerPixel) : [];
    }

    /// <summary>A map too large to be carried is thinned out by keeping the highest value of each block, so that no peak is lost.</summary>
    private void SetReducedMap(Detection detection)
    {
        var (width, height) = (Reduced(_session.MapWidth), Reduced(_session.MapHeight));
        for (var y = 0; y < _session.MapHeight; y++)
        {
            var row = _session.Map.Slice(y * _session.MapWidth, _session.MapWidth);
            var target = _smallMap.AsSpan(y / _mapStep * width, width);
            for (var x = 0; x < row.Length; x++)
            {
                var begins = y % _mapStep == 0 && x % _mapStep == 0;
                if (begins || row[x] > target[x / _mapStep]) target[x / _mapStep] = row[x];
            }
        }
        detection.SetMap(_smallMap, width, height);
    }

    private int Reduced(int side) => (side + _mapStep - 1) / _mapStep;

    private TimeSpan WarmUp(TimeProvider time)
    {
        using var pixels = new Mat(WarmUpFrame, MatType.CV_8UC3, Scalar.All(127));
        _model.Template?.Draw(pixels);
        using var input = InputArray.Create(pixels);
        var detection = new Detection();
        for (var i = 0; i < ColdRuns; i++) Look(input, detection);
        // A first defect must not be late because nobody has looked for regions before.
        if (_session.MapWidth > 0) Regions(WarmUpFrame, _session.Score - 1e-6f, null);
        var lowest = TimeSpan.MaxValue;
        var began = time.GetTimestamp();
        for (var round = 0; round < WarmUpRounds && (round == 0 || time.GetElapsedTime(began) < WarmUpTime * WarmUpRounds); round++)
        {
            var p99 = MeasureRound(time, input, detection);
            if (p99 < lowest) lowest = p99;
        }
        return lowest;
    }

    private TimeSpan MeasureRound(TimeProvider time, InputArray input, Detection detection)
    {
        var took = new List<TimeSpan>(MaxWarmUpRuns);
        var began = time.GetTimestamp();
        while (took.Count < MinWarmUpRuns || (took.Count < MaxWarmUpRuns && time.GetElapsedTime(began) < WarmUpTime))
        {
            var part = time.GetTimestamp();
            detection.Clear();
            Look(input, detection);
            took.Add(time.GetElapsedTime(part));
        }
        took.Sort();
        return took[(int)Math.Ceiling(took.Count * 0.99) - 1];
    }
}
