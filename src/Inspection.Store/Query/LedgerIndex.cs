using LiteDB;
using Microsoft.Extensions.Logging;

namespace Inspection.Store;

/// <summary>
/// The index for queries: one LiteDB file beside each journal, made and followed up from it alone, so that it can be
/// deleted at any time. Behind the journal, on its own thread; thread-safe.
/// </summary>
internal sealed class LedgerIndex(JournalCatalog catalog, ILogger log) : IDisposable
{
    private const int Bulk = 2000;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>A disk that is full or broken is left alone for a while: the journal needs it more.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<JournalFile, LiteDatabase> _open = [];
    private readonly Dictionary<JournalFile, long> _followed = [];
    private readonly ManualResetEventSlim _stop = new();

    public void Start() => new Thread(Follow) { IsBackground = true, Name = "index" }.Start();

    /// <summary>Answers from the index, brought up to date first; from the journals themselves where there is no way to an index.</summary>
    public LedgerPage Query(LedgerQuery query) => PagedQuery.Run(catalog.Files, query, Rows);

    /// <summary>Brings the index of a journal up to its durable end.</summary>
    public void Follow(JournalFile file)
    {
        lock (_gate)
        {
            var limit = file.Limit;
            if (_followed.GetValueOrDefault(file, -1) == limit) return;
            UseOrRebuild(file, static _ => true);
            _followed[file] = limit;
        }
    }

    /// <summary>Forgets a journal's index.</summary>
    public void Delete(JournalFile file)
    {
        lock (_gate)
        {
            Close(file);
            DeleteFiles(file);
            _followed.Remove(file);
        }
    }

    public void Dispose()
    {
        _stop.Set();
        lock (_gate)
        {
            foreach (var file in _open.Keys.ToList()) Close(file);
        }
    }

    /// <summary>The index of a journal.</summary>
    public static string PathOf(JournalFile file) => Path.ChangeExtension(file.Path, ".db");

    private void Follow()
    {
        var pause = Turn;
        while (!_stop.Wait(pause))
        {
            pause = Turn;
            try
            {
                // The day before is followed to its end too, once a new one has begun.
                var files = catalog.Files;
                for (var i = Math.Max(0, files.Count - 2); i < files.Count; i++) Follow(files[i]);
                lock (_gate) CloseAllBut(files.Count > 0 ? files[^1] : null);
            }
#pragma warning disable CA1031 // an index that cannot be made only makes queries slower
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (_stop.IsSet) return;
                pause = AfterFailure;
                log.LogWarning(e, "The index could not follow the journal; queries read the journals themselves");
            }
        }
    }

    private IReadOnlyList<LedgerRow> Rows(JournalFile file, LedgerQuery query, long below, int max)
    {
        try
        {
            lock (_gate)
            {
                return UseOrRebuild(file, entries =>
                {
                    var rows = new List<LedgerRow>();
                    foreach (var found in Where(entries.Query(), query, below).OrderByDescending("_id").Limit(query.About is null ? max : int.MaxValue).ToEnumerable())
                    {
                        var at = found["o"].AsInt64;
                        file.Entries(at, (offset, envelope, entry) =>
                        {
                            if (offset != at || envelope.Entry != found["_id"].AsInt64) throw new InvalidDataException("The index points to no entry.");
                            rows.Add(PagedQuery.Row(file, envelope, JournalFile.Body(entry, envelope)));
                            return false;
                        });
                        // The index knows the sequence alone; whose ledger's it is stands in the entry.
                        if (query.About is not null && rows[^1].About != query.About) rows.RemoveAt(rows.Count - 1);
                        else if (rows.Count == max) break;
                    }
                    return rows;
                });
            }
        }
#pragma warning disable CA1031 // whatever is wrong with an index, the journal has the answer
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogWarning(e, "The index of {Journal} cannot be used; its journal is read instead", file.Name);
            return PagedQuery.Walk(file, query, below, max);
        }
    }

    private static ILiteQueryable<BsonDocument> Where(ILiteQueryable<BsonDocument> all, LedgerQuery query, long below)
    {
        if (below != long.MaxValue) all = all.Where("_id < @0", below);
        if (query.Kind is { } kind) all = all.Where("k = @0", (int)kind);
        if (query.Verdict is { } verdict) all = all.Where("v = @0", (int)verdict);
        // Moments are kept in whole milliseconds, so a limit between two of them is moved up.
        if (query.From is { } from) all = all.Where("a >= @0", CeilingMilliseconds(from));
        if (query.To is { } to) all = all.Where("a < @0", CeilingMilliseconds(to));
        if (query.FirstSequence is { } first) all = all.Where("s >= @0", first);
        if (query.LastSequence is { } last) all = all.Where("s BETWEEN 1 AND @0", last);
        if (query.About is { } about) all = all.Where("r = @0", about.Sequence);
        return all;
    }

    private static long CeilingMilliseconds(DateTimeOffset at)
        => at.ToUnixTimeMilliseconds() + (at.UtcTicks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);

    private T UseOrRebuild<T>(JournalFile file, Func<ILiteCollection<BsonDocument>, T> use)
    {
        try
        {
            return use(UpToDate(file));
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            // LiteDB does not recover from a failed write; opened anew it has all that was written.
            Close(file);
            throw;
        }
#pragma warning disable CA1031 // LiteDB throws whatever a damaged page leads it to; the index is made anew
        catch (Exception e) when (e is not ObjectDisposedException)
#pragma warning restore CA1031
        {
            log.LogWarning(e, "The index of {Journal} is damaged and is made anew", file.Name);
            Close(file);
            DeleteFiles(file);
            return use(UpToDate(file));
        }
    }

    /// <summary>A full or forbidden disk says nothing of the index; an end of file within it does.</summary>
    private static bool IsOfTheDisk(Exception e) => e is UnauthorizedAccessException or (IOException and not EndOfStreamException);

    private ILiteCollection<BsonDocument> UpToDate(JournalFile file)
    {
        ObjectDisposedException.ThrowIf(_stop.IsSet, this);
        if (!_open.TryGetValue(file, out var database))
        {
            database = new LiteDatabase(new ConnectionString { Filename = PathOf(file), Connection = ConnectionType.Direct });
            _open[file] = database;
            var made = database.GetCollection("entries");
            made.EnsureIndex("a");
            made.EnsureIndex("s");
            made.EnsureIndex("v");
            made.EnsureIndex("r");
        }
        var entries = database.GetCollection("entries");
        while (AddSome(file, entries))
        {
        }
        return entries;
    }

    /// <summary>Adds at most a bulk, so that readers of the journal are never held up for long.</summary>
    private static bool AddSome(JournalFile file, ILiteCollection<BsonDocument> entries)
    {
        var newest = entries.Query().OrderByDescending("_id").Limit(1).FirstOrDefault();
        var through = newest is null ? 0 : newest["_id"].AsInt64;
        var from = newest is null ? 0 : newest["o"].AsInt64;
        var some = new List<BsonDocument>();
        var meets = newest is null;
        file.Entries(from, (offset, envelope, entry) =>
        {
            if (newest is not null && offset == from) return meets = envelope.Entry == through;
            var row = PagedQuery.Row(file, envelope, JournalFile.Body(entry, envelope));
            some.Add(new BsonDocument
            {
                ["_id"] = envelope.Entry,
                ["o"] = offset,
                ["k"] = (int)envelope.Kind,
                ["a"] = envelope.At.ToUnixTimeMilliseconds(),
                ["s"] = row.Sequence,
                ["v"] = row.Verdict is { } verdict ? (int)verdict : -1,
                ["r"] = row.About?.Sequence ?? 0,
            });
            return some.Count < Bulk;
        });
        if (!meets) throw new InvalidDataException("The index does not belong to this journal.");
        if (some.Count > 0) entries.InsertBulk(some, Bulk);
        return some.Count == Bulk;
    }

    private void CloseAllBut(JournalFile? newest)
    {
        foreach (var file in _open.Keys.Where(f => f != newest).ToList()) Close(file);
    }

    private void Close(JournalFile file)
    {
        if (_open.Remove(file, out var database)) database.Dispose();
    }

    private static void DeleteFiles(JournalFile file)
    {
        var path = PathOf(file);
        File.Delete(path);
        File.Delete(Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path) + "-log.db"));
    }
}
