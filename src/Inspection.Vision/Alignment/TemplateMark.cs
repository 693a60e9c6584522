using System.Globalization;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Which piece of the reference photo parts are found by.</summary>
internal static class TemplateMark
{
    // Around the part, so that its outline belongs to the mark: a share of the photo's sides.
    private const double Around = 0.03;

    // So much of the photo is left for parts that lie elsewhere.
    private const double Room = 0.9;

    /// <summary>Reads <c>X,Y,WIDTH,HEIGHT</c>, in pixels of the reference photo.</summary>
    public static Outcome<Rect> Parse(string text)
    {
        var numbers = text.Split(',');
        int Number(int i) => int.TryParse(numbers[i], NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var n) && Math.Abs((long)n) <= 1_000_000 ? n : int.MinValue;
        return numbers.Length == 4 && Enumerable.Range(0, 4).All(i => Number(i) > int.MinValue)
            ? new Rect(Number(0), Number(1), Number(2), Number(3))
            : new Failure("align-malformed", $"'{text}' is no mark; give X,Y,WIDTH,HEIGHT in whole pixels of the reference photo, or --align alone.");
    }

    /// <summary>
    /// The box around what stands out from the photo's edge, or the whole photo where nothing does; made smaller about its
    /// middle until it fits into the photo at all angles and leaves room for a shift.
    /// </summary>
    /// <param name="photo">The reference photo, 8-bit BGR.</param>
    /// <param name="turn">Parts may be turned so far to either side, in degrees.</param>
    public static Rect Choose(Mat photo, double turn)
    {
        var part = PartGround.Of(photo).Box is { } box ? box : new Rect(0, 0, photo.Width, photo.Height);
        part.Inflate((int)(Around * photo.Width), (int)(Around * photo.Height));
        part = part.Intersect(new Rect(0, 0, photo.Width, photo.Height));
        var within = new Size(Room * photo.Width, Room * photo.Height);
        var scale = 1.0;
        while (!Fits(new Size(part.Width * scale, part.Height * scale), within, turn)) scale *= 0.99;
        var (width, height) = ((int)(part.Width * scale), (int)(part.Height * scale));
        return new Rect(part.X + ((part.Width - width) / 2), part.Y + ((part.Height - height) / 2), width, height);
    }

    /// <summary>Whether a box fits into a picture at all angles of a range.</summary>
    public static bool Fits(Size box, Size picture, double turn)
    {
        for (var t = 0.0; ; t = Math.Min(turn, t + 1))
        {
            var (sin, cos) = Math.SinCos(t * Math.PI / 180);
            (sin, cos) = (Math.Abs(sin), Math.Abs(cos));
            if ((box.Width * cos) + (box.Height * sin) > picture.Width || (box.Width * sin) + (box.Height * cos) > picture.Height) return false;
            if (t >= turn) return true;
        }
    }
}
