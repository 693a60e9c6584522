using System.Text.Json;
using System.Text.Json.Serialization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// What <c>model.json</c> says of one version of a model (schema 1). A foreign model needs only <c>schema</c>,
/// <c>name</c>, <c>version</c>, <c>kind</c> and <c>threshold</c>; the rest is found from its file on first acceptance
/// and pinned beside it (<see cref="ModelFolder"/>).
/// </summary>
public sealed record ModelCard
{
    /// <summary>The schema that this program reads and writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The card's file name in a model version's folder.</summary>
    public const string FileName = "model.json";

    private const int MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Version of the file's shape.</summary>
    public int Schema { get; init; }

    /// <summary>The model's name: 1–64 of a–z, 0–9, '-', '_'.</summary>
    public string Name { get; init; } = "";

    /// <summary>The model's version, from 1.</summary>
    public int Version { get; init; }

    /// <summary>Who made the model: this program, or a foreign trainer.</summary>
    public ModelKind? Kind { get; init; }

    /// <summary>The model's file in the same folder. Default <c>model.onnx</c>, or the folder's only <c>.onnx</c> file.</summary>
    public string? File { get; init; }

    /// <summary>
    /// SHA-256 of the model's file, lower-case hexadecimal. Where the file keeps its weights in others (external data),
    /// of all of them one after the other: the model's file first, the others in ordinal order of their names.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>Precision of the weights: one version holds one.</summary>
    public ModelPrecision? Precision { get; init; }

    /// <summary>The input; always float32 NCHW, RGB, 0..1.</summary>
    public ModelInput? Input { get; init; }

    /// <summary>The outputs.</summary>
    public ModelOutputs? Outputs { get; init; }

    /// <summary>The limit: Reject is score &gt; threshold. In the model's own units; NaN where the file names none.</summary>
    public float Threshold { get; init; } = float.NaN;

    /// <summary>What is claimed of the threshold, and on what ground.</summary>
    public ThresholdBound? Bound { get; init; }

    /// <summary>How parts are turned upright before the model sees them; absent: it sees them as they lie.</summary>
    public ModelAlignment? Align { get; init; }

    /// <summary>Stored inputs with the scores that they gave when the model was made.</summary>
    public ModelParity? Parity { get; init; }

    /// <summary>How it was taught; only with <see cref="ModelKind.Taught"/>.</summary>
    public TaughtCard? Taught { get; init; }

    /// <summary>What the card claims of a judge's verdicts: nothing of another file, nor of another threshold than its own.</summary>
    /// <param name="judge">The judge.</param>
    /// <returns>The claim in a sentence, or null.</returns>
    public string? PromiseOf(JudgingModel judge) => Sha256 == judge.Model.Sha256 && Threshold == judge.Threshold ? Bound?.Statement : null;

    /// <summary>Reads a card, checking its shape but not its values (<see cref="Errors"/> does).</summary>
    /// <param name="path">The file's path.</param>
    public static Outcome<ModelCard> Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return new Failure("model-card-missing", $"There is no {path}; write one with schema, name, version, kind and threshold.");
            if (file.Length > MaxBytes)
                return new Failure("model-card-invalid", $"{path} has {file.Length} bytes, a card at most {MaxBytes}; put the right file there.");
            return Parse(System.IO.File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("model-card-unreadable", $"{path} cannot be read: {e.Message} Check the file's permissions.");
        }
    }

    /// <summary>Reads a card from JSON.</summary>
    /// <param name="json">UTF-8; unknown and repeated members are refused.</param>
    /// <param name="path">Where it came from, for the message.</param>
    public static Outcome<ModelCard> Parse(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            var card = JsonSerializer.Deserialize<ModelCard>(json, Json);
            if (card is null) return new Failure("model-card-invalid", $"{path} is empty JSON; write a card with schema, name, version, kind and threshold.");
            if (card.Schema > CurrentSchema)
                return new Failure("model-card-newer", $"{path} has schema {card.Schema}, this program reads {CurrentSchema}; install the version that wrote it.");
            return card;
        }
        catch (JsonException e)
        {
            return new Failure("model-card-invalid", $"{path} is not a model card: {e.Message} Correct that place.");
        }
    }

    /// <summary>The card as JSON; only for a card without <see cref="Errors"/>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>All that is out of range, each with its allowed range.</summary>
    public IReadOnlyList<SettingError> Errors()
    {
        var errors = new List<SettingError>();
        void Check(bool ok, string name, object? found, string allowed)
        {
            if (!ok) errors.Add(new SettingError("model." + name, found is null ? "missing" : $"found {found}", allowed));
        }

        Check(Schema == CurrentSchema, "schema", Schema == 0 ? null : Schema, $"{CurrentSchema}");
        Check(Recipe.IsName(Name), "name", Name.Length == 0 ? null : $"'{Name}'", "1–64 of a–z, 0–9, '-', '_'");
        Check(Version >= 1, "version", Version == 0 ? null : Version, "1 or more");
        Check(Kind is not null, "kind", null, "taught, anomalib");
        Check(float.IsFinite(Threshold), "threshold", null,
            "a finite number in the units of the model's score: 0.5 where the export normalises its scores to 0..1 (anomalib with a validation set), "
            + "for raw scores a limit chosen from the scores of good parts (the command evaluate --scores lists them)");
        Check(File is null || IsPlainFileName(File), "file", $"'{File}'", "a file name without a path");
        Check(Sha256 is null or { Length: 64 } && (Sha256 ?? "").All(char.IsAsciiHexDigitLower), "sha256", $"'{Sha256}'", "64 lower-case hexadecimal digits");
        if (Input is { } input)
        {
            Check(input.Width is null or (>= 16 and <= 4096), "input.width", input.Width, "16–4096 pixels");
            Check(input.Height is null or (>= 16 and <= 4096), "input.height", input.Height, "16–4096 pixels");
            Check(input.Normalisation == ModelInput.Inside, "input.normalisation", $"'{input.Normalisation}'", $"{ModelInput.Inside}: the model itself normalises what comes as 0..1; export it so");
        }
        if (Bound is { } bound)
        {
            Check(bound.MaxFalseRejectRate is > 0 and < 1, "bound.maxFalseRejectRate", bound.MaxFalseRejectRate, "between 0 and 1");
            Check(bound.Confidence is > 0 and < 1, "bound.confidence", bound.Confidence, "between 0 and 1");
            Check(bound.KeptOut >= 0, "bound.keptOut", bound.KeptOut, "0 or more parts");
        }
        if (Align is { } align)
        {
            bool IsWithin(PhotoBox box) => box.X >= 0 && box.Y >= 0 && box.Width > 0 && box.Height > 0
                && (long)box.X + box.Width <= align.PhotoWidth && (long)box.Y + box.Height <= align.PhotoHeight;

            Check(Kind == ModelKind.Taught, "align", "an alignment", "absent: only a model that this program taught knows parts turned upright");
            Check(IsPlainFileName(align.File), "align.file", $"'{align.File}'", "a file name without a path");
            Check(align.Sha256.Length == 64 && align.Sha256.All(char.IsAsciiHexDigitLower), "align.sha256", $"'{align.Sha256}'", "64 lower-case hexadecimal digits");
            Check(align.PhotoWidth is >= 1 and <= 65_535 && align.PhotoHeight is >= 1 and <= 65_535, "align.photoWidth, align.photoHeight", $"{align.PhotoWidth} × {align.PhotoHeight}", "1–65535 pixels each");
            Check(IsWithin(align.Mark), "align.mark", align.Mark, "a rectangle within the reference photo");
            Check(IsWithin(align.InView), "align.inView", align.InView, "a rectangle within the reference photo");
            Check(align.Turn is >= 0 and <= 180, "align.turn", align.Turn, "0–180 degrees");
            Check(align.LeastLikeness is > 0 and < 1, "align.leastLikeness", align.LeastLikeness, "above 0, below 1");
        }
        if (Parity is { } parity)
        {
            Check(parity.Tolerance is > 0 and <= 0.02, "parity.tolerance", parity.Tolerance, "above 0, at most 0.001 (float32) or 0.02 (int8) of the threshold");
            Check(parity.Vectors.Count is >= 1 and <= 64, "parity.vectors", parity.Vectors.Count, "1–64 vectors");
            Check(parity.Vectors.All(v => float.IsFinite(v.Score)), "parity.vectors", "a score that is not finite", "finite scores");
        }
        return errors;
    }

    private static bool IsPlainFileName(string name)
        => name.Length is > 0 and <= 255 && Path.GetFileName(name) == name && name is not "." and not ".." && !name.Contains('\\', StringComparison.Ordinal);
}
