using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Judges frames with a checked ONNX model: one warmed session, its tensors bound once. One thread, the loop's.</summary>
public sealed class OnnxDetector : IDefectDetector
{
    /// <summary>Parts that are detected at the start to warm the session up and to measure it.</summary>
    public const int WarmUpRuns = 60;

    // The largest common line camera; smaller frames are quicker, since shrinking costs by the frame's pixels.
    private static readonly Size WarmUpFrame = new(1920, 1080);

    private readonly LoadedModel _model;
    private readonly ModelSession _session;
    private readonly InputPicture _picture;
    private readonly float[] _smallMap;
    private readonly int _mapStep = 1;

    /// <summary>Takes over a model and warms it up.</summary>
    /// <param name="model">The model; disposed of with the detector.</param>
    /// <param name="time">Measures <see cref="WarmedP99"/>.</param>
    public OnnxDetector(LoadedModel model, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(time);
        (_model, _session) = (model, model.Session);
        _picture = new InputPicture(_session.Input, _session.Width, _session.Height, model.Card.Input?.Resize ?? ModelResize.Area);
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
    /// Nearest-rank percentile of <see cref="WarmUpRuns"/> detections of a 1920 × 1080 picture below the threshold, measures included.
    /// </remarks>
    public TimeSpan WarmedP99 { get; }

    /// <inheritdoc />
    public void Detect(Frame view, Recipe recipe, Detection detection)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(detection);
        detection.Threshold = recipe.Model.Threshold ?? _model.Card.Threshold;
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
        Look(frame.Input, detection);
        if (detection.Failure is null && detection.Score > detection.Threshold && _session.MapWidth > 0)
            detection.Regions = RegionFinder.Find(
                _session.Map, _session.MapWidth, _session.MapHeight, new Size(frame.Width, frame.Height),
                detection.Threshold, recipe.Optics.MillimetresPerPixel);
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
        detection.Failure = _session.Run();
        detection.Score = _session.Score;
        if (detection.Failure is not null || _session.MapWidth == 0) return;
        if (_mapStep == 1) detection.SetMap(_session.Map, _session.MapWidth, _session.MapHeight);
        else SetReducedMap(detection);
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
        using var input = InputArray.Create(pixels);
        var detection = new Detection();
        var took = new TimeSpan[WarmUpRuns];
        for (var i = 0; i < WarmUpRuns; i++)
        {
            var began = time.GetTimestamp();
            detection.Clear();
            Look(input, detection);
            took[i] = time.GetElapsedTime(began);
        }
        // The first runs warm caches and the just-in-time compiler; they are not what a part will take.
        var warmed = took[(WarmUpRuns / 6)..];
        Array.Sort(warmed);
        return warmed[(int)Math.Ceiling(warmed.Length * 0.99) - 1];
    }
}
