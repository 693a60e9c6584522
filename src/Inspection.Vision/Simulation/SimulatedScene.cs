using System.Runtime.Intrinsics;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>
/// The simulated line as a picture: renders any part by its number, with or without its defect's mask. The same seed
/// and number give the same pixels. For one thread.
/// </summary>
public sealed class SimulatedScene : IDisposable
{
    // 255 × 255 stays within 16 bits, and a step of the light is less than the noise.
    private const int GainBits = 7;

    private readonly SimulatedOptions _options;
    private readonly PartArt _art;
    private readonly DefectPainter _painter;
    private readonly Mat _defective;
    private readonly Mat _defect;
    private readonly Mat _placed;
    private readonly Rect _window;
    private readonly Mat _pose = new(2, 3, MatType.CV_64FC1);

    /// <summary>Draws what all parts have in common; takes about a tenth of a second at 640 × 480.</summary>
    /// <param name="options">Settings, already validated.</param>
    public SimulatedScene(SimulatedOptions options)
    {
        _options = options;
        _art = new PartArt(options.Width, options.Height);
        _painter = new DefectPainter(_art);
        _defective = new Mat(_art.Size, MatType.CV_8UC4);
        _defect = new Mat(_art.Size, MatType.CV_8UC1);
        // A part that lies as usual never moves further than this; only here is it placed and blended.
        var (halfWidth, halfHeight) = options.Turn > SimulatedOptions.UsualTurn
            ? ((options.Width + 1) / 2, (options.Height + 1) / 2)
            : ((int)(242 * _art.Scale), (int)(184 * _art.Scale));
        _window = new Rect(options.Width / 2 - halfWidth, options.Height / 2 - halfHeight, 2 * halfWidth, 2 * halfHeight)
            .Intersect(new Rect(0, 0, options.Width, options.Height));
        _placed = new Mat(_window.Height, _window.Width, MatType.CV_8UC4);
    }

    /// <summary>The part of a number.</summary>
    public SimulatedPart Part(long number) => SimulatedPart.Of(_options.Seed, number, _options.DefectShare, _options.LightDrift, _options.Turn);

    /// <summary>Renders a part as the camera sees it, unmarked.</summary>
    /// <param name="part">The part.</param>
    /// <param name="pixels">Filled; <c>CV_8UC3</c> of the options' width and height.</param>
    /// <param name="light">Factor of the light beyond the part's own, 1 being nominal.</param>
    public void Render(in SimulatedPart part, Mat pixels, double light = 1)
    {
        if (pixels.Width != _options.Width || pixels.Height != _options.Height || pixels.Type() != MatType.CV_8UC3)
            throw new ArgumentException($"The pixels must be {_options.Width} × {_options.Height}, 8-bit BGR.", nameof(pixels));
        var random = new Random(part.Seed ^ 0x5EED);
        var picture = _art.Printed;
        if (part.Defect != SimulatedDefect.None)
        {
            PaintDefect(part);
            picture = _defective;
        }
        Place(part);
        Cv2.WarpAffine(picture, _placed, _pose, _placed.Size(), InterpolationFlags.Linear, BorderTypes.Constant, default);
        Compose(pixels, random.Next(PartArt.BeltTravel), random.Next(PartArt.NoiseTravel), random.Next(PartArt.NoiseTravel), part.Gain * light);
    }

    /// <summary>The pixels of the frame that a part's defect covers: 255 there, 0 elsewhere.</summary>
    /// <param name="part">The part.</param>
    /// <returns><c>CV_8UC1</c> of the frame's size; the caller disposes of it.</returns>
    public Mat Mask(in SimulatedPart part)
    {
        var mask = new Mat(_options.Height, _options.Width, MatType.CV_8UC1, Scalar.Black);
        if (part.Defect == SimulatedDefect.None) return mask;
        PaintDefect(part);
        Place(part);
        using var window = mask.SubMat(_window);
        Cv2.WarpAffine(_defect, window, _pose, window.Size(), InterpolationFlags.Nearest, BorderTypes.Constant, default);
        return mask;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _art.Dispose();
        foreach (var mat in (Mat[])[_defective, _defect, _placed, _pose]) mat.Dispose();
    }

    private void PaintDefect(in SimulatedPart part)
    {
        _art.Printed.CopyTo(_defective);
        _defect.SetTo(Scalar.Black);
        _painter.Paint(_defective, _defect, part.Defect, new Random(part.Seed));
    }

    /// <summary>Sets the map from the part's picture to the window: turned about its middle, then shifted.</summary>
    private void Place(in SimulatedPart part)
    {
        var radians = part.Angle * Math.PI / 180;
        var (cos, sin) = (Math.Cos(radians), Math.Sin(radians));
        var (px, py) = (_art.Size.Width / 2.0, _art.Size.Height / 2.0);
        var (x, y) = (_window.Width / 2.0 + part.ShiftX * _art.Scale, _window.Height / 2.0 + part.ShiftY * _art.Scale);
        _pose.Set(0, 0, cos);
        _pose.Set(0, 1, sin);
        _pose.Set(0, 2, x - cos * px - sin * py);
        _pose.Set(1, 0, -sin);
        _pose.Set(1, 1, cos);
        _pose.Set(1, 2, y + sin * px - cos * py);
    }

    /// <summary>Puts the part over the belt, then light and noise over both.</summary>
    private unsafe void Compose(Mat pixels, int belt, int noiseX, int noiseY, double light)
    {
        var gain = (ushort)Math.Clamp(light * (1 << GainBits), 0, 255);
        for (var y = 0; y < _options.Height; y++)
        {
            var to = new Span<byte>((void*)pixels.Ptr(y), 3 * _options.Width);
            new ReadOnlySpan<byte>((byte*)_art.Background.Ptr(y) + 3 * belt, to.Length).CopyTo(to);
            if (y >= _window.Top && y < _window.Bottom)
                Lay(new ReadOnlySpan<uint>((void*)_placed.Ptr(y - _window.Top), _window.Width), to.Slice(3 * _window.Left, 3 * _window.Width));
            Expose(to, new ReadOnlySpan<sbyte>((sbyte*)_art.NoiseField.Ptr(y + noiseY) + 3 * noiseX, to.Length), gain);
        }
    }

    /// <summary>Lays a row of premultiplied BGRA over a row of BGR.</summary>
    private static void Lay(ReadOnlySpan<uint> over, Span<byte> to)
    {
        for (var x = 0; x < over.Length; x++)
        {
            var pixel = over[x];
            var through = 256 - (pixel >> 24) - (pixel >> 31);
            var under = to.Slice(3 * x, 3);
            under[0] = (byte)Math.Min(255, (pixel & 255) + (under[0] * through >> 8));
            under[1] = (byte)Math.Min(255, (pixel >> 8 & 255) + (under[1] * through >> 8));
            under[2] = (byte)Math.Min(255, (pixel >> 16 & 255) + (under[2] * through >> 8));
        }
    }

    /// <summary>value × gain + noise, limited to a byte; in vectors of 16 bytes, then one by one, with the same outcome.</summary>
    private static void Expose(Span<byte> values, ReadOnlySpan<sbyte> noise, ushort gain)
    {
        var i = 0;
        var (zero, white) = (Vector128<short>.Zero, Vector128.Create((short)255));
        for (; i + Vector128<byte>.Count <= values.Length; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create<byte>(values.Slice(i, 16)));
            var (noiseLow, noiseHigh) = Vector128.Widen(Vector128.Create<sbyte>(noise.Slice(i, 16)));
            var a = (low * gain >> GainBits).AsInt16() + noiseLow;
            var b = (high * gain >> GainBits).AsInt16() + noiseHigh;
            a = Vector128.Min(Vector128.Max(a, zero), white);
            b = Vector128.Min(Vector128.Max(b, zero), white);
            Vector128.Narrow(a.AsUInt16(), b.AsUInt16()).CopyTo(values[i..]);
        }
        for (; i < values.Length; i++) values[i] = (byte)Math.Clamp((values[i] * gain >> GainBits) + noise[i], 0, 255);
    }
}
