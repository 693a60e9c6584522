using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>The pictures that a simulated line is put together from, drawn once for one size of frame.</summary>
internal sealed class PartArt : IDisposable
{
    /// <summary>Half of the part picture's width, shadow included, in 640ths of the frame's width.</summary>
    public const double HalfWidth = 228;

    /// <summary>Half of the part picture's height, shadow included.</summary>
    public const double HalfHeight = 164;

    /// <summary>The belt is this much wider than the frame, in pixels, so that it can move.</summary>
    public const int BeltTravel = 32;

    private const int Noise = 64;
    private const double PrintStrength = 0.72;
    private readonly Mat _grain;

    /// <summary>Draws everything; takes about a tenth of a second at 640 × 480.</summary>
    public PartArt(int width, int height)
    {
        Scale = Math.Min(width / 640.0, height / 480.0);
        Size = new Size((int)(2 * HalfWidth * Scale), (int)(2 * HalfHeight * Scale));
        _grain = Grain(Size);
        Bare = new Mat(Size, MatType.CV_8UC4);
        Shade(Bare, new Rect(new Point(0, 0), Size), without: -1);
        Printed = Bare.Clone();
        RightPrint = PrintMask("INS-7", "24V LOT 2611");
        WrongPrints = [new Mat(Size, MatType.CV_8UC1, Scalar.Black), PrintMask("LX-42", "48V LOT 0915"), PrintMask("INS-7", "24V LOT 2611", upsideDown: true)];
        Print(Printed, RightPrint);
        Background = Belt(width + BeltTravel, height, Scale);
        NoiseField = new Mat(height + Noise, width + Noise, MatType.CV_8SC3);
        using var rng = new Mat(NoiseField.Size(), MatType.CV_16SC3);
        new RNG(4711).Fill(rng, DistributionType.Normal, Scalar.All(0), Scalar.All(2.2));
        rng.ConvertTo(NoiseField, MatType.CV_8SC3);
    }

    /// <summary>Pixels in a 640th of the frame's width.</summary>
    public double Scale { get; }

    /// <summary>Size of the part's picture in pixels.</summary>
    public Size Size { get; }

    /// <summary>The part without print: premultiplied BGRA.</summary>
    public Mat Bare { get; }

    /// <summary>The part as it should be: premultiplied BGRA.</summary>
    public Mat Printed { get; }

    /// <summary>The ink of the print as it should be, 0–255.</summary>
    public Mat RightPrint { get; }

    /// <summary>The ink of prints as they should not be: none, another, upside down.</summary>
    public IReadOnlyList<Mat> WrongPrints { get; }

    /// <summary>The empty belt: BGR.</summary>
    public Mat Background { get; }

    /// <summary>The sensor's noise, signed, wider and higher than the frame by <see cref="NoiseTravel"/>.</summary>
    public Mat NoiseField { get; }

    /// <summary>How far the noise can be shifted, in pixels.</summary>
    public static int NoiseTravel => Noise;

    /// <summary>Draws the part anew within a rectangle of its picture, with one hole left out.</summary>
    public void Shade(Mat part, Rect where, int without)
    {
        for (var y = where.Top; y < where.Bottom; y++)
            for (var x = where.Left; x < where.Right; x++)
            {
                var (grey, alpha, cool) = (0.0, 0.0, 0.0);
                // Four samples a pixel make the edges smooth.
                for (var sample = 0; sample < 4; sample++)
                {
                    var (px, py) = ((x + 0.25 + 0.5 * (sample & 1)) / Scale - HalfWidth, (y + 0.25 + 0.5 * (sample >> 1)) / Scale - HalfHeight);
                    var (g, a, c) = PartShader.At(px, py, _grain.At<float>(y, x), without);
                    (grey, alpha, cool) = (grey + g / 4, alpha + a / 4, cool + c / 4);
                }
                part.Set(y, x, new Vec4b(Byte(grey * (1 + 0.03 * cool)), Byte(grey), Byte(grey * (1 - 0.035 * cool)), Byte(alpha)));
            }
    }

    /// <summary>Marks the part as a laser does.</summary>
    /// <param name="part">Premultiplied BGRA.</param>
    /// <param name="mask">The ink, as large as the part's picture.</param>
    public static void Print(Mat part, Mat mask)
    {
        using var fade = new Mat();
        using var four = new Mat();
        using var alpha = new Mat(mask.Size(), MatType.CV_8UC1, Scalar.White);
        mask.ConvertTo(fade, MatType.CV_8UC1, -PrintStrength, 255);
        Cv2.Merge([fade, fade, fade, alpha], four);
        Cv2.Multiply(part, four, part, 1 / 255.0);
    }

    private Mat PrintMask(string title, string line, bool upsideDown = false)
    {
        const int fine = 4;
        var unit = Scale * fine;
        using var large = new Mat(Size.Height * fine, Size.Width * fine, MatType.CV_8UC1, Scalar.Black);
        Point At(double x, double y) => new((int)((x + HalfWidth) * unit), (int)((y + HalfHeight) * unit));
        var stroke = Math.Max(1, (int)(2.6 * unit));
        Cv2.PutText(large, title, At(26, 2), HersheyFonts.HersheyDuplex, 1.25 * unit, Scalar.White, stroke, LineTypes.AntiAlias);
        Cv2.PutText(large, line, At(28, 30), HersheyFonts.HersheySimplex, 0.5 * unit, Scalar.White, Math.Max(1, (int)(1.2 * unit)), LineTypes.AntiAlias);
        Matrix(large, At, title);
        if (upsideDown)
        {
            // Turned about the middle of the print, so that it stays where print belongs.
            using var turn = Cv2.GetRotationMatrix2D(new Point2f(At(84, 36).X, At(84, 36).Y), 180, 1);
            Cv2.WarpAffine(large, large, turn, large.Size());
        }
        var mask = new Mat();
        Cv2.Resize(large, mask, Size, 0, 0, InterpolationFlags.Area);
        return mask;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var mat in (Mat[])[_grain, Bare, Printed, Background, NoiseField, RightPrint, .. WrongPrints]) mat.Dispose();
    }

    /// <summary>A square code with a finder edge, as on real parts; its cells follow from the text.</summary>
    private static void Matrix(Mat large, Func<double, double, Point> at, string text)
    {
        const int cells = 12;
        const double cell = 4;
        var random = new Random(text.Sum(c => c) * 31);
        for (var row = 0; row < cells; row++)
            for (var column = 0; column < cells; column++)
            {
                var finder = column == 0 || row == cells - 1 || (row == 0 && column % 2 == 0) || (column == cells - 1 && row % 2 == 1);
                var inside = row > 0 && column < cells - 1 && random.Next(2) == 0;
                if (finder || inside) Cv2.Rectangle(large, at(30 + column * cell, 46 + row * cell), at(30 + (column + 1) * cell, 46 + (row + 1) * cell), Scalar.White, -1);
            }
    }

    private static Mat Grain(Size size)
    {
        var grain = new Mat(size, MatType.CV_32FC1);
        new RNG(99).Fill(grain, DistributionType.Normal, Scalar.All(0), Scalar.All(1));
        Cv2.Blur(grain, grain, new Size(41, 1));
        return grain * 5.0;
    }

    private static Mat Belt(int width, int height, double scale)
    {
        using var weave = new Mat(height, width, MatType.CV_32FC1);
        new RNG(7).Fill(weave, DistributionType.Normal, Scalar.All(0), Scalar.All(1));
        Cv2.GaussianBlur(weave, weave, new Size(0, 0), 1.1);
        var belt = new Mat(height, width, MatType.CV_8UC3);
        var rail = 30 * scale;
        for (var y = 0; y < height; y++)
        {
            var edge = Math.Min(y, height - 1 - y);
            for (var x = 0; x < width; x++)
            {
                var (dx, dy) = (x / (double)width - 0.47, y / (double)height - 0.45);
                var light = 1.12 - 1.1 * (dx * dx + dy * dy);
                double grey;
                if (edge < rail)
                {
                    var t = edge / rail;
                    // An aluminium profile: bright back, a dark groove, a shadow where it meets the belt.
                    grey = 0.50 + 0.16 * Math.Sin(Math.PI * t) - 0.30 * (1 - PartShader.Smooth(0.03, 0.10, Math.Abs(t - 0.45)));
                    grey *= 1 - 0.5 * PartShader.Smooth(0.90, 1, t);
                    grey += 0.012 * weave.At<float>(y, x);
                }
                else
                {
                    grey = 0.185 + 0.016 * Math.Sin(2 * Math.PI * x / (8 * scale)) * Math.Sin(2 * Math.PI * y / (8 * scale)) + 0.03 * weave.At<float>(y, x);
                    grey *= 1 - 0.45 * (1 - PartShader.Smooth(rail, rail + 16 * scale, edge));
                }
                grey *= light;
                var tint = edge < rail ? 0.02 : 0.12;
                belt.Set(y, x, new Vec3b(Byte(grey * (1 + tint)), Byte(grey * (1 + 0.3 * tint)), Byte(grey * (1 - tint))));
            }
        }
        return belt;
    }

    private static byte Byte(double value) => (byte)Math.Clamp(value * 255 + 0.5, 0, 255);
}
