using System.Text.Json.Serialization;

namespace Inspection.Vision;

/// <summary>Who made a model.</summary>
public enum ModelKind
{
    /// <summary>Taught by this program.</summary>
    Taught,

    /// <summary>An export of anomalib, or of any trainer that gives the same inputs and outputs.</summary>
    Anomalib,
}

/// <summary>Precision of a model's weights.</summary>
public enum ModelPrecision
{
    /// <summary><c>float32</c>; scores agree between machines to 0.001 of the threshold.</summary>
    [JsonStringEnumMemberName("float32")]
    Full,

    /// <summary><c>int8</c>; scores agree between machines to 0.02 of the threshold.</summary>
    [JsonStringEnumMemberName("int8")]
    Quantised,
}

/// <summary>How a frame becomes the input's size.</summary>
public enum ModelResize
{
    /// <summary>Mean over the covered area when shrinking, so that small defects are not aliased away. Default.</summary>
    Area,

    /// <summary>Bilinear between the four nearest pixels: fast, and what some foreign models were taught with.</summary>
    Linear,
}

/// <summary>A model's input: float32, NCHW, RGB, 0..1; normalisation is inside the model.</summary>
public sealed record ModelInput
{
    /// <summary>The tensor's name; absent: the model's only input.</summary>
    public string? Name { get; init; }

    /// <summary>Width in pixels, 16–4096; needed where the model leaves it open.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels, 16–4096; needed where the model leaves it open.</summary>
    public int? Height { get; init; }

    /// <summary>How a frame becomes that size. Default area.</summary>
    public ModelResize Resize { get; init; } = ModelResize.Area;

    /// <summary>Where values are normalised: always <c>inside</c> the model, which takes 0..1.</summary>
    public string Normalisation { get; init; } = Inside;

    /// <summary>The only <see cref="Normalisation"/>.</summary>
    public const string Inside = "inside";
}

/// <summary>A model's outputs.</summary>
public sealed record ModelOutputs
{
    /// <summary>The score: float32, <c>[]</c>, <c>[B]</c> or <c>[B,1]</c>. Absent: <c>score</c> or <c>pred_score</c>.</summary>
    public string? Score { get; init; }

    /// <summary>The anomaly map: float32, <c>[B,1,h,w]</c> or <c>[B,h,w]</c>. Absent: <c>anomaly_map</c>, or none.</summary>
    public string? Map { get; init; }

    /// <summary>Columns of the map, 1–4096; absent where there is none.</summary>
    public int? MapWidth { get; init; }

    /// <summary>Rows of the map, 1–4096; absent where there is none.</summary>
    public int? MapHeight { get; init; }

    /// <summary>The index of the memory patch nearest to the highest patch: int64 <c>[1]</c>; only taught models have it.</summary>
    public string? Nearest { get; init; }
}

/// <summary>How parts that lie turned or shifted are turned upright before the model sees them; only taught models have it.</summary>
/// <param name="File">Name of the template's picture in the same folder: the mark, grey, at the size at which it is searched.</param>
/// <param name="Sha256">SHA-256 of that file, lower-case hexadecimal.</param>
/// <param name="PhotoWidth">Width of the reference photo in pixels.</param>
/// <param name="PhotoHeight">Height of the reference photo in pixels.</param>
/// <param name="Mark">The piece of the reference photo that is searched.</param>
/// <param name="InView">What of the reference photo must lie in the picture: the mark, and the region of interest where there is one.</param>
/// <param name="Turn">Parts may be turned so far to either side, in degrees, 0–180.</param>
/// <param name="LeastLikeness">A part whose edges correlate less with the template's counts as not found; above 0, below 1.</param>
public sealed record ModelAlignment(
    string File, string Sha256, int PhotoWidth, int PhotoHeight, PhotoBox Mark, PhotoBox InView, double Turn, double LeastLikeness);

/// <summary>A rectangle of a photo, in its pixels.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width, above 0.</param>
/// <param name="Height">Height, above 0.</param>
public sealed record PhotoBox(int X, int Y, int Width, int Height);

/// <summary>What is claimed of a threshold.</summary>
/// <param name="MaxFalseRejectRate">The share of good parts rejected is at most this, 0–1.</param>
/// <param name="Confidence">With this confidence, 0–1.</param>
/// <param name="KeptOut">Good parts kept out of teaching from which it follows.</param>
/// <param name="Statement">The claim in a sentence for people.</param>
public sealed record ThresholdBound(double MaxFalseRejectRate, double Confidence, int KeptOut, string Statement);

/// <summary>Stored inputs with the scores that they gave when the model was made.</summary>
/// <param name="Tolerance">
/// Greatest |score − stored| as a share of |threshold|: above 0, at most 0.001 for float32 and 0.02 for INT8.
/// </param>
/// <param name="Vectors">1–64 inputs, made by <see cref="ParityInput"/>, with their scores.</param>
public sealed record ModelParity(double Tolerance, IReadOnlyList<ParityVector> Vectors)
{
    /// <summary>Greatest tolerance of a precision, as a share of |threshold|.</summary>
    public static double MaxTolerance(ModelPrecision precision) => precision == ModelPrecision.Quantised ? 0.02 : 0.001;
}

/// <summary>One stored input and its score.</summary>
/// <param name="Seed">The seed from which <see cref="ParityInput"/> makes the input.</param>
/// <param name="Score">The score that it gave.</param>
public sealed record ParityVector(int Seed, float Score);

/// <summary>How a model was taught; details are in <c>teach.json</c>.</summary>
/// <param name="Backbone">Name of the frozen feature net.</param>
/// <param name="BackboneSha256">SHA-256 of its file.</param>
/// <param name="Photos">Good photos in the memory.</param>
/// <param name="Patches">Patches in the memory.</param>
/// <param name="Seed">Seed of every choice.</param>
public sealed record TaughtCard(string Backbone, string BackboneSha256, int Photos, int Patches, int Seed);
