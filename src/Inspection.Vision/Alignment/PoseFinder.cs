using OpenCvSharp;
using OpenCvSharp.Internal;

namespace Inspection.Vision;

/// <summary>
/// Finds how a part lies before the camera: its template's edges are looked for in a small picture, first at half its size
/// at all angles and places that are allowed, then around the best to fractions of a degree and of a pixel.
/// Allocates nothing managed. One thread.
/// </summary>
internal sealed class PoseFinder : IDisposable
{
    // Degrees between the angles that are tried first, and then around the best; the models' README has the errors that remain.
    private const double CoarseStep = 5;
    private const double FineStep = 1.25;
    private const int FineTurns = 5;
    private const int MostLooks = 3;
    private const int Half = 2;

    // Beyond the rounding of the first search, in pixels to either side.
    private static readonly Size FineRange = new(4, 4);

    private readonly PartTemplate _template;
    private readonly KeptMat<byte> _colours;
    private readonly KeptMat<byte> _fine;
    private readonly KeptMat<byte> _coarse;
    private readonly double[] _turns;
    private readonly Size[] _ranges;
    private readonly double[] _likeness;
    private readonly bool _allAround;
    private readonly double[] _fineTurns;
    private readonly double[] _lastTurn = new double[1];
    private readonly double[] _fineLikeness;
    private readonly PoseWindow _coarseWindow;
    private readonly PoseWindow _fineWindow;
    private readonly PoseWindow _lastWindow;

    /// <summary>Lays out the buffers.</summary>
    /// <param name="template">What is looked for.</param>
    public PoseFinder(PartTemplate template)
    {
        _template = template;
        var size = template.Search;
        _colours = new(size.Width, size.Height, MatType.CV_8UC3);
        _fine = new(size.Width, size.Height, MatType.CV_8UC1);
        _coarse = new(size.Width / Half, size.Height / Half, MatType.CV_8UC1);
        _allAround = template.Turn > 180 - CoarseStep;
        // One step farther than allowed, so that a part that is turned too far is known as such.
        var toEachSide = template.Turn == 0 ? 0 : (int)Math.Ceiling(template.Turn / CoarseStep) + 1;
        double[] turns = _allAround
            ? [.. Enumerable.Range(0, (int)(360 / CoarseStep)).Select(i => (i * CoarseStep) - 180)]
            : [.. Enumerable.Range(-toEachSide, (2 * toEachSide) + 1).Select(i => i * CoarseStep)];
        // At some angles a long template fits into the picture nowhere.
        _turns = [.. turns.Where(turn => Range(turn) is { Width: >= 0, Height: >= 0 })];
        _ranges = [.. _turns.Select(Range)];
        _likeness = new double[_turns.Length];
        _fineTurns = new double[template.Turn == 0 ? 1 : FineTurns];
        _fineLikeness = new double[_fineTurns.Length];
        using var grey = template.Picture();
        using var half = grey.Resize(new Size(grey.Width / Half, grey.Height / Half), 0, 0, InterpolationFlags.Area);
        _coarseWindow = new(half, _turns.Length, new Size(_ranges.Max(r => r.Width), _ranges.Max(r => r.Height)));
        _fineWindow = new(grey, _fineTurns.Length, FineRange);
        _lastWindow = new(grey, 1, FineRange);
    }

    /// <summary>Finds a part.</summary>
    /// <param name="picture">8-bit BGR of any size: the whole frame.</param>
    public Pose Find(InputArray picture)
    {
        Shrink(picture);
        var middle = new Point2d((_coarse.Size.Width - 1) / 2.0, (_coarse.Size.Height - 1) / 2.0);
        _coarseWindow.Look(_coarse, _turns, middle);
        var (turn, place) = Roughly(middle);
        for (var look = 0; look < MostLooks; look++)
            if (Closer(ref turn, ref place)) break;
        _lastTurn[0] = turn;
        _lastWindow.Look(_fine, _lastTurn, place);
        var last = _lastWindow.Best(0, FineRange);
        return _template.Judge(turn, Moved(place, turn, last), last.Likeness);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var held in (IDisposable[])[_colours, _fine, _coarse, _coarseWindow, _fineWindow, _lastWindow]) held.Dispose();
    }

    private void Shrink(InputArray picture)
    {
        NativeMethods.HandleException(NativeMethods.imgproc_resize(picture.CvPtr, _colours.Write.CvPtr, _colours.Size, 0, 0, (int)InterpolationFlags.Area));
        NativeMethods.HandleException(NativeMethods.imgproc_cvtColor(_colours.Read.CvPtr, _fine.Write.CvPtr, (int)ColorConversionCodes.BGR2GRAY, 0));
        NativeMethods.HandleException(NativeMethods.imgproc_resize(_fine.Read.CvPtr, _coarse.Write.CvPtr, _coarse.Size, 0, 0, (int)InterpolationFlags.Area));
    }

    /// <summary>The best angle and place of the picture of half the size, in the pixels of the whole one.</summary>
    private (double Turn, Point2d Place) Roughly(Point2d middle)
    {
        var best = 0;
        for (var i = 0; i < _turns.Length; i++)
        {
            _likeness[i] = _coarseWindow.Best(i, _ranges[i]).Likeness;
            if (_likeness[i] > _likeness[best]) best = i;
        }
        var place = Moved(middle, _turns[best], _coarseWindow.Best(best, _ranges[best]));
        var count = _turns.Length;
        var inner = _allAround || (best > 0 && best < count - 1);
        var turn = _turns[best] + (inner ? CoarseStep * PoseWindow.Peak(_likeness[(best + count - 1) % count], _likeness[best], _likeness[(best + 1) % count]) : 0);
        // A pixel of the picture of half the size has its middle between two of the whole one.
        return (turn, new Point2d((place.X * Half) + ((Half - 1) / 2.0), (place.Y * Half) + ((Half - 1) / 2.0)));
    }

    /// <summary>Looks at the angles around one; true where the best of them is not the last to a side, so that it lies between.</summary>
    private bool Closer(ref double turn, ref Point2d place)
    {
        for (var i = 0; i < _fineTurns.Length; i++) _fineTurns[i] = turn + ((i - (_fineTurns.Length / 2)) * FineStep);
        _fineWindow.Look(_fine, _fineTurns, place);
        var best = 0;
        for (var i = 0; i < _fineTurns.Length; i++)
        {
            _fineLikeness[i] = _fineWindow.Best(i, FineRange).Likeness;
            if (_fineLikeness[i] > _fineLikeness[best]) best = i;
        }
        place = Moved(place, _fineTurns[best], _fineWindow.Best(best, FineRange));
        turn = _fineTurns[best];
        if (_fineTurns.Length == 1) return true;
        if (best == 0 || best == _fineTurns.Length - 1) return false;
        turn += FineStep * PoseWindow.Peak(_fineLikeness[best - 1], _fineLikeness[best], _fineLikeness[best + 1]);
        return true;
    }

    /// <summary>A place moved by columns and rows of the turned patch.</summary>
    private static Point2d Moved(Point2d place, double turn, (double Likeness, double X, double Y) by)
    {
        var (sin, cos) = Math.SinCos(turn * Math.PI / 180);
        return new(place.X + (cos * by.X) + (sin * by.Y), place.Y - (sin * by.X) + (cos * by.Y));
    }

    /// <summary>How far from the picture's middle the template's can lie at an angle, in pixels of half the size; negative where it fits nowhere.</summary>
    private Size Range(double turn)
    {
        var (sin, cos) = Math.SinCos(turn * Math.PI / 180);
        (sin, cos) = (Math.Abs(sin), Math.Abs(cos));
        var (box, picture) = (_template.Place, _template.Search);
        // One coarse pixel farther, so that a part at the picture's edge is seen to be cut off.
        var x = ((picture.Width - (box.Width * cos) - (box.Height * sin)) / 2) + Half;
        var y = ((picture.Height - (box.Width * sin) - (box.Height * cos)) / 2) + Half;
        return x < 0 || y < 0
            ? new Size(-1, -1)
            : new Size((int)Math.Ceiling(((cos * x) + (sin * y)) / Half), (int)Math.Ceiling(((sin * x) + (cos * y)) / Half));
    }
}
