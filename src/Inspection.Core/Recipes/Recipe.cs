namespace Inspection.Core;

/// <summary>
/// An immutable revision of how one product is inspected, stored as <c>recipes/NAME/REVISION.json</c>; never edited,
/// only followed by a new revision. Each section holds one concern; an unknown section or member is refused.
/// </summary>
public sealed record Recipe
{
    /// <summary>The schema that this program writes; 1 had no sections <c>stop</c>, <c>gate</c> and <c>testParts</c> and is read with their defaults.</summary>
    public const int CurrentSchema = 2;

    /// <summary>Version of the file's shape.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The product's name: 1–64 of a–z, 0–9, '-', '_'.</summary>
    public required string Name { get; init; }

    /// <summary>Number of this revision, from 1.</summary>
    public required int Revision { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Which model judges.</summary>
    public required ModelReference Model { get; init; }

    /// <summary>The scale of the picture.</summary>
    public Optics Optics { get; init; } = new();

    /// <summary>Limits beyond which a frame is not judged.</summary>
    public FrameLimits Frames { get; init; } = new();

    /// <summary>When verdicts trip the interlock.</summary>
    public TripRules Rules { get; init; } = new();

    /// <summary>How the line stops.</summary>
    public StopRules Stop { get; init; } = new();

    /// <summary>How the plant learns that a part may go.</summary>
    public PartOutput Output { get; init; } = new();

    /// <summary>Where the gate and the bin are; there exactly where <c>output.mode</c> is <c>gate</c>.</summary>
    public GateRules? Gate { get; init; }

    /// <summary>Which pictures are kept.</summary>
    public PictureRules Pictures { get; init; } = new();

    /// <summary>Known parts that prove that the line sees, and when they are due; null: none is ever asked for.</summary>
    public TestPartRules? TestParts { get; init; }

    /// <summary>All that is out of range, each with its allowed range.</summary>
    public IReadOnlyList<SettingError> Errors()
    {
        var errors = new List<SettingError>();
        void Check(bool ok, string name, object found, string allowed)
        {
            if (!ok) errors.Add(new SettingError("recipe." + name, $"found {found}", allowed));
        }

        Check(IsName(Name), "name", $"'{Name}'", "1–64 of a–z, 0–9, '-', '_'");
        Check(Revision >= 1, "revision", Revision, "1 or more");
        Check(IsName(Model.Name), "model.name", $"'{Model.Name}'", "1–64 of a–z, 0–9, '-', '_'");
        Check(Model.Version >= 1, "model.version", Model.Version, "1 or more");
        Check(Model.Threshold is null || float.IsFinite(Model.Threshold.Value), "model.threshold", Model.Threshold ?? 0, "a finite number, or absent");
        Check(Model.UnsureAbove is not { } unsure || (float.IsFinite(unsure) && !(unsure >= Model.Threshold)), "model.unsureAbove", Model.UnsureAbove ?? 0, "a finite number below the threshold, or absent");
        Check(Optics.MillimetresPerPixel is null or (> 0 and < 1000), "optics.millimetresPerPixel", Optics.MillimetresPerPixel ?? 0, "0–1000 mm, or absent");
        Check(Frames.MinMean is >= 0 and <= 255, "frames.minMean", Frames.MinMean, "0–255");
        Check(Frames.MaxDarkShare is >= 0 and <= 1, "frames.maxDarkShare", Frames.MaxDarkShare, "0–1");
        Check(Frames.MaxSaturatedShare is >= 0 and <= 1, "frames.maxSaturatedShare", Frames.MaxSaturatedShare, "0–1");
        Check(Frames.MinSharpness >= 0, "frames.minSharpness", Frames.MinSharpness, "0 or more");
        Check(Frames.MaxIdentical is >= 1 and <= 10_000, "frames.maxIdentical", Frames.MaxIdentical, "1–10000 frames");
        Check(Rules.Deadline.TotalMilliseconds is >= 20 and <= 5000, "rules.deadline", Rules.Deadline.TotalMilliseconds, "20–5000 ms");
        Check(Rules.RejectsInARow is >= 1 and <= 1000, "rules.rejectsInARow", Rules.RejectsInARow, "1–1000 parts");
        Check(Rules.Indeterminates is >= 1 and <= 1000, "rules.indeterminates", Rules.Indeterminates, "1–1000 parts");
        Check(Rules.IndeterminateWindow >= Rules.Indeterminates && Rules.IndeterminateWindow <= 10_000, "rules.indeterminateWindow", Rules.IndeterminateWindow, "rules.indeterminates–10000 parts");
        Check(Stop.Category is 0 or 1, "stop.category", Stop.Category, "0 (at once) or 1 (once the zone is empty)");
        Check(Stop.Category == 0 || Output.Mode != OutputMode.TripOnReject, "stop.category", Stop.Category, "0 where output.mode is trip-on-reject: nothing but the stop holds a part back there");
        Check(Stop.RunOut.TotalMilliseconds is >= 100 and <= 10_000, "stop.runOut", Stop.RunOut.TotalMilliseconds, "100–10000 ms");
        Check(Output.PassPulse.TotalMilliseconds is >= 10 and <= 500, "output.passPulse", Output.PassPulse.TotalMilliseconds, "10–500 ms");
        Check((Gate is not null) == (Output.Mode == OutputMode.Gate), "gate", Gate is null ? "nothing, though output.mode is gate" : $"a section, though output.mode is {Codes.Of(Output.Mode)}", "there exactly where output.mode is gate");
        errors.AddRange(Gate?.Errors() ?? []);
        Check(Pictures.PassEvery is >= 0 and <= 1_000_000, "pictures.passEvery", Pictures.PassEvery, "0 (none)–1000000 parts");
        Check(Pictures.MaxBytes is >= 4096 and <= 16_777_216, "pictures.maxBytes", Pictures.MaxBytes, "4096–16777216 bytes");
        if (TestParts is not null) errors.AddRange(TestParts.Errors());
        return errors;
    }

    /// <summary>True for 1–64 of a–z, 0–9, '-' and '_': safe as a name of a recipe or a model on every disk and in every topic.</summary>
    public static bool IsName(string? name)
        => name is { Length: >= 1 and <= 64 } && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}

/// <summary>Which model judges.</summary>
public sealed record ModelReference
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The model's version, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>A limit that replaces the model's own, in the model's units; absent: the model's own.</summary>
    public float? Threshold { get; init; }

    /// <summary>
    /// A part whose score is above this and not above the threshold is Indeterminate, reason <c>unsure</c>, so that a person
    /// looks; in the model's units, below the threshold. Absent: nobody is asked. Such parts count among
    /// <see cref="TripRules.Indeterminates"/>; the models' README says how to choose both.
    /// </summary>
    public float? UnsureAbove { get; init; }
}

/// <summary>The scale of the picture.</summary>
public sealed record Optics
{
    /// <summary>Millimetres on the part for one pixel of the frame, 0–1000; absent: areas are given in pixels only.</summary>
    public double? MillimetresPerPixel { get; init; }
}

/// <summary>Limits beyond which a frame is not judged. The models' README says how the defaults were chosen.</summary>
public sealed record FrameLimits
{
    /// <summary>Least mean brightness, 0–255. Default 8.</summary>
    public float MinMean { get; init; } = 8;

    /// <summary>Greatest share of pixels darker than 16, 0–1. Default 0.98.</summary>
    public float MaxDarkShare { get; init; } = 0.98f;

    /// <summary>Greatest share of pixels brighter than 250, 0–1. Default 0.9.</summary>
    public float MaxSaturatedShare { get; init; } = 0.9f;

    /// <summary>Least variance of the Laplacian on the detector's input. Default 2.</summary>
    public float MinSharpness { get; init; } = 2;

    /// <summary>Number of identical frames in a row from which on they are not judged, 1–10000. Default 3.</summary>
    public int MaxIdentical { get; init; } = 3;
}

/// <summary>When verdicts trip the interlock.</summary>
public sealed record TripRules
{
    /// <summary>Time from a part's trigger to Apply, 20–5000 ms; later is Indeterminate. Default 200 ms.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>So many rejects in a row trip, 1–1000. Default 5.</summary>
    public int RejectsInARow { get; init; } = 5;

    /// <summary>So many Indeterminates of any reason within the window trip, 1–1000. Default 3.</summary>
    public int Indeterminates { get; init; } = 3;

    /// <summary>The window in parts, up to 10000. Default 100.</summary>
    public int IndeterminateWindow { get; init; } = 100;
}

/// <summary>How the line stops (stop categories of IEC 60204-1, 9.2.2). E-stop, stop switch and faults always open the relay at once.</summary>
public sealed record StopRules
{
    /// <summary>0: the relay opens at once. 1: nothing new is permitted, and it opens once the parts in the zone have left. Default 0.</summary>
    public int Category { get; init; }

    /// <summary>Category 1 waits no longer than this, 100–10000 ms; without a gate nothing tells that the zone is empty, so it waits so long. Default 1000 ms.</summary>
    public TimeSpan RunOut { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>How the plant learns that a part may go.</summary>
public enum OutputMode
{
    /// <summary>One pulse of the Pass line for each part whose Pass is durable.</summary>
    PassLine,

    /// <summary>Each Reject and each Indeterminate trips; a passing part is not held for durability.</summary>
    TripOnReject,

    /// <summary>The station's own gate opens for each part whose Pass is durable, and diverts every other.</summary>
    Gate,
}

/// <summary>How the plant learns that a part may go.</summary>
public sealed record PartOutput
{
    /// <summary>Pass line, trip on reject or gate. Default pass line.</summary>
    public OutputMode Mode { get; init; } = OutputMode.PassLine;

    /// <summary>Length of the pulse of <c>pass</c>, or where it is wired of <c>valid</c>, 10–500 ms. Default 30 ms.</summary>
    public TimeSpan PassPulse { get; init; } = TimeSpan.FromMilliseconds(30);
}

/// <summary>Which pictures are kept; those of Reject and Indeterminate always are.</summary>
public sealed record PictureRules
{
    /// <summary>One passing part in so many is kept, 0 (none)–1000000. Default 100.</summary>
    public int PassEvery { get; init; } = 100;

    /// <summary>JPEG or PNG. Default JPEG.</summary>
    public PictureFormat Format { get; init; } = PictureFormat.Jpeg;

    /// <summary>Greatest size of a picture, 4096–16777216 bytes. Default 524288.</summary>
    public int MaxBytes { get; init; } = 524_288;
}
