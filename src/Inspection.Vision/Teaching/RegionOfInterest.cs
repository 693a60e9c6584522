using System.Globalization;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>
/// The places of the picture that a taught model looks at. A place, 16 × 16 pixels of the model's input, belongs to the
/// region where any of its pixels does, so that no defect at the region's edge is missed.
/// </summary>
/// <param name="Inside">True for each place that is looked at, row by row.</param>
/// <param name="Columns">Places in a row.</param>
/// <param name="Rows">Rows of places.</param>
internal sealed record RegionOfInterest(bool[] Inside, int Columns, int Rows)
{
    // What people point at by hand has corners by the dozen, not by the hundred.
    private const int MaxCorners = 200;

    // A mask that a program smoothed or compressed has a little of all greys along its edges.
    private const int NearlyBlack = 32, NearlyWhite = 223;
    private const double MostBetween = 0.05;

    /// <summary>How many places are looked at.</summary>
    public int Places => Inside.Count(i => i);

    /// <summary>The box around it on a photo, in its pixels.</summary>
    public Rect Box(Size photo)
    {
        int[] places = [.. Enumerable.Range(0, Inside.Length).Where(p => Inside[p])];
        var (left, right) = (places.Min(p => p % Columns), places.Max(p => p % Columns) + 1);
        var (top, bottom) = (places.Min(p => p / Columns), places.Max(p => p / Columns) + 1);
        return Rect.FromLTRB(left * photo.Width / Columns, top * photo.Height / Rows, right * photo.Width / Columns, bottom * photo.Height / Rows);
    }

    /// <summary>What each pixel of the input is multiplied by: 1 where it is looked at, 0 elsewhere; row by row.</summary>
    public float[] Pixels()
    {
        var (width, height) = (Columns * TaughtGraph.Stride, Rows * TaughtGraph.Stride);
        return [.. Enumerable.Range(0, width * height).Select(i => Holds(i % width, i / width, new Size(width, height), UprightMap.Unturned) ? 1f : 0f)];
    }

    /// <summary>Whether a point of a photo is looked at, its part being turned upright.</summary>
    /// <param name="x">Its column, 0 to <paramref name="photo"/>'s width − 1.</param>
    /// <param name="y">Its row.</param>
    /// <param name="photo">The photo's size.</param>
    /// <param name="toUpright">From the photo to the upright part.</param>
    public bool Holds(int x, int y, Size photo, in UprightMap toUpright)
    {
        var (u, v) = toUpright.Of((x + 0.5) / photo.Width, (y + 0.5) / photo.Height);
        return u is >= 0 and < 1 && v is >= 0 and < 1 && Inside[((int)(v * Rows) * Columns) + (int)(u * Columns)];
    }

    /// <summary>The region where shapes stand; the whole of several.</summary>
    /// <param name="shapes">
    /// Each <c>X,Y,WIDTH,HEIGHT</c> (a rectangle), <c>X1,Y1,X2,Y2,X3,Y3,…</c> (a polygon), both in pixels of the photos, or
    /// the path of a mask: a picture of the photos' shape that is white where to look.
    /// </param>
    /// <param name="photo">The photos' size.</param>
    /// <param name="size">The model's input.</param>
    public static Outcome<RegionOfInterest> Read(IReadOnlyList<string> shapes, Size photo, InputSize size)
    {
        using var mask = new Mat(photo, MatType.CV_8UC1, Scalar.Black);
        foreach (var shape in shapes)
            if (Paint(mask, shape) is { } failure) return failure;
        var (columns, rows) = (size.Width / TaughtGraph.Stride, size.Height / TaughtGraph.Stride);
        var inside = new bool[columns * rows];
        for (var p = 0; p < inside.Length; p++)
        {
            int Edge(int place, int places, int pixels) => (int)((long)place * pixels / places);
            var (left, top) = (Edge(p % columns, columns, photo.Width), Edge(p / columns, rows, photo.Height));
            var (right, bottom) = (Edge((p % columns) + 1, columns, photo.Width), Edge((p / columns) + 1, rows, photo.Height));
            using var place = mask[new Rect(left, top, Math.Max(1, right - left), Math.Max(1, bottom - top))];
            inside[p] = Cv2.CountNonZero(place) > 0;
        }
        return inside.Any(i => i)
            ? new RegionOfInterest(inside, columns, rows)
            : new Failure("roi-empty", $"The region of interest holds no pixel of the photos ({photo.Width} × {photo.Height}). Give it in pixels of the photo as the camera takes it, from the left upper corner.");
    }

    /// <summary>A shape as the record keeps it: a mask by its name, because a path belongs to one machine.</summary>
    public static string Name(string shape) => Numbers(shape) is null ? Path.GetFileName(shape) : shape;

    private static Failure? Paint(Mat mask, string shape)
    {
        if (Numbers(shape) is not { } numbers) return PaintMask(mask, shape);
        if (numbers is [var x, var y, > 0 and var width, > 0 and var height])
        {
            if (Beyond(mask, shape, [new(x, y), new(x + width, y + height)]) is { } beyond) return beyond;
            Cv2.Rectangle(mask, new Rect(x, y, width, height), Scalar.White, -1);
            return null;
        }
        if (numbers.Length is < 6 or > 2 * MaxCorners || numbers.Length % 2 != 0)
            return new Failure("roi-malformed", $"The region '{shape}' is no X,Y,WIDTH,HEIGHT with a width and height above 0 and no polygon X1,Y1,X2,Y2,X3,Y3,… of 3–{MaxCorners} corners, all whole pixels.");
        Point[] corners = [.. Enumerable.Range(0, numbers.Length / 2).Select(i => new Point(numbers[2 * i], numbers[(2 * i) + 1]))];
        if (Beyond(mask, shape, corners) is { } outside) return outside;
        Cv2.FillPoly(mask, [corners], Scalar.White);
        return null;
    }

    /// <summary>A shape that reaches out of the photo was drawn for other photos.</summary>
    private static Failure? Beyond(Mat mask, string shape, Point[] corners) => corners.Any(c => c.X < 0 || c.Y < 0 || c.X > mask.Width || c.Y > mask.Height)
        ? new("roi-outside", $"The region '{shape}' reaches beyond the photos ({mask.Width} × {mask.Height}). Give it in pixels of the photo as the camera takes it, from the left upper corner.")
        : null;

    private static Failure? PaintMask(Mat mask, string path)
    {
        var read = File.Exists(path) ? ImageReader.Read(path) : new Failure("", "There is no such file.");
        if (!read.Succeeded) return new Failure("roi-malformed", $"The region '{path}' is no X,Y,WIDTH,HEIGHT, no polygon, and no mask that can be read: {read.Failure.Message}");
        using var picture = read.Value;
        if (PartPhotos.IsOtherShape(picture.Size(), mask.Size()))
            return new Failure("roi-other-shape", $"The mask {path} has {picture.Width} × {picture.Height} pixels, the photos {mask.Width} × {mask.Height}: another shape. Draw it over one of the photos.");
        using var grey = picture.CvtColor(ColorConversionCodes.BGR2GRAY);
        using var between = grey.InRange(new Scalar(NearlyBlack), new Scalar(NearlyWhite));
        if (Cv2.CountNonZero(between) is var neither && neither > MostBetween * grey.Width * grey.Height)
            return new Failure("roi-no-mask", string.Create(CultureInfo.InvariantCulture, $"{path} is no mask: {100.0 * neither / (grey.Width * grey.Height):0} % of its pixels are neither black nor white. Paint white where to look and black elsewhere."));
        using var fitted = grey.Resize(mask.Size(), 0, 0, InterpolationFlags.Nearest);
        using var white = fitted.Threshold(127, 255, ThresholdTypes.Binary);
        Cv2.BitwiseOr(mask, white, mask);
        return null;
    }

    private static int[]? Numbers(string shape)
    {
        var numbers = new List<int>();
        foreach (var text in shape.Split(','))
        {
            // Beyond a million pixels there is no photo, and OpenCV's fixed-point drawing overflows.
            if (!int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || Math.Abs((long)number) > 1_000_000) return null;
            numbers.Add(number);
        }
        return [.. numbers];
    }
}
