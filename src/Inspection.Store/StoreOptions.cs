using Inspection.Core;

namespace Inspection.Store;

/// <summary>Settings of the store.</summary>
public sealed record StoreOptions
{
    /// <summary>Whole days older than this are forgotten, 1–3650 d. Default 90 d.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>When more of the disk than this is in use, the oldest days are forgotten, 0.1–0.99. Default 0.9.</summary>
    public double MaxDiskShare { get; init; } = 0.9;

    /// <summary>Pictures older than this are forgotten, 1–3650 d. Default 30 d.</summary>
    public TimeSpan PictureRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>When all pictures together are larger than this, the oldest are forgotten, 1048576 bytes (1 MiB) or more. Default 20 GiB.</summary>
    public long MaxPictureBytes { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Entries that can wait to become durable, 64–65536. Default 4096.</summary>
    public int Queue { get; init; } = 4096;

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (Retention.TotalDays is < 1 or > 3650) yield return new("store.retention", $"found {DurationJson.Format(Retention)}", "1–3650 d");
        if (MaxDiskShare is not (>= 0.1 and <= 0.99)) yield return new("store.maxDiskShare", $"found {MaxDiskShare}", "0.1–0.99");
        if (PictureRetention.TotalDays is < 1 or > 3650) yield return new("store.pictureRetention", $"found {DurationJson.Format(PictureRetention)}", "1–3650 d");
        if (MaxPictureBytes < 1_048_576) yield return new("store.maxPictureBytes", $"found {MaxPictureBytes}", "1048576 bytes or more");
        if (Queue is < 64 or > 65_536) yield return new("store.queue", $"found {Queue}", "64–65536 entries");
    }
}
