using System.Buffers;
using Inspection.Core;

namespace Inspection.Store;

/// <summary>
/// Appends batches to the newest journal: numbers, bytes, one write, one fsync. After a failure the file is never
/// appended to again; the next try is a new file of a new chain. The writer thread's own.
/// </summary>
/// <param name="folder">The journals' folder.</param>
/// <param name="catalog">Takes each new journal once its first batch is durable.</param>
/// <param name="place">Notes where each journal is written, before anything of it leaves the store.</param>
/// <param name="found">How the chain goes on.</param>
/// <param name="time">The clock of days.</param>
/// <param name="clockTrusted">Whether it is trusted.</param>
/// <param name="simulated">Stands in gap entries.</param>
/// <param name="disk">Opens a journal for appending and tells the disk's room; a seam for tests of failing disks.</param>
internal sealed class JournalAppender(
    string folder, JournalCatalog catalog, LedgerPlace place, Recovered found, TimeProvider time, Func<bool> clockTrusted, bool simulated,
    StoreSeams disk) : IDisposable
{
    private readonly EntrySerializer _serializer = new(time);
    private readonly ArrayBufferWriter<byte> _output = new(256 * 1024);
    private readonly byte[] _hash = found.End.Hash.AsSpan().ToArray();
    private ChainEnd _end = found.End;
    private Predecessor? _predecessor = found.Predecessor;
    private JournalFile? _file = found.Current;
    private FileStream? _stream;
    private bool _inCatalog = found.Current is not null;
    private bool _isGone;
    private long _keptUntil;
    private string? _full;
    private string? _noNewDay;
    private DateOnly _day = found.Current?.Name.Day ?? DateOnly.MinValue;

    /// <summary>The end of what is durable.</summary>
    public ChainEnd End => _end;

    /// <summary>True when the chain is new and has not yet named its predecessor.</summary>
    public bool OwesPredecessor => _predecessor is not null;

    /// <summary>Why the disk counts as full though entries still become durable, in the room kept for the last ones; null when it does not.</summary>
    public string? Full => Volatile.Read(ref _full);

    /// <summary>Drafts whose body could not be written: a defect of the program, told by a gap entry.</summary>
    public Action<Exception>? Refused { get; init; }

    /// <summary>The default way to open a journal.</summary>
    public static FileStream OpenFile(string path)
        => new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Makes a batch durable.</summary>
    /// <param name="batch">The drafts in order.</param>
    /// <param name="numbers">Takes a draft's numbers each; entry 0 for one that was refused.</param>
    /// <param name="last">True for what is told at the end, for which some of the kept room is left.</param>
    /// <returns>Null when it is durable, else why it is not.</returns>
    public string? Append(IReadOnlyList<PendingEntry> batch, List<EntryNumbers> numbers, bool last = false)
    {
        try
        {
            var stream = Open();
            // Whoever deletes the file under our feet would have us write where nobody can read after this process.
            _isGone = _inCatalog && !File.Exists(_file!.Path);
            if (_isGone) throw new FileNotFoundException($"the journal {Path.GetFileName(_file!.Path)} was removed while the station wrote to it");
            // What a new chain follows is found in what was noted, so that must last until the chain tells it itself.
            if (_predecessor is null) place.Mark(_file!.Path);
            var end = Serialize(batch, numbers);
            // Before anything is written, so that this journal can still be gone on with.
            if (!last && _full is not null && _keptUntil > 0 && _keptUntil - _file!.Limit - _output.WrittenCount < JournalReserve.LastBytes) return _full;
            stream.Write(_output.WrittenSpan);
            stream.Flush(flushToDisk: true);
            if (!_inCatalog) DurableFile.SyncDirectory(folder);
            place.Mark(_file!.Path);
            Commit(end);
            return null;
        }
        // A file that may not grow (a size limit, a FAT disk) is told as an argument out of range.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException or ArgumentOutOfRangeException)
        {
            Abandon();
            return e.Message;
        }
    }

    /// <summary>Sees whether the disk has room left, and keeps some ahead.</summary>
    public void LookAtRoom()
    {
        if (_stream is null) return;
        string? full;
        try
        {
            if (_noNewDay is not null) Open();
            var free = disk.DiskFree(folder);
            full = Keep(_stream, _file!.Limit) && free >= JournalReserve.LeastFree ? _noNewDay : JournalReserve.Full(free);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            full = $"the disk does not say how much room is left: {e.Message}";
        }
        Volatile.Write(ref _full, full);
    }

    public void Dispose()
    {
        if (_stream is not null) Close();
        _serializer.Dispose();
    }

    private FileStream Open()
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (_stream is not null && today <= _day) return _stream;
        if (_file is not null && today <= _day) return _stream = disk.OpenJournal(_file.Path);
        // Days never go back, even if the clock does, so that names give the order.
        var day = today > _day ? today : _day;
        if (_stream is null) Begin(day, disk.OpenJournal(PathOf(day)));
        else if (TryKeepFor(day) is { } kept) Begin(day, kept);
        return _stream!;
    }

    private string PathOf(DateOnly day) => Path.Combine(folder, new JournalName(day, _end.LedgerId) + JournalName.Extension);

    private void Begin(DateOnly day, FileStream journal)
    {
        if (_stream is not null) Close();
        (_day, _file, _stream, _inCatalog) = (day, new(PathOf(day), new(day, _end.LedgerId), 0), journal, false);
    }

    /// <summary>A new day's journal with its room; null on a full disk, where the room that is kept is the day before's.</summary>
    private FileStream? TryKeepFor(DateOnly day)
    {
        var (path, keptUntil) = (PathOf(day), _keptUntil);
        try
        {
            var journal = disk.OpenJournal(path);
            _keptUntil = 0;
            if (Keep(journal, 0))
            {
                _noNewDay = null;
                return journal;
            }
            journal.Dispose();
            File.Delete(path);
            _noNewDay = $"the disk has no room for the journal of {day:yyyy-MM-dd}; the one before is gone on with";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _noNewDay = $"the journal of {day:yyyy-MM-dd} cannot be made, and the one before is gone on with: {e.Message}";
        }
        _keptUntil = keptUntil;
        return null;
    }

    private void Close()
    {
        try
        {
            // What was kept ahead is given back.
            _stream!.SetLength(_file!.Limit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            Volatile.Write(ref _full, e.Message);
        }
        _stream!.Dispose();
    }

    // A quarter used is filled up again, so that the kernel is not asked at each batch.
    private bool Keep(FileStream journal, long end)
    {
        if (_keptUntil - end > JournalReserve.Bytes * 3 / 4) return true;
        if (!disk.TryKeep(journal.SafeFileHandle, end)) return false;
        _keptUntil = end + JournalReserve.Bytes;
        return true;
    }

    private ChainEnd Serialize(IReadOnlyList<PendingEntry> batch, List<EntryNumbers> numbers)
    {
        _output.ResetWrittenCount();
        numbers.Clear();
        _end.Hash.CopyTo(_hash, 0);
        var end = _end;
        var trusted = clockTrusted();
        if (_predecessor is { } before)
            end = Add(new GapEntry(time, simulated, before.Reason, before.Count, before.Detail, before.LedgerId, before.Position), end, trusted, out _);
        foreach (var pending in batch)
        {
            try
            {
                end = Add(pending.Draft, end, trusted, out var given);
                numbers.Add(given);
            }
#pragma warning disable CA1031 // one draft's defect must not stop the ledger
            catch (Exception e)
#pragma warning restore CA1031
            {
                Refused?.Invoke(e);
                numbers.Add(default);
                end = Add(new GapEntry(time, simulated, "not-recorded", 1, $"An entry could not be written because of a defect of the program: {e.Message}"), end, trusted, out _);
            }
        }
        return end;
    }

    private ChainEnd Add(EntryDraft draft, ChainEnd end, bool trusted, out EntryNumbers numbers)
    {
        var next = end with
        {
            Entry = end.Entry + 1,
            Sequence = end.Sequence + (draft.Kind == EntryKind.Inspection ? 1 : 0),
            Position = end.Position + (draft.IsMessage ? 1 : 0),
        };
        numbers = new(next.LedgerId, next.Entry, draft.Kind == EntryKind.Inspection ? next.Sequence : 0, draft.IsMessage ? next.Position : 0, trusted);
        _serializer.Append(draft, numbers, _hash, _output);
        return next;
    }

    private void Commit(ChainEnd end)
    {
        _end = end with { Hash = _hash.AsSpan().ToArray() };
        _predecessor = null;
        _file!.Limit += _output.WrittenCount;
        if (_inCatalog) return;
        catalog.Add(_file);
        _inCatalog = true;
    }

    /// <summary>Gives the file up: nobody knows what of it reached the disk.</summary>
    private void Abandon()
    {
        var (file, durable) = (_file, _file?.Limit ?? 0);
        (_file, _noNewDay) = (null, null);
        _keptUntil = 0;
        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // It failed already; what it held is written anew.
            _stream = null;
        }
        _stream = null;
        if (file is not null) CutBack(file, durable, _end.Position);
        if (_end.Entry > 0)
        {
            _predecessor = _isGone
                ? new(_end.LedgerId, _end.Position, "tail-lost", null, "The journal was removed while the station wrote to it. What receivers have of it stays true; what they had not fetched when the station ends is lost.")
                : new(_end.LedgerId, _end.Position, "write-failed", 0, "A write to the journal failed. What was not durable then follows in this chain; if the station ended before that, a gap 'power-lost' says so.");
        }
        _end = ChainEnd.New(time, _end.LedgerId);
    }

    // Only tidying: readers are told by the next chain's first entry where this one ends.
    private static void CutBack(JournalFile file, long durable, long position)
    {
        try
        {
            if (durable == 0)
            {
                File.Delete(file.Path);
                return;
            }
            using var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.SetLength(handle, durable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file.MaxPosition = position;
        }
    }
}
