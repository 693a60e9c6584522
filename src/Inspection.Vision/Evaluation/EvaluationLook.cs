using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Shows single photos to the detector.</summary>
internal sealed class EvaluationLook(OnnxDetector detector, Recipe recipe, float? unsureAbove, TimeProvider time) : IDisposable
{
    // So many pixels show a defect on a page that holds forty such pictures.
    private const int PictureSide = 480;
    private const int MaxPictureBytes = 32 << 10;

    private readonly MatFramePool _pool = new(1);
    private readonly Detection _detection = new();

    /// <summary>Scores a photo.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="pixels">Receives the map of each good part and of each defective one whose defect is marked; may be null.</param>
    public ScoredPhoto Score(TestPhoto photo, PixelScores? pixels)
    {
        var label = photo.Good ? "good" : "defect";
        ScoredPhoto Unscored(string reason) => new(photo.Path, label, photo.Class, null, VerdictKind.Indeterminate, null, reason);

        var rented = Frame(photo);
        if (!rented.Succeeded) return Unscored(rented.Failure.Message);
        using var frame = rented.Value;
        _detection.Clear();
        var began = time.GetTimestamp();
        detector.Detect(frame, recipe, _detection);
        var took = time.GetElapsedTime(began).TotalMilliseconds;
        if (_detection.Failure is { } failure) return Unscored(failure);
        if (_detection.NotFound is { } why) return Unscored(why);
        if (!float.IsFinite(_detection.Score)) return Unscored("The model's score is not a finite number.");
        if (pixels is not null) Add(photo, frame, pixels);
        var verdict = _detection.Score > detector.Card.Threshold ? VerdictKind.Reject : _detection.Score > unsureAbove ? VerdictKind.Indeterminate : VerdictKind.Pass;
        return new(photo.Path, label, photo.Class, _detection.Score, verdict, took, null) { TakenAt = photo.TakenAt() };
    }

    /// <summary>A photo as the line shows it: heat map, outlines, and the label of generated content.</summary>
    /// <returns>Null when the photo can no longer be read.</returns>
    public HeatMap? HeatMap(TestPhoto photo)
    {
        var rented = Frame(photo);
        if (!rented.Succeeded) return null;
        using var frame = rented.Value;
        _detection.Clear();
        detector.Detect(frame, recipe with { Model = recipe.Model with { Threshold = null, UnsureAbove = unsureAbove } }, _detection);
        var overlay = new Overlay(_detection.Map.ToArray(), _detection.MapWidth, _detection.MapHeight, _detection.Threshold, _detection.Regions);
        using var painted = OverlayPainter.Paint(frame.Pixels, overlay);
        var scale = Math.Min(1.0, (double)PictureSide / Math.Max(frame.Width, frame.Height));
        using var small = painted.Resize(new Size(Math.Max(1, frame.Width * scale), Math.Max(1, frame.Height * scale)), 0, 0, InterpolationFlags.Area);
        return new HeatMap(photo.Path, small.Width, small.Height, GeneratedPicture.Encode(small, PictureFormat.Jpeg, MaxPictureBytes, frame.Id));
    }

    /// <inheritdoc />
    public void Dispose() => _pool.Dispose();

    private Outcome<MatFrame> Frame(TestPhoto photo)
    {
        var read = photo.Read();
        if (!read.Succeeded) return read.Failure;
        using var pixels = read.Value;
        var id = Identifiers.New(time);
        var now = time.GetUtcNow();
        var frame = _pool.TryRent(pixels.Width, pixels.Height, new FrameDescription(
            id, new Trigger(id, "frame", now, time.GetTimestamp()), "evaluate", now, Simulated: true, Generated: false, photo.Path, photo.Class));
        if (frame is null) return new Failure("image-too-large", $"{photo.Path} is too large to be held beside the others.");
        pixels.CopyTo(frame.Pixels);
        return frame;
    }

    private void Add(TestPhoto photo, MatFrame frame, PixelScores pixels)
    {
        var (map, photoSize) = (new Size(_detection.MapWidth, _detection.MapHeight), new Size(frame.Width, frame.Height));
        if (photo.Good) pixels.AddGood(_detection.Map, map, photoSize);
        else if (photo.Mask?.Invoke() is { Succeeded: true, Value: var mask })
            using (mask) pixels.AddDefect(_detection.Map, map, photoSize, mask);
    }
}

/// <summary>A photo with what the model saw on it.</summary>
/// <param name="Path">As in <see cref="ScoredPhoto.Path"/>.</param>
/// <param name="Width">The picture's width in pixels, at most 480.</param>
/// <param name="Height">The picture's height in pixels, at most 480.</param>
/// <param name="Jpeg">A small JPEG with heat map and outlines, labelled as generated.</param>
public sealed record HeatMap(string Path, int Width, int Height, byte[] Jpeg);
