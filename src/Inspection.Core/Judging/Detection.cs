namespace Inspection.Core;

/// <summary>
/// What a detector saw in one view. The object is the caller's, made once and filled anew for each part, so that a
/// passing part allocates nothing.
/// </summary>
public sealed class Detection
{
    /// <summary>Longest anomaly map that can be carried: 256 × 256 values.</summary>
    public const int MaxMapLength = 256 * 256;

    /// <summary>How anomalous the view is; any finite number. NaN until filled.</summary>
    public float Score { get; set; } = float.NaN;

    /// <summary>The limit: Reject is score &gt; threshold, everywhere.</summary>
    public float Threshold { get; set; }

    /// <summary>A score above this, and not above <see cref="Threshold"/>, is Indeterminate with the reason unsure; null: none is.</summary>
    public float? UnsureAbove { get; set; }

    /// <summary>The frame's fitness to be judged.</summary>
    public FrameHealth Health { get; set; }

    /// <summary>Why the detector could not judge, for a person; null when it could.</summary>
    public string? Failure { get; set; }

    /// <summary>Why the part that the detector looks for before it judges was not found, for a person; null where it was, or none is looked for.</summary>
    public string? NotFound { get; set; }

    /// <summary>The map's width; 0 when the model gives no map.</summary>
    public int MapWidth { get; private set; }

    /// <summary>The map's height; 0 when the model gives no map.</summary>
    public int MapHeight { get; private set; }

    /// <summary>The anomaly map, row by row, <see cref="MapWidth"/> × <see cref="MapHeight"/> values.</summary>
    public ReadOnlySpan<float> Map => _map.AsSpan(0, MapWidth * MapHeight);

    /// <summary>What was found and where; empty unless the score is above the threshold or the part unsure.</summary>
    public IReadOnlyList<DefectRegion> Regions { get; set; } = [];

    private readonly float[] _map = new float[MaxMapLength];

    /// <summary>Copies the anomaly map in.</summary>
    /// <param name="map">Row by row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows; width × height at most <see cref="MaxMapLength"/>.</param>
    public void SetMap(ReadOnlySpan<float> map, int width, int height)
    {
        map[..(width * height)].CopyTo(_map);
        (MapWidth, MapHeight) = (width, height);
    }

    /// <summary>Empties it for the next part.</summary>
    public void Clear()
    {
        Score = float.NaN;
        Threshold = 0;
        UnsureAbove = null;
        Health = default;
        Failure = null;
        NotFound = null;
        (MapWidth, MapHeight) = (0, 0);
        Regions = [];
    }
}

/// <summary>Measures of a frame's fitness to be judged, taken on the detector's input picture.</summary>
/// <param name="Mean">Mean brightness, 0 (black) to 255.</param>
/// <param name="DarkShare">Share of pixels darker than 16, 0 to 1.</param>
/// <param name="SaturatedShare">Share of pixels brighter than 250, 0 to 1.</param>
/// <param name="Sharpness">Variance of the Laplacian of the grey picture (Pech-Pacheco et al., ICPR 2000); low is blurred.</param>
/// <param name="IdenticalFor">Number of frames in a row, this one included, that are identical to the one before; 0 when it differs.</param>
public readonly record struct FrameHealth(float Mean, float DarkShare, float SaturatedShare, float Sharpness, int IdenticalFor);

/// <summary>What was found and where, in the frame's own pixels.</summary>
/// <param name="X">Left edge of the bounding box.</param>
/// <param name="Y">Top edge of the bounding box.</param>
/// <param name="Width">Width of the bounding box.</param>
/// <param name="Height">Height of the bounding box.</param>
/// <param name="AreaPixels">Area in pixels.</param>
/// <param name="AreaSquareMillimetres">Area in mm², where the recipe gives a scale.</param>
/// <param name="Score">The highest value of the anomaly map within.</param>
/// <param name="Contour">The outline: x0, y0, x1, y1, …</param>
public sealed record DefectRegion(
    int X, int Y, int Width, int Height, double AreaPixels, double? AreaSquareMillimetres, float Score, IReadOnlyList<int> Contour);
