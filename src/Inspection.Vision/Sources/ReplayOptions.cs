using System.Text.Json.Serialization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>Settings of a replay: a folder of photos or a video.</summary>
public sealed record ReplayOptions
{
    /// <summary>As fast as the station takes them, instead of at a rate (folder) or by time stamps (video). Default no.</summary>
    public bool AsFastAsPossible { get; init; }

    /// <summary>Photos of a folder a second, 0.1–100. Default 2.</summary>
    public double PartsPerSecond { get; init; } = 2;

    /// <summary>Ends after the last frame instead of starting again. Default no.</summary>
    [JsonIgnore]
    public bool Once { get; init; }

    /// <summary>Takes only the photos whose path, relative to the folder, it says true of; null takes all.</summary>
    [JsonIgnore]
    public Func<string, bool>? Filter { get; init; }

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (!(PartsPerSecond is >= 0.1 and <= 100)) yield return new("replay.partsPerSecond", $"found {PartsPerSecond}", "0.1–100 photos a second");
    }
}
