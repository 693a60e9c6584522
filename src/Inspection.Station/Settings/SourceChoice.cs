using Inspection.Core;

namespace Inspection.Station.Settings;

/// <summary>What kind of source yields the frames.</summary>
public enum SourceKind
{
    /// <summary>The rendered conveyor.</summary>
    Simulated,

    /// <summary>A folder of photos, or a manifest.</summary>
    Folder,

    /// <summary>A video file.</summary>
    Video,
}

/// <summary>Which source yields the frames: <c>simulated</c>, <c>folder:PATH</c> or <c>video:PATH</c>.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Path">The folder or the file; empty for the simulated line.</param>
public sealed record SourceChoice(SourceKind Kind, string Path)
{
    /// <summary>What can be written.</summary>
    public const string Allowed = "simulated, folder:PATH or video:PATH";

    /// <summary>True for what can be played once: a folder or a video.</summary>
    public bool HasAnEnd => Kind is not SourceKind.Simulated;

    /// <summary>True unless a camera makes the frames; cameras come later, through the same seam.</summary>
    public bool IsSimulated => true;

    /// <summary>Reads what a person wrote.</summary>
    /// <returns>The choice, or null when it is none of those allowed.</returns>
    public static SourceChoice? Parse(string text)
    {
        if (text == "simulated") return new(SourceKind.Simulated, "");
        if (text.Split(':', 2) is not [var kind, { Length: > 0 } path]) return null;
        return kind switch
        {
            "folder" => new(SourceKind.Folder, path),
            "video" => new(SourceKind.Video, path),
            _ => null,
        };
    }

    /// <summary>What is missing on the disk, or null.</summary>
    public SettingError? Missing() => Kind switch
    {
        SourceKind.Folder when !Directory.Exists(Path) && !File.Exists(Path) => new("source", $"there is no folder '{Path}'", "a folder of photos, or a manifest.csv"),
        SourceKind.Video when !File.Exists(Path) => new("source", $"there is no file '{Path}'", "a video file"),
        _ => null,
    };

    /// <inheritdoc />
    public override string ToString() => Kind == SourceKind.Simulated ? "simulated" : $"{Codes.Of(Kind)}:{Path}";
}
