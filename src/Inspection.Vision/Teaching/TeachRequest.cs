using Inspection.Core;

namespace Inspection.Vision;

/// <summary>What <see cref="Teacher"/> is asked to do.</summary>
public sealed record TeachRequest
{
    /// <summary>Fewest distinct photos that can be taught from: three for the memory, two kept out for the threshold.</summary>
    public const int MinPhotos = 5;

    /// <summary>
    /// Photos of good parts: a folder (recursive), a <c>manifest.csv</c> (rows train/good are used), or
    /// <c>simulated:COUNT[:SEED[:TURN]]</c> for so many good parts of the simulated line.
    /// </summary>
    public required string Good { get; init; }

    /// <summary>The new folder of this model version; its last two names are the model's name and version where they can be.</summary>
    public required string Out { get; init; }

    /// <summary>
    /// Folder of a taught version that is extended by the good parts without its old photos; absent: a model is taught anew.
    /// </summary>
    public string? Extend { get; init; }

    /// <summary>
    /// A station's folder of models: what stands in <c>NAME/known-defects</c> there must be rejected, too; absent: no station is known.
    /// </summary>
    public string? Models { get; init; }

    /// <summary>Who teaches, 1–64 characters, for the version's history; absent: nobody is named.</summary>
    public string? By { get; init; }

    /// <summary>Folder of the frozen backbone, with <c>features.onnx</c>.</summary>
    public required string Backbone { get; init; }

    /// <summary>The model's name, 1–64 of a–z, 0–9, '-', '_'; absent: taken from <see cref="Out"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The model's version, from 1; absent: taken from <see cref="Out"/>, or 1.</summary>
    public int? Version { get; init; }

    /// <summary>The model's input, sides of 64–1024 pixels in multiples of 32; absent: from the photos' shape, about 65,000 pixels.</summary>
    public InputSize? Input { get; init; }

    /// <summary>
    /// Length of the smallest defect that must be seen, in pixels of the photos, 1–1000; the input is made larger for it, and
    /// each part takes as much longer. Absent: nobody has said.
    /// </summary>
    public double? SmallestDefect { get; init; }

    /// <summary>
    /// Where the model looks, each as <see cref="RegionOfInterest.Read"/> takes it: X,Y,WIDTH,HEIGHT or a polygon in pixels of
    /// the photos, or the path of a mask; empty: everywhere.
    /// </summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>True where parts lie turned or shifted and are to be turned upright before the model sees them.</summary>
    public bool Align { get; init; }

    /// <summary>
    /// The piece of the reference photo, the first good part's, by which parts are found: X,Y,WIDTH,HEIGHT in its pixels.
    /// Absent: what stands out on it, or as much of its middle as fits. Only with <see cref="Align"/>.
    /// </summary>
    public string? AlignMark { get; init; }

    /// <summary>Parts may be turned so far to either side, in degrees, 0–180. Only with <see cref="Align"/>; absent: <see cref="UsualTurn"/>.</summary>
    public double? AlignTurn { get; init; }

    /// <summary>How far parts may be turned where nobody says, in degrees.</summary>
    public const double UsualTurn = 20;

    /// <summary>
    /// The net that the model is taught on: float32 or INT8, or whichever is faster here where both agree. Absent: float32, or
    /// that of the version that is extended.
    /// </summary>
    public TeachPrecision? Precision { get; init; }

    /// <summary>The share of good parts that may be rejected, 0.0001–0.5; the threshold follows from it. Default <see cref="UsualFalseRejects"/>.</summary>
    public double MaxFalseRejects { get; init; } = UsualFalseRejects;

    /// <summary>The share of good parts that may be rejected where nobody says.</summary>
    public const double UsualFalseRejects = 0.01;

    /// <summary>Greatest number of patches in the memory, 10–1000. Default 1000; with INT8 at most <see cref="MostQuantised"/>.</summary>
    public int MaxPatches { get; init; } = 1000;

    /// <summary>
    /// Greatest number of patches of an extended memory: with so many the graph still costs less than 1.25 times its backbone.
    /// </summary>
    public const int MostExtended = 1200;

    /// <summary>The same two limits with INT8, where the net takes less than half the time and the memory, in float32, as much as ever.</summary>
    public const int MostQuantised = 400, MostQuantisedExtended = 450;

    /// <summary>Names of photos that are not used, as <see cref="OddPart.Name"/> gives them: bad parts among the good ones.</summary>
    public IReadOnlyList<string> LeaveOut { get; init; } = [];

    /// <summary>Millimetres on the part for one pixel of the photos, above 0, below 1000; absent: sizes are told in pixels only.</summary>
    public double? MillimetresPerPixel { get; init; }

    /// <summary>Seed of every choice. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Limits beyond which a photo is refused; the line would not judge it either.</summary>
    public FrameLimits Limits { get; init; } = new();

    /// <summary>All that is out of range, each with its allowed range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (string.IsNullOrWhiteSpace(Good)) yield return new("teach.good", "missing", "a folder, a manifest.csv or simulated:COUNT[:SEED[:TURN]]");
        if (string.IsNullOrWhiteSpace(Out)) yield return new("teach.out", "missing", "a folder that does not exist yet");
        else if (!Recipe.IsName(ModelName)) yield return new("teach.name", $"found '{ModelName}'", "1–64 of a–z, 0–9, '-', '_', as the folder's name or given apart");
        else if (IsWithinGood) yield return new("teach.out", $"found {Out}, which lies in the folder of the good parts", "a folder outside of it, such as var/taught/NAME/1, so that the model's pictures are never taken for good parts");
        if (By is not null && (By.Trim().Length is < 1 or > 64 || By.Any(char.IsControl))) yield return new("teach.by", $"found {By.Length} characters{(By.Any(char.IsControl) ? ", of which some are control characters" : "")}", "1–64 characters, no control characters such as a line's end");
        if (Extend is not null && Input is not null) yield return new("teach.input", $"found {Input}", "absent with --extend: the input stays that of the version");
        if (SmallestDefect is not (null or (>= 1 and <= 1000))) yield return new("teach.smallestDefect", $"found {SmallestDefect}", "1–1000 pixels of the photos, or absent");
        if (SmallestDefect is not null && (Extend is not null || Input is not null)) yield return new("teach.smallestDefect", $"found {SmallestDefect}", "absent with --extend, which keeps the version's input, and with --input");
        if (Extend is not null && Regions.Count > 0) yield return new("teach.roi", $"found {Regions.Count}", "absent with --extend: the region stays that of the version");
        if (Extend is not null && Precision is not null) yield return new("teach.precision", "given", "absent with --extend: the precision stays that of the version");
        if (Extend is not null && Align) yield return new("teach.align", "given", "absent with --extend: parts are turned upright as in that version, or taken as they lie as in that version; teach anew for another way");
        if (!Align && AlignMark is not null) yield return new("teach.align", $"a mark {AlignMark}", "absent without alignment");
        if (!Align && AlignTurn is not null) yield return new("teach.alignTurn", $"found {AlignTurn}", "absent without --align");
        if (AlignTurn is { } turn && !(turn is >= 0 and <= 180)) yield return new("teach.alignTurn", $"found {turn}", "0–180 degrees to either side");
        if (ModelVersion < 1) yield return new("teach.version", $"found {ModelVersion}", "1 or more");
        if (Input is { } input && !input.IsAllowed) yield return new("teach.input", $"found {input}", "width x height, each 64–1024 pixels in multiples of 32");
        if (!(MaxFalseRejects is >= 0.0001 and <= 0.5)) yield return new("teach.maxFalseRejects", $"found {MaxFalseRejects}", "0.0001–0.5");
        if (MillimetresPerPixel is not (null or (> 0 and < 1000))) yield return new("teach.mmPerPixel", $"found {MillimetresPerPixel}", "above 0, below 1000 mm, or absent");
        if (MaxPatches is < 10 or > 1000) yield return new("teach.maxPatches", $"found {MaxPatches}", "10–1000 patches");
    }

    /// <summary>The confidence with which a threshold is found: more, where one of two is chosen from the same parts.</summary>
    internal double FoundWith => Precision == TeachPrecision.Auto ? FalseRejectBound.OfEachOfTwo : FalseRejectBound.Confidence;

    internal int MostPatches(ModelPrecision precision) => (precision, Extend) switch
    {
        (ModelPrecision.Quantised, null) => Math.Min(MaxPatches, MostQuantised),
        (ModelPrecision.Quantised, _) => MostQuantisedExtended,
        (_, null) => MaxPatches,
        _ => MostExtended,
    };

    /// <summary>Where the version after another stands: <c>NAME/2</c> after <c>NAME/1</c>; null where the folder's name is no number.</summary>
    /// <param name="version">The folder of the version.</param>
    public static string? FolderAfter(string version)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(version));
        return int.TryParse(Path.GetFileName(full), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number < 999_999_999
            ? Path.Combine(Path.GetDirectoryName(full)!, (number + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))
            : null;
    }

    internal string ModelName => Name ?? AsName(HasVersionFolder ? Path.GetFileName(Path.GetDirectoryName(FullOut)!) : Path.GetFileName(FullOut));

    internal int ModelVersion => Version ?? (HasVersionFolder ? int.Parse(Path.GetFileName(FullOut), System.Globalization.CultureInfo.InvariantCulture) : 1);

    /// <summary>Where a version of this name would stand that a station uses; null where no station is known.</summary>
    internal string? InUse => Models is null ? null : Path.Combine(Path.GetFullPath(Models), ModelName, "1");

    internal string FullOut => Path.TrimEndingDirectorySeparator(Path.GetFullPath(Out));

    private bool IsWithinGood => !string.IsNullOrWhiteSpace(Good) && Directory.Exists(Good)
        && FullOut.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Good)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>A folder may be called what it likes; the model's name is made of it.</summary>
    private static string AsName(string folder)
        => string.Concat(folder.ToLowerInvariant().Take(64).Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' ? c : '-'));

    private bool HasVersionFolder
        => Path.GetFileName(FullOut) is { Length: >= 1 and <= 9 } last && last.All(char.IsAsciiDigit) && Path.GetFileName(Path.GetDirectoryName(FullOut) ?? "").Length > 0;
}

/// <summary>How far teaching has come.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Done">So much of it.</param>
/// <param name="Total">Of so much.</param>
public readonly record struct TeachProgress(TeachStep Step, int Done, int Total);

/// <summary>The steps of teaching, in their order.</summary>
public enum TeachStep
{
    /// <summary>Photos are found, hashed and split.</summary>
    Read,

    /// <summary>The backbone sees the photos of the memory.</summary>
    See,

    /// <summary>Patches are chosen for the memory.</summary>
    Choose,

    /// <summary>The parts of the memory are compared with each other, for the scale of each place.</summary>
    Compare,

    /// <summary>The model scores the parts that were kept out.</summary>
    Score,

    /// <summary>The new model is shown the known defects, each of which it must reject.</summary>
    Prove,

    /// <summary>The models of both precisions are compared and their times taken.</summary>
    Precision,

    /// <summary>The version's folder is written and checked.</summary>
    Write,

    /// <summary>Defects are painted on good parts, to estimate what the model catches.</summary>
    Estimate,
}
