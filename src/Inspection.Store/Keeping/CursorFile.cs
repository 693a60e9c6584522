using System.Text.Json;
using Inspection.Core;

namespace Inspection.Store;

/// <summary><c>cursors.json</c>: what each receiver has. One that lags only has messages sent again.</summary>
/// <param name="path">The file; need not exist.</param>
/// <param name="table">What is kept.</param>
/// <param name="time">The clock: it is written at most once a second, and names the file that is set aside.</param>
internal sealed class CursorFile(string path, CursorTable table, TimeProvider time)
{
    private const int CurrentSchema = 1;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    private long _saved;
    private string? _aside;
    private long? _savedAt;

    /// <summary>Refuses a file that a newer program wrote; setting it aside would lose what receivers have.</summary>
    /// <returns>A failure with code <c>cursors-newer</c>, or null.</returns>
    public static Failure? Newer(string path)
        => CoreJson.ReadBytes(path) is { Succeeded: true } read
            ? StoredSchema.Newer(path, read.Value, CurrentSchema, Path.GetDirectoryName(path)!, "cursors-newer") : null;

    /// <summary>True when the file holds what the table holds.</summary>
    public bool IsSaved => table.Version == Volatile.Read(ref _saved);

    /// <summary>Fills the table; leaves the file as it is.</summary>
    /// <param name="catalog">Gives the place to begin at when the file cannot be used.</param>
    /// <returns>Null, or what a person must know: the file cannot be read, and is to be set aside at the start.</returns>
    public string? Load(JournalCatalog catalog)
    {
        if (!File.Exists(path)) return null;
        var read = CoreJson.ReadFile<Content>(path);
        var problem = read.Succeeded ? Problem(read.Value) : read.Failure.Message;
        if (problem is null)
        {
            foreach (var line in read.Value!.Cursors) table.Set(line.Cursor());
            _saved = table.Version;
            return null;
        }
        _aside = Store.SetAside.NameOf(path, time);
        _saved = -1;
        if (StartOfNewestClosedDay(catalog) is { } start)
            table.Set(new(CursorTable.Shared, start, time.GetUtcNow(), TimeSpan.Zero, false));
        return $"The cursors cannot be read: {problem} Receivers get the messages from the beginning of the newest closed day on again.";
    }

    /// <summary>
    /// Copies a file that cannot be read to where a person finds it. It stays until the table is saved in its place: until
    /// then each start has to tell of it, and begin where <see cref="Load"/> says. Throws <see cref="IOException"/>.
    /// </summary>
    /// <returns>The copy's name, or null when there is nothing to set aside.</returns>
    public string? SetAside()
    {
        if (_aside is not { } aside) return null;
        File.Copy(path, aside, overwrite: true);
        DurableFile.Sync(aside);
        _aside = null;
        return Path.GetFileName(aside);
    }

    /// <summary>True when the table has changed and a second has gone since it was last written.</summary>
    public bool IsDue => !IsSaved && (_savedAt is not { } last || time.GetElapsedTime(last) >= SaveEvery);

    /// <summary>Writes the table where it has changed. Throws <see cref="IOException"/>.</summary>
    public void Save()
    {
        var version = table.Version;
        if (version == _saved) return;
        _savedAt = time.GetTimestamp();
        SetAside();
        Line[] lines = [.. table.All().Select(c => new Line(c.Consumer, c.LastConnected, c.Expiry, c.Named, c.At?.LedgerId, c.At?.Position))];
        DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new Content(CurrentSchema, lines), CoreJson.Options));
        Volatile.Write(ref _saved, version);
    }

    /// <summary>The highest place that any receiver has acknowledged; null where none has, or the file cannot be read.</summary>
    public static LedgerPosition? Highest(string path)
        => CoreJson.ReadFile<Content>(path) is { Succeeded: true, Value: var content } && Problem(content) is null
            ? JournalRecovery.Highest([.. content.Cursors.Select(line => line.Cursor())]) : null;

    private static string? Problem(Content content)
    {
        if (content.Schema != CurrentSchema) return $"It has schema {content.Schema}, this program reads {CurrentSchema}.";
        if (content.Cursors.Any(c => c is null || c.LedgerId is null != c.Position is null || c.Position < 0)) return "A cursor in it has no valid position.";
        return content.Cursors.DistinctBy(c => c.Consumer).Count() == content.Cursors.Length ? null : "A consumer is there twice.";
    }

    private static LedgerPosition? StartOfNewestClosedDay(JournalCatalog catalog)
    {
        var files = catalog.Files;
        if (files.Count == 0) return null;
        var file = files.Count > 1 ? files[^2] : files[0];
        return new(file.Name.LedgerId, Math.Max(0, file.First() - 1));
    }

    private sealed record Content(int Schema, Line[] Cursors);

    private sealed record Line(
        string Consumer, DateTimeOffset LastConnected, TimeSpan Expiry, bool Named, Guid? LedgerId = null, long? Position = null)
    {
        public ConsumerCursor Cursor() => new(Consumer, LedgerId is { } id ? new(id, Position!.Value) : null, LastConnected, Expiry, Named);
    }
}
