using Inspection.Core;
using Inspection.Vision;

namespace Inspection.Station.Settings;

/// <summary>What a setting may say of the source.</summary>
internal static class SourceRules
{
    /// <summary>What can be written.</summary>
    public const string Allowed = SourceSpec.Allowed;

    /// <summary>The source that was named, or null where it is none.</summary>
    public static SourceSpec? Parse(string text) => SourceSpec.Parse(text) is { Succeeded: true } source ? source.Value : null;

    /// <summary>What is wrong with a named source: its form, or that nothing is there.</summary>
    public static SettingError? Error(string text)
    {
        if (Parse(text) is not { } source) return new("source", $"found '{text}'", Allowed);
        return source.Kind switch
        {
            SourceKind.Folder when !Directory.Exists(source.Path) && !File.Exists(source.Path)
                => new("source", $"there is no folder '{source.Path}'", "a folder of photos, or a manifest.csv"),
            SourceKind.Video when !File.Exists(source.Path) => new("source", $"there is no file '{source.Path}'", "a video file"),
            _ => null,
        };
    }
}
