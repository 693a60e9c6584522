using System.Globalization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>Width and height of a taught model's input, in pixels.</summary>
/// <param name="Width">Columns, 64–1024, a multiple of 32.</param>
/// <param name="Height">Rows, 64–1024, a multiple of 32.</param>
public readonly record struct InputSize(int Width, int Height)
{
    /// <summary>The deepest level of the backbone sees one value for so many pixels.</summary>
    public const int Multiple = 32;

    /// <summary>So many pixels of the input, in one direction, make one value of the backbone's shallowest level; a smaller defect is hardly seen.</summary>
    public const int DefectPixels = 8;

    private const int Least = 64;
    private const int Greatest = 1024;

    // 256 × 256: a part is judged in about a tenth of the usual cycle on one core.
    private const double UsualPixels = 65_536;

    /// <summary>True where both sides are within their range.</summary>
    public bool IsAllowed => Fits(Width) && Fits(Height);

    /// <summary>Reads <c>WxH</c>, such as <c>640x256</c>.</summary>
    public static Outcome<InputSize> Parse(string? text)
    {
        var sides = (text ?? "").Split('x', 'X', '×');
        if (sides.Length == 2 && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && new InputSize(width, height) is { IsAllowed: true } size) return size;
        return new Failure("input-size", $"The input '{text}' is not a size; give width x height, each {Least}–{Greatest} pixels in multiples of {Multiple}, such as 256x256.");
    }

    /// <summary>
    /// The size of about 65,000 pixels whose shape comes nearest to a photo's; a larger one, up to the photo's own, where
    /// defects are so small that they would cover less than <see cref="DefectPixels"/> of it.
    /// </summary>
    /// <param name="width">The photo's width in pixels.</param>
    /// <param name="height">The photo's height in pixels.</param>
    /// <param name="smallestDefect">Length of the smallest defect that must be seen, in pixels of the photo, above 0; null: nobody has said.</param>
    public static InputSize For(int width, int height, double? smallestDefect = null)
    {
        var photo = (double)width * height;
        var shrink = DefectPixels / (smallestDefect ?? double.PositiveInfinity);
        var pixels = Math.Max(UsualPixels, Math.Min(photo, photo * shrink * shrink));
        var shape = Math.Log((double)width / height);
        var best = new InputSize(256, 256);
        var least = double.PositiveInfinity;
        // The photo itself shows a shorter one on fewer pixels, whatever the input.
        var length = smallestDefect >= DefectPixels && new InputSize(Greatest, Greatest).Covered(smallestDefect.Value, width, height) >= DefectPixels ? smallestDefect : null;
        for (var w = Least; w <= Greatest; w += Multiple)
            for (var h = Least; h <= Greatest; h += Multiple)
            {
                // Both errors are ratios; a distorted part costs as much as one that is seen too small.
                var error = Math.Abs(Math.Log((double)w / h) - shape) + Math.Abs(Math.Log(w * h / pixels));
                if (error >= least - 1e-9 || (length is { } defect && new InputSize(w, h).Covered(defect, width, height) < DefectPixels)) continue;
                (best, least) = (new InputSize(w, h), error);
            }
        return best;
    }

    /// <summary>How long a thing on a photo is on the input, in pixels.</summary>
    /// <param name="length">Its length in pixels of the photo.</param>
    /// <param name="width">The photo's width in pixels.</param>
    /// <param name="height">The photo's height in pixels.</param>
    internal double Covered(double length, int width, int height) => length * Math.Min((double)Width / width, (double)Height / height);

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");

    private static bool Fits(int side) => side is >= Least and <= Greatest && side % Multiple == 0;
}
