using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Finds where a part is anomalous, in the frame's pixels. Only for parts above the threshold, so it may allocate.</summary>
internal static class RegionFinder
{
    /// <summary>So many regions at most, the highest first; more would fill entries and screens, not tell more.</summary>
    public const int MaxRegions = 50;

    /// <summary>So many points at most outline one region.</summary>
    public const int MaxPoints = 64;

    // A map holds 256 × 256 values at most in practice; outlines on a finer grid than this only cost time.
    private const int MaxSide = 640;

    /// <summary>The parts of the map above the threshold.</summary>
    /// <param name="map">Row by row.</param>
    /// <param name="mapWidth">Columns.</param>
    /// <param name="mapHeight">Rows.</param>
    /// <param name="frame">The frame's size in pixels.</param>
    /// <param name="threshold">
    /// The limit of the score. Where the map stays below it although the score is above (a model may scale the two apart),
    /// the map's highest part is taken: above three quarters of the way from its mean to its highest value.
    /// </param>
    /// <param name="millimetresPerPixel">The frame's scale, or null.</param>
    /// <returns>At most <see cref="MaxRegions"/>, the highest first; empty when the map holds no finite value.</returns>
    public static IReadOnlyList<DefectRegion> Find(
        ReadOnlySpan<float> map, int mapWidth, int mapHeight, Size frame, float threshold, double? millimetresPerPixel)
    {
        if (Level(map, threshold) is not { } level) return [];
        var shrink = Math.Min(1, MaxSide / (double)Math.Max(frame.Width, frame.Height));
        var grid = new Size(Math.Max(1, (int)Math.Round(frame.Width * shrink)), Math.Max(1, (int)Math.Round(frame.Height * shrink)));
        using var low = new Mat(mapHeight, mapWidth, MatType.CV_32FC1);
        low.SetArray(map.ToArray());
        using var high = new Mat();
        Cv2.Resize(low, high, grid, 0, 0, InterpolationFlags.Linear);
        using var above = new Mat();
        // A comparison with NaN is false, so values that are not numbers belong to no region.
        Cv2.Compare(high, Scalar.All(level), above, CmpTypes.GT);
        Cv2.FindContours(above, out Point[][] contours, out _, RetrievalModes.External, ContourApproximationModes.ApproxNone);

        var scale = new Point2d(frame.Width / (double)grid.Width, frame.Height / (double)grid.Height);
        return [.. contours.Select(c => Region(c, high, scale, frame, millimetresPerPixel)).OrderByDescending(r => r.Score).ThenByDescending(r => r.AreaPixels).Take(MaxRegions)];
    }

    private static float? Level(ReadOnlySpan<float> map, float threshold)
    {
        double sum = 0;
        var count = 0;
        var highest = float.NegativeInfinity;
        foreach (var value in map)
        {
            if (!float.IsFinite(value)) continue;
            sum += value;
            count++;
            if (value > highest) highest = value;
        }
        if (count == 0) return null;
        if (highest > threshold) return threshold;
        var mean = (float)(sum / count);
        return mean + (0.75f * (highest - mean));
    }

    private static DefectRegion Region(Point[] contour, Mat map, Point2d scale, Size frame, double? millimetresPerPixel)
    {
        var box = Cv2.BoundingRect(contour);
        using var within = map[box];
        Cv2.MinMaxLoc(within, out double _, out double highest);
        // Pick's theorem: the outline runs through pixel centres, so the pixels are the area within plus half the outline plus one.
        var pixels = (Cv2.ContourArea(contour) + (contour.Length / 2.0) + 1) * scale.X * scale.Y;
        var (left, top) = ((int)Math.Floor(box.Left * scale.X), (int)Math.Floor(box.Top * scale.Y));
        var (right, bottom) = (Math.Min(frame.Width, (int)Math.Ceiling(box.Right * scale.X)), Math.Min(frame.Height, (int)Math.Ceiling(box.Bottom * scale.Y)));
        var outline = Simplify(contour).SelectMany(p => new[]
        {
            Math.Min(frame.Width - 1, (int)((p.X + 0.5) * scale.X)), Math.Min(frame.Height - 1, (int)((p.Y + 0.5) * scale.Y)),
        });
        return new DefectRegion(
            left, top, right - left, bottom - top, pixels,
            millimetresPerPixel is { } mm ? pixels * mm * mm : null, (float)highest, [.. outline]);
    }

    private static Point[] Simplify(Point[] contour)
    {
        var simple = contour;
        for (var tolerance = 1.0; simple.Length > MaxPoints || tolerance == 1.0; tolerance *= 2) simple = Cv2.ApproxPolyDP(contour, tolerance, closed: true);
        return simple;
    }
}
