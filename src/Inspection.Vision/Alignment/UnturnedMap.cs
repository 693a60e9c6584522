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

    /// <summary>The highest value on the photo.</summary>
    public float Highest { get; private set; }

    /// <summary>Fills it. Each place has the value of the model's nearest, so that no peak is lost.</summary>
    /// <param name="map">The model's map, row by row.</param>
    /// <param name="toPhoto">How the part lies.</param>
    public void Fill(ReadOnlySpan<float> map, in UprightMap toPhoto)
    {
        var back = toPhoto.Back();
        var (i, highest) = (0, Overlay.NotLookedAt);
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
            {
                var (u, v) = back.Of((x + 0.5) / Width, (y + 0.5) / Height);
                var value = u is >= 0 and <= 1 && v is >= 0 and <= 1
                    ? map[(Math.Min(height - 1, (int)(v * height)) * width) + Math.Min(width - 1, (int)(u * width))] : Overlay.NotLookedAt;
                _values[i++] = value;
                if (value > highest) highest = value;
            }
        Highest = highest;
    }
}
