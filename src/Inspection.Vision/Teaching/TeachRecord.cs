using System.Text.Json;
using System.Text.Json.Serialization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// <c>teach.json</c>: everything from which a model version follows, so that a patch that judged can be traced to its photo.
/// </summary>
internal sealed record TeachRecord
{
    /// <summary>The file's name.</summary>
    public const string FileName = "teach.json";

    /// <summary>Version of the file's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Version of the program.</summary>
    public required string Program { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset TaughtAt { get; init; }

    /// <summary>How long the steps took, in seconds.</summary>
    public required IReadOnlyDictionary<TeachStep, double> Seconds { get; init; }

    /// <summary>The settings that the model follows from.</summary>
    public required Setting Settings { get; init; }

    /// <summary>The photos in the order in which they were read.</summary>
    public required IReadOnlyList<Photo> Photos { get; init; }

    /// <summary>
    /// The memory: for each patch, in the order of the model's output <c>nearest</c>, the index of its photo, its column
    /// and its row (each patch is 16 × 16 pixels of the input).
    /// </summary>
    public required Origins Memory { get; init; }

    /// <summary>Painted defects that the model would have caught: an estimate, not a promise.</summary>
    public IReadOnlyList<CaughtDefects> Estimate { get; init; } = [];

    /// <summary>How the precision was chosen; absent where it was given.</summary>
    public PrecisionChoice? PrecisionChoice { get; init; }

    /// <summary>The lots of good parts that the version learnt from, the oldest first; empty in records of earlier programs.</summary>
    public IReadOnlyList<TaughtLot> Lots { get; init; } = [];

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file's path.</param>
    public static Outcome<TeachRecord> Read(string path)
    {
        try
        {
            var record = JsonSerializer.Deserialize<TeachRecord>(File.ReadAllBytes(path), TeachJson.Options);
            return record is { Schema: 1, Settings: not null, Photos: not null, Memory: not null }
                ? record
                : new Failure("teach-record-unreadable", $"{path} is no record of teaching of schema 1. Copy the version folder again, complete.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return new Failure("teach-record-unreadable", $"{path} cannot be read: {e.Message} Copy the version folder again, complete.");
        }
    }

    /// <summary>The record as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, TeachJson.Options) + "\n";

    /// <summary>The settings that the model follows from; the same settings and photos give the same model.</summary>
    public sealed record Setting(
        string Good, string Backbone, string BackboneSha256, IReadOnlyList<string> Levels, float CommonShare, int PlaceDoubt,
        int Stride, int Width, int Height, double MaxFalseRejects, int MaxPatches, int Seed, int? PhotoWidth = null, int? PhotoHeight = null,
        ModelPrecision Precision = ModelPrecision.Full,
        IReadOnlyList<string>? Regions = null, ModelAlignment? Align = null, string? Reference = null);

    /// <summary>One photo.</summary>
    /// <param name="Name">Path relative to its folder.</param>
    /// <param name="Sha256">Of the file; of the pixels for a simulated part.</param>
    /// <param name="Use">What it was used for.</param>
    /// <param name="Score">Where the photo was kept out of the memory: its score then, from which the threshold follows.</param>
    /// <param name="Thumbnail">A small copy, where a patch of the memory comes from it.</param>
    public sealed record Photo(string Name, string Sha256, PhotoUse Use, float? Score = null, string? Thumbnail = null);

    /// <summary>Patches as photo, column, row, photo, column, row, …, written on few lines.</summary>
    [JsonConverter(typeof(OriginsJson))]
    public sealed record Origins(IReadOnlyList<PatchOrigin> Patches);

    private sealed class OriginsJson : JsonConverter<Origins>
    {
        public override Origins Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var flat = JsonSerializer.Deserialize<int[][]>(ref reader, options) ?? [];
            if (flat.Any(p => p is not { Length: 3 })) throw new JsonException("A patch's origin is not photo, column and row.");
            return new Origins([.. flat.Select(p => new PatchOrigin(p[0], p[1], p[2]))]);
        }

        public override void Write(Utf8JsonWriter writer, Origins value, JsonSerializerOptions options)
            => writer.WriteRawValue("[" + string.Join(", ", value.Patches.Select(p => $"[{p.Photo}, {p.Column}, {p.Row}]")) + "]");
    }
}

/// <summary>Good parts that a version learnt at once.</summary>
/// <param name="Version">The version that learnt them.</param>
/// <param name="TaughtAt">When, UTC.</param>
/// <param name="Good">Name of their folder.</param>
/// <param name="Photos">How many are in the memory.</param>
/// <param name="KeptOut">How many were kept out of it until the threshold stood.</param>
/// <param name="MaxFalseRejectRate">With the confidence of <see cref="FalseRejectBound"/> at most this share of parts like these is above the threshold, 0–1.</param>
/// <param name="By">Who taught; null where nobody said.</param>
internal sealed record TaughtLot(int Version, DateTimeOffset TaughtAt, string Good, int Photos, int KeptOut, double MaxFalseRejectRate, string? By = null);

/// <summary>Where a patch of the memory comes from.</summary>
/// <param name="Photo">Index of its photo.</param>
/// <param name="Column">Its column, of 16 pixels of the model's input.</param>
/// <param name="Row">Its row, of 16 pixels of the model's input.</param>
internal readonly record struct PatchOrigin(int Photo, int Column, int Row);

/// <summary>What a photo was used for.</summary>
internal enum PhotoUse
{
    /// <summary>Its patches could enter the memory.</summary>
    Memory,

    /// <summary>Never seen by the memory; its score helped to set the threshold.</summary>
    KeptOut,

    /// <summary>Equal to another one, byte for byte; or kept out of the memory and equal to another one as a picture. Not used.</summary>
    Duplicate,

    /// <summary>Left out by a person, by name; not used.</summary>
    LeftOut,
}
