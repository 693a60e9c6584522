using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>A defect that is painted on the photo of a good part.</summary>
public enum SyntheticDefect
{
    /// <summary>A thin, slightly bent line, brighter or darker than the part.</summary>
    Scratch,

    /// <summary>A soft-edged spot, brighter, darker or tinted.</summary>
    Blob,

    /// <summary>A piece of the same photo, turned, in another place (CutPaste: Li et al., CVPR 2021).</summary>
    CutPaste,

    /// <summary>A piece that is gone: filled with the colour around the part.</summary>
    MissingPatch,

    /// <summary>A piece whose surface is another: the same pixels, shuffled in small tiles.</summary>
    Texture,
}

/// <summary>
/// Paints defects on photos of good parts, to choose and to estimate by; no real defect is needed. Where and how follows
/// from the random numbers alone, so the same seed paints the same.
/// </summary>
internal static class SyntheticDefects
{
    /// <summary>A defect must change its pixels by so much of 255 in the mean, or nobody could see it.</summary>
    private const double LeastChange = 10;

    private const int Tries = 8;

    /// <summary>Paints one.</summary>
    /// <param name="photo">8-bit BGR; left as it is where nothing visible could be painted.</param>
    /// <param name="kind">What.</param>
    /// <param name="size">Its length or diameter in pixels, 3 or more.</param>
    /// <param name="ground">Where the part is, from <see cref="PartGround.Of"/>.</param>
    /// <param name="random">Where and how.</param>
    /// <returns>The box around it; null where nothing visible could be painted.</returns>
    public static Rect? Paint(Mat photo, SyntheticDefect kind, double size, PartGround ground, Random random)
    {
        var whole = new Rect(0, 0, photo.Width, photo.Height);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var centre = ground.Place(random);
            var half = (int)Math.Ceiling(size / 2) + 3;
            var box = new Rect(centre.X - half, centre.Y - half, 2 * half, 2 * half).Intersect(whole);
            if (box.Width < 3 || box.Height < 3) continue;
            using var before = photo[box].Clone();
            using var mask = new Mat(photo.Size(), MatType.CV_8UC1, Scalar.Black);
            switch (kind)
            {
                case SyntheticDefect.Scratch: Scratch(photo, mask, centre, size, random); break;
                case SyntheticDefect.Blob: Blob(photo, mask, centre, size, random); break;
                case SyntheticDefect.CutPaste: CutPaste(photo, mask, centre, size, ground, random); break;
                case SyntheticDefect.MissingPatch: Missing(photo, mask, centre, size, ground, random); break;
                default: Texture(photo, mask, box, centre, size, random); break;
            }
            if (IsVisible(photo[box], before, mask[box])) return box;
            using var target = photo[box];
            before.CopyTo(target);
        }
        return null;
    }


    private static void Scratch(Mat photo, Mat mask, Point centre, double length, Random random)
    {
        var angle = random.NextDouble() * Math.PI;
        var bend = (random.NextDouble() - 0.5) * 0.8;
        var line = new Point[7];
        for (var i = 0; i < line.Length; i++)
        {
            var t = (i / 6.0) - 0.5;
            var a = angle + (bend * t);
            line[i] = new Point(centre.X + (int)Math.Round(Math.Cos(a) * length * t), centre.Y + (int)Math.Round(Math.Sin(a) * length * t));
        }
        var width = Math.Max(1, (int)Math.Round(Math.Min(photo.Width, photo.Height) / 200.0 * (1 + random.NextDouble())));
        Cv2.Polylines(mask, [line], false, Scalar.White, width, LineTypes.AntiAlias);
        Lighten(photo, mask, Sign(random) * (35 + (50 * random.NextDouble())), 1, 1, 1);
    }

    private static void Blob(Mat photo, Mat mask, Point centre, double diameter, Random random)
    {
        var axes = new Size(Math.Max(1, diameter / 2), Math.Max(1, diameter / 2 * (0.6 + (0.4 * random.NextDouble()))));
        Cv2.Ellipse(mask, centre, axes, random.Next(180), 0, 360, Scalar.White, -1, LineTypes.AntiAlias);
        Cv2.GaussianBlur(mask, mask, new Size(0, 0), Math.Max(0.6, diameter / 10));
        Lighten(photo, mask, Sign(random) * (30 + (50 * random.NextDouble())), 0.5 + random.NextDouble(), 0.5 + random.NextDouble(), 0.5 + random.NextDouble());
    }

    private static void CutPaste(Mat photo, Mat mask, Point centre, double size, PartGround ground, Random random)
    {
        var from = ground.Place(random);
        Cv2.Ellipse(mask, centre, new Size(Math.Max(1, size / 2), Math.Max(1, size / 3)), random.Next(180), 0, 360, Scalar.White, -1);
        using var turn = Cv2.GetRotationMatrix2D(new Point2f(from.X, from.Y), 30 + random.Next(300), 1);
        turn.Set(0, 2, turn.Get<double>(0, 2) + centre.X - from.X);
        turn.Set(1, 2, turn.Get<double>(1, 2) + centre.Y - from.Y);
        using var turned = new Mat();
        Cv2.WarpAffine(photo, turned, turn, photo.Size(), InterpolationFlags.Linear, BorderTypes.Reflect101);
        turned.CopyTo(photo, mask);
    }

    private static void Missing(Mat photo, Mat mask, Point centre, double size, PartGround ground, Random random)
    {
        var corners = new Point[8];
        for (var i = 0; i < corners.Length; i++)
        {
            var (angle, r) = (2 * Math.PI * i / corners.Length, size / 2 * (0.7 + (0.3 * random.NextDouble())));
            corners[i] = new Point(centre.X + (int)Math.Round(r * Math.Cos(angle)), centre.Y + (int)Math.Round(r * Math.Sin(angle)));
        }
        Cv2.FillPoly(mask, [corners], Scalar.White);
        photo.SetTo(ground.Around, mask);
    }

    private static void Texture(Mat photo, Mat mask, Rect box, Point centre, double size, Random random)
    {
        Cv2.Circle(mask, centre, Math.Max(1, (int)(size / 2)), Scalar.White, -1);
        var tile = Math.Max(2, (int)(size / 8));
        using var shuffled = photo.Clone();
        var places = new List<Rect>();
        for (var y = box.Y; y + tile <= box.Bottom; y += tile)
            for (var x = box.X; x + tile <= box.Right; x += tile) places.Add(new Rect(x, y, tile, tile));
        var from = places.ToArray();
        random.Shuffle(from);
        for (var i = 0; i < from.Length; i++)
        {
            using var source = photo[from[i]];
            using var target = shuffled[places[i]];
            source.CopyTo(target);
        }
        shuffled.CopyTo(photo, mask);
    }

    /// <summary>Adds to the colours where the weight is.</summary>
    private static void Lighten(Mat photo, Mat weight, double by, double blue, double green, double red)
    {
        using var colour = new Mat(photo.Size(), MatType.CV_8UC3, new Scalar(Math.Abs(by) * blue, Math.Abs(by) * green, Math.Abs(by) * red));
        using var three = new Mat();
        Cv2.CvtColor(weight, three, ColorConversionCodes.GRAY2BGR);
        Cv2.Multiply(colour, three, colour, 1 / 255.0);
        if (by > 0) Cv2.Add(photo, colour, photo);
        else Cv2.Subtract(photo, colour, photo);
    }

    private static bool IsVisible(Mat now, Mat before, Mat mask)
    {
        using var difference = new Mat();
        using var grey = new Mat();
        using var solid = new Mat();
        Cv2.Absdiff(now, before, difference);
        Cv2.CvtColor(difference, grey, ColorConversionCodes.BGR2GRAY);
        Cv2.Threshold(mask, solid, 127, 255, ThresholdTypes.Binary);
        return Cv2.CountNonZero(solid) > 0 && Cv2.Mean(grey, solid).Val0 >= LeastChange;
    }

    private static int Sign(Random random) => random.Next(2) == 0 ? -1 : 1;
}

/// <summary>Where the part is on a photo: all that differs from the colour along the photo's edge, where that is clear.</summary>
internal sealed class PartGround
{
    private const int Different = 30;

    private readonly Point[] _places;
    private readonly Rect _inner;

    private PartGround(Point[] places, Rect inner, Scalar around) => (_places, _inner, Around) = (places, inner, around);

    /// <summary>The box around the part, all but its outermost hundredths; null where it fills the photo or does not stand out.</summary>
    public Rect? Box
    {
        get
        {
            if (_places.Length == 0) return null;
            int Hundredth(Func<Point, int> side, int hundredths) => _places.Select(side).Order().ElementAt(_places.Length * hundredths / 100);
            return Rect.FromLTRB(Hundredth(p => p.X, 1), Hundredth(p => p.Y, 1), Hundredth(p => p.X, 99) + 1, Hundredth(p => p.Y, 99) + 1);
        }
    }

    /// <summary>The colour around the part.</summary>
    public Scalar Around { get; }

    /// <summary>A random place on the part.</summary>
    public Point Place(Random random)
        => _places.Length > 0 ? _places[random.Next(_places.Length)] : new Point(_inner.X + random.Next(_inner.Width), _inner.Y + random.Next(_inner.Height));

    /// <summary>Finds it.</summary>
    /// <param name="photo">8-bit BGR.</param>
    /// <param name="region">Where to look; null: everywhere but at the photo's edge.</param>
    /// <param name="toUpright">From the photo to the upright part, where the region is; null: the part is taken as it lies.</param>
    public static PartGround Of(Mat photo, RegionOfInterest? region = null, UprightMap? toUpright = null)
    {
        var (width, height) = (photo.Width, photo.Height);
        var inner = new Rect(width / 10, height / 10, Math.Max(1, width * 8 / 10), Math.Max(1, height * 8 / 10));
        var edge = new List<Vec3b>();
        for (var x = 0; x < width; x += Math.Max(1, width / 64)) edge.AddRange([photo.At<Vec3b>(0, x), photo.At<Vec3b>(height - 1, x)]);
        for (var y = 0; y < height; y += Math.Max(1, height / 64)) edge.AddRange([photo.At<Vec3b>(y, 0), photo.At<Vec3b>(y, width - 1)]);
        var around = new Scalar(Median(edge, v => v.Item0), Median(edge, v => v.Item1), Median(edge, v => v.Item2));
        var step = Math.Max(1, Math.Min(width, height) / 64);
        var (places, all) = (new List<Point>(), new List<Point>());
        var within = region is null ? inner : new Rect(0, 0, width, height);
        for (var y = within.Y; y < within.Bottom; y += step)
            for (var x = within.X; x < within.Right; x += step)
            {
                if (region?.Holds(x, y, photo.Size(), toUpright ?? UprightMap.Unturned) == false) continue;
                all.Add(new Point(x, y));
                var v = photo.At<Vec3b>(y, x);
                if (Math.Max(Math.Abs(v.Item0 - around.Val0), Math.Max(Math.Abs(v.Item1 - around.Val1), Math.Abs(v.Item2 - around.Val2))) > Different) places.Add(new Point(x, y));
            }
        // A part that fills the photo, or does not stand out, is looked for everywhere but at the edge.
        var share = (double)places.Count / Math.Max(1, all.Count);
        return new PartGround(share is > 0.03 and < 0.95 ? [.. places] : region is null ? [] : [.. all], inner, around);
    }

    private static double Median(List<Vec3b> values, Func<Vec3b, byte> channel)
    {
        var sorted = values.Select(channel).Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
