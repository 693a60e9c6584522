using OpenCvSharp;
using OpenCvSharp.Internal;

namespace Inspection.Vision;

/// <summary>
/// Looks for a template's edges around a place of a picture, turned by several angles at once: each gives a patch turned
/// upright, the patches stand below each other, and all are correlated in one call, because each call costs a
/// quarter of a millisecond whatever it does. Allocates nothing managed once it is made.
/// </summary>
internal sealed class PoseWindow : IDisposable
{
    // Half of what OpenCV's 3 × 3 Sobel gives: an edge of 130 grey values is full scale, so that a glint weighs no more than an outline.
    private const float EdgeScale = 0.5f;

    private readonly int _count;
    private readonly Size _range;
    private readonly Size _patch;
    private readonly KeptMat<byte> _template;
    private readonly KeptMat<double> _matrix = new(3, 2, MatType.CV_64FC1);
    private readonly KeptMat<byte> _grey;
    private readonly Mat[] _patches;
    private readonly OutputArray[] _patchWrites;
    private readonly KeptMat<short> _across;
    private readonly KeptMat<short> _down;
    private readonly KeptMat<byte> _edges;
    private readonly KeptMat<float> _likeness;
    private readonly InputArray _noMask = new Mat();

    /// <summary>Lays out the buffers.</summary>
    /// <param name="template">The template, 8-bit grey.</param>
    /// <param name="count">How many angles are tried at once.</param>
    /// <param name="range">How far around the place the template is looked for, in pixels to either side.</param>
    public PoseWindow(Mat template, int count, Size range)
    {
        (_count, _range) = (count, range);
        _patch = new Size(template.Width + (2 * range.Width), template.Height + (2 * range.Height));
        // The template's outermost pixels have no neighbours from which an edge could be told.
        _template = new(template.Width - 2, template.Height - 2, MatType.CV_8UC1);
        using (var edges = EdgesOf(template))
        using (var inner = edges[1, template.Height - 1, 1, template.Width - 1])
            inner.CopyTo(_template.Mat);
        _grey = new(_patch.Width, count * _patch.Height, MatType.CV_8UC1);
        _across = new(_patch.Width, count * _patch.Height, MatType.CV_16SC1);
        _down = new(_patch.Width, count * _patch.Height, MatType.CV_16SC1);
        _edges = new(_patch.Width, count * _patch.Height, MatType.CV_8UC1);
        _likeness = new(_patch.Width - _template.Size.Width + 1, (count * _patch.Height) - _template.Size.Height + 1, MatType.CV_32FC1);
        _patches = [.. Enumerable.Range(0, count).Select(i => _grey.Mat[i * _patch.Height, (i + 1) * _patch.Height, 0, _patch.Width])];
        _patchWrites = [.. _patches.Select(OutputArray.Create)];
    }

    /// <summary>The edges of a grey picture: the steepness of each pixel, 0–255.</summary>
    public static Mat EdgesOf(Mat grey)
    {
        using var across = new Mat();
        using var down = new Mat();
        Cv2.SpatialGradient(grey, across, down);
        across.GetArray(out short[] x);
        down.GetArray(out short[] y);
        var edges = new Mat(grey.Size(), MatType.CV_8UC1);
        var values = new byte[x.Length];
        Steepness(x, y, values);
        edges.SetArray(values);
        return edges;
    }

    /// <summary>Correlates the template with the patches of all angles.</summary>
    /// <param name="picture">8-bit grey.</param>
    /// <param name="turns">The angles in degrees, counter-clockwise.</param>
    /// <param name="middle">The place around which it is looked for; the middle of the first pixel is 0, 0.</param>
    public void Look(KeptMat<byte> picture, ReadOnlySpan<double> turns, Point2d middle)
    {
        var (x, y) = ((_patch.Width - 1) / 2.0, (_patch.Height - 1) / 2.0);
        var m = _matrix.Values;
        for (var i = 0; i < _count; i++)
        {
            var (sin, cos) = Math.SinCos(turns[i] * Math.PI / 180);
            (m[0], m[1], m[2]) = (cos, sin, middle.X - (cos * x) - (sin * y));
            (m[3], m[4], m[5]) = (-sin, cos, middle.Y + (sin * x) - (cos * y));
            NativeMethods.HandleException(NativeMethods.imgproc_warpAffine(
                picture.Read.CvPtr, _patchWrites[i].CvPtr, _matrix.Read.CvPtr, _patch,
                (int)(InterpolationFlags.Linear | InterpolationFlags.WarpInverseMap), (int)BorderTypes.Replicate, default));
        }
        NativeMethods.HandleException(NativeMethods.imgproc_spatialGradient(_grey.Read.CvPtr, _across.Write.CvPtr, _down.Write.CvPtr, 3, (int)BorderTypes.Default));
        Steepness(_across.Values, _down.Values, _edges.Values);
        NativeMethods.HandleException(NativeMethods.imgproc_matchTemplate(
            _edges.Read.CvPtr, _template.Read.CvPtr, _likeness.Write.CvPtr, (int)TemplateMatchModes.CCoeffNormed, _noMask.CvPtr));
    }

    /// <summary>Where the template fits best at one of the angles, of those that <see cref="Look"/> tried.</summary>
    /// <param name="index">Which angle.</param>
    /// <param name="range">How far from the middle it may lie, at most the window's own range.</param>
    /// <returns>The likeness there, and columns and rows to it in the turned patch, to parts of a pixel.</returns>
    public (double Likeness, double X, double Y) Best(int index, Size range)
    {
        var values = _likeness.Values;
        var width = _likeness.Size.Width;
        // The patch is one pixel wider on each side than the smaller template needs.
        var (x0, y0) = (_range.Width + 1, (index * _patch.Height) + _range.Height + 1);
        var (best, bestX, bestY) = (float.NegativeInfinity, 0, 0);
        for (var y = -range.Height; y <= range.Height; y++)
            for (var x = -range.Width; x <= range.Width; x++)
                if (values[((y0 + y) * width) + x0 + x] is var value && value > best) (best, bestX, bestY) = (value, x, y);
        var at = ((y0 + bestY) * width) + x0 + bestX;
        return (best, bestX + Peak(values[at - 1], best, values[at + 1]), bestY + Peak(values[at - width], best, values[at + width]));
    }

    /// <summary>Where a parabola through three equally spaced values is highest, −0.5 to 0.5 from the middle one.</summary>
    public static double Peak(double before, double here, double after)
    {
        var bend = before + after - (2 * here);
        return bend < 0 ? Math.Clamp((before - after) / (2 * bend), -0.5, 0.5) : 0;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var write in _patchWrites) write.Dispose();
        foreach (var patch in _patches) patch.Dispose();
        foreach (var held in (IDisposable[])[_template, _matrix, _grey, _across, _down, _edges, _likeness, _noMask]) held.Dispose();
    }

    private static void Steepness(ReadOnlySpan<short> across, ReadOnlySpan<short> down, Span<byte> edges)
    {
        for (var i = 0; i < edges.Length; i++)
            edges[i] = (byte)Math.Min(255, (MathF.Sqrt(((float)across[i] * across[i]) + ((float)down[i] * down[i])) * EdgeScale) + 0.5f);
    }
}
