using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// Brings an anomaly map of the upright part back to the photo as it was taken, so that what it marks is where it is.
/// Allocates nothing managed.
/// </summary>
/// <param name="width">Columns of the model's map.</param>
/// <param name="height">Rows of the model's map.</param>
internal sealed class UnturnedMap(int width, int height)
{
    // Finer than the model's map, so that its places keep their shape when they lie askew.
    private const int Finer = 4;

    private readonly float[] _values = new float[Finer * width * Finer * height];

    /// <summary>Columns.</summary>
    public int Width => Finer * width;

    /// <summary>Rows.</summary>
    public int Height => Finer * height;

    /// <summary>The map on the photo, row by row; −1 where the model did not look, because it is outside the upright picture or the region of interest.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Fills it.</summary>
    /// <param name="map">The model's map, row by row.</param>
    /// <param name="toPhoto">How the part lies.</param>
    public void Fill(ReadOnlySpan<float> map, in UprightMap toPhoto)
    {
        var back = toPhoto.Back();
        var i = 0;
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
            {
                var (u, v) = back.Of((x + 0.5) / Width, (y + 0.5) / Height);
                _values[i++] = u is >= 0 and <= 1 && v is >= 0 and <= 1 ? At(map, (u * width) - 0.5, (v * height) - 0.5) : Overlay.NotLookedAt;
            }
    }

    /// <summary>The value between four places; that of the nearest where the model does not look at all of them.</summary>
    private float At(ReadOnlySpan<float> map, double x, double y)
    {
        var (left, top) = (Math.Clamp((int)Math.Floor(x), 0, Math.Max(0, width - 2)), Math.Clamp((int)Math.Floor(y), 0, Math.Max(0, height - 2)));
        var (right, bottom) = (Math.Min(left + 1, width - 1), Math.Min(top + 1, height - 1));
        var (toRight, down) = ((float)Math.Clamp(x - left, 0, 1), (float)Math.Clamp(y - top, 0, 1));
        var (a, b, c, d) = (map[(top * width) + left], map[(top * width) + right], map[(bottom * width) + left], map[(bottom * width) + right]);
        if (a == Overlay.NotLookedAt || b == Overlay.NotLookedAt || c == Overlay.NotLookedAt || d == Overlay.NotLookedAt)
            return down < 0.5f ? (toRight < 0.5f ? a : b) : (toRight < 0.5f ? c : d);
        return ((a + ((b - a) * toRight)) * (1 - down)) + ((c + ((d - c) * toRight)) * down);
    }
}
