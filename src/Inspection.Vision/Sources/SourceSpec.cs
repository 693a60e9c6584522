using Inspection.Core;

namespace Inspection.Vision;

/// <summary>Where frames come from, as a person types it: <c>simulated</c>, <c>folder:PATH</c> or <c>video:PATH</c>.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Path">The folder or the file; empty for the simulated line.</param>
public readonly record struct SourceSpec(SourceKind Kind, string Path)
{
    /// <summary>The three ways of writing one, for messages and help.</summary>
    public const string Allowed = "simulated, folder:PATH or video:PATH";

    /// <summary>The simulated line.</summary>
    public static SourceSpec Simulated { get; } = new(SourceKind.Simulated, "");

    /// <summary>Reads what a person typed; whether the path exists is found out when the source is opened.</summary>
    /// <returns>The source; or <c>source-unknown</c>.</returns>
    public static Outcome<SourceSpec> Parse(string? text)
    {
        if (text == "simulated") return Simulated;
        if (text?.StartsWith("folder:", StringComparison.Ordinal) == true && text.Length > 7) return new SourceSpec(SourceKind.Folder, text[7..]);
        if (text?.StartsWith("video:", StringComparison.Ordinal) == true && text.Length > 6) return new SourceSpec(SourceKind.Video, text[6..]);
        return new Failure("source-unknown", $"The source '{text}' is not known; allowed: {Allowed}.");
    }

    /// <inheritdoc />
    public override string ToString() => Kind switch { SourceKind.Folder => "folder:" + Path, SourceKind.Video => "video:" + Path, _ => "simulated" };
}

/// <summary>Kinds of frame source.</summary>
public enum SourceKind
{
    /// <summary>The simulated line.</summary>
    Simulated,

    /// <summary>Photos of a folder.</summary>
    Folder,

    /// <summary>A video file.</summary>
    Video,
}
