using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Draws a heat map and the outlines of regions over a copy of a picture.</summary>
internal static class OverlayPainter
{
    private const double StrongestBlend = 0.65;
    private const double Darkness = 0.4;

    private static readonly Lazy<(byte B, byte G, byte R, int Alpha)[]> Palette = new(MakePalette);

    /// <summary>The picture with the overlay; the caller disposes of it.</summary>
    public static Mat Paint(Mat pixels, Overlay overlay)
    {
        var painted = pixels.Clone();
        if (overlay.MapWidth > 0 && overlay.MapHeight > 0) Blend(painted, overlay);
        if (overlay.Map.Contains(Overlay.NotLookedAt)) Darken(painted, overlay);
        var line = Math.Max(1, Math.Min(pixels.Width, pixels.Height) / 240);
        foreach (var region in overlay.Regions)
        {
            var outline = Outline(region);
            Cv2.Polylines(painted, [outline], true, Scalar.Black, line + 2, LineTypes.AntiAlias);
            Cv2.Polylines(painted, [outline], true, Scalar.White, line, LineTypes.AntiAlias);
        }
        return painted;
    }

    /// <summary>Position of a score on the colour scale, 0 to 255: the threshold stands at the middle.</summary>
    internal static byte Level(float score, float threshold, float span)
        => float.IsFinite(score) ? (byte)Math.Clamp(127.5f + 127.5f * (score - threshold) / span, 0, 255) : byte.MaxValue;

    private static Point[] Outline(DefectRegion region)
    {
        if (region.Contour.Count < 2)
            return [new(region.X, region.Y), new(region.X + region.Width, region.Y), new(region.X + region.Width, region.Y + region.Height), new(region.X, region.Y + region.Height)];
        var points = new Point[region.Contour.Count / 2];
        for (var i = 0; i < points.Length; i++) points[i] = new Point(region.Contour[2 * i], region.Contour[2 * i + 1]);
        return points;
    }

    private static unsafe void Blend(Mat painted, Overlay overlay)
    {
        using var small = new Mat(overlay.MapHeight, overlay.MapWidth, MatType.CV_8UC1);
        var span = Span(overlay);
        for (var y = 0; y < overlay.MapHeight; y++)
        {
            var row = (byte*)small.Ptr(y);
            for (var x = 0; x < overlay.MapWidth; x++) row[x] = Level(overlay.Map[y * overlay.MapWidth + x], overlay.Threshold, span);
        }
        using var levels = small.Resize(painted.Size(), 0, 0, InterpolationFlags.Cubic);
        var palette = Palette.Value;
        var (width, height) = (painted.Width, painted.Height);
        for (var y = 0; y < height; y++)
        {
            var level = (byte*)levels.Ptr(y);
            var pixel = (byte*)painted.Ptr(y);
            for (var x = 0; x < width; x++, pixel += 3)
            {
                var (b, g, r, alpha) = palette[level[x]];
                pixel[0] = (byte)(pixel[0] + ((b - pixel[0]) * alpha >> 8));
                pixel[1] = (byte)(pixel[1] + ((g - pixel[1]) * alpha >> 8));
                pixel[2] = (byte)(pixel[2] + ((r - pixel[2]) * alpha >> 8));
            }
        }
    }

    /// <summary>Darkens what is outside the region of interest, so that nobody takes it for found good.</summary>
    private static void Darken(Mat painted, Overlay overlay)
    {
        using var outside = new Mat(overlay.MapHeight, overlay.MapWidth, MatType.CV_8UC1);
        outside.SetArray(overlay.Map.Select(value => value == Overlay.NotLookedAt ? byte.MaxValue : (byte)0).ToArray());
        using var mask = outside.Resize(painted.Size(), 0, 0, InterpolationFlags.Nearest);
        using var dark = new Mat();
        painted.ConvertTo(dark, -1, Darkness);
        dark.CopyTo(painted, mask);
    }

    /// <summary>Distance in score from the threshold to either end of the scale; scores from 0 upwards begin at the cold end.</summary>
    private static float Span(Overlay overlay)
    {
        if (float.IsFinite(overlay.Threshold) && overlay.Threshold != 0) return Math.Abs(overlay.Threshold);
        var greatest = 0f;
        foreach (var score in overlay.Map) if (float.IsFinite(score)) greatest = Math.Max(greatest, Math.Abs(score));
        return greatest > 0 ? greatest : 1;
    }

    private static (byte B, byte G, byte R, int Alpha)[] MakePalette()
    {
        using var ramp = new Mat(1, 256, MatType.CV_8UC1);
        for (var i = 0; i < 256; i++) ramp.Set(0, i, (byte)i);
        using var colours = new Mat();
        Cv2.ApplyColorMap(ramp, colours, ColormapTypes.Turbo);
        var palette = new (byte, byte, byte, int)[256];
        for (var i = 0; i < 256; i++)
        {
            var colour = colours.At<Vec3b>(0, i);
            // Far below the threshold the part itself is seen; the colour comes in towards it.
            var t = Math.Clamp((i - 40) / 110.0, 0, 1);
            palette[i] = (colour.Item0, colour.Item1, colour.Item2, (int)(256 * StrongestBlend * t * t * (3 - 2 * t)));
        }
        return palette;
    }
}
