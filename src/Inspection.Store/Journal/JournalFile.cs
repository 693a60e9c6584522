using Inspection.Core;
using Microsoft.Win32.SafeHandles;

namespace Inspection.Store;

/// <summary>One journal, for reading. Thread-safe; finds a message through marks that are made as it is read.</summary>
internal sealed class JournalFile(string path, JournalName name, long limit) : IDisposable
{
    /// <summary>One message in so many has a mark; a mark takes 16 bytes, for as long as the journal is kept.</summary>
    private const int Stride = 64;

    private readonly Lock _gate = new();
    private readonly List<(long Position, long Offset)> _marks = [];
    private SafeFileHandle? _handle;
    private RecordReader? _reader;
    private bool _disposed;
    private long _scanned;
    private long _first;
    private long _last;
    private long _limit = limit;

    public string Path => path;

    public JournalName Name => name;

    /// <summary>Bytes that are durable; the writer moves it after fsync.</summary>
    public long Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    /// <summary>Messages after this one were written again under the next chain and are not read here.</summary>
    public long MaxPosition { get; set; } = long.MaxValue;

    /// <summary>The lowest message; 0 when there is none.</summary>
    public long First()
    {
        lock (_gate)
        {
            if (_first == 0) Walk(_scanned, (_, _, _) => _first == 0);
            return _first;
        }
    }

    /// <summary>The highest message; 0 when there is none.</summary>
    public long Last()
    {
        lock (_gate)
        {
            Walk(_scanned, (_, _, _) => true);
            return Math.Min(_last, MaxPosition);
        }
    }

    /// <summary>Adds messages from a position on.</summary>
    public void Messages(long from, int max, List<StoredMessage> into)
    {
        lock (_gate)
        {
            if (into.Count >= max || from > MaxPosition) return;
            Walk(OffsetBefore(from), (_, envelope, entry) =>
            {
                if (envelope.Position < from || envelope.Position == 0) return true;
                if (envelope.Position > MaxPosition) return false;
                into.Add(new(new(name.LedgerId, envelope.Position), envelope.Kind, envelope.At, Body(entry, envelope)));
                return into.Count < max;
            });
        }
    }

    /// <summary>Gives each entry from a place on, with that place, until the visitor returns false.</summary>
    public void Entries(long offset, EntryVisitor visit)
    {
        lock (_gate) Walk(offset, visit);
    }

    /// <summary>The body of the entry at a place; empty when the file is gone or the entry damaged.</summary>
    public ReadOnlyMemory<byte> BodyAt(long offset)
    {
        ReadOnlyMemory<byte> body = default;
        Entries(offset, (at, envelope, entry) =>
        {
            if (at == offset) body = Body(entry, envelope);
            return false;
        });
        return body;
    }

    public static byte[] Body(ReadOnlySpan<byte> entry, in Envelope envelope) => entry.Slice(envelope.BodyOffset, envelope.BodyLength).ToArray();

    /// <summary>What stops reading at an entry of a newer program.</summary>
    public static NewerEntryException Newer(string path, in Envelope envelope)
        => new(StoredSchema.NewerMessage($"Entry {envelope.Entry} in '{path}'", envelope.Schema, MessageSchema.Current, DataFolder.OfLedger(path)));

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _handle?.Dispose();
        }
    }

    // A damaged record is passed over here: it is the verifier's and the opening's to tell of.
    private void Walk(long offset, EntryVisitor visit)
    {
        if (Reader() is not { } reader) return;
        reader.Seek(offset, Limit);
        while (true)
        {
            var state = reader.Read(out var entry);
            if (state is RecordState.End or RecordState.Incomplete or RecordState.Lost) return;
            var read = Envelope.TryRead(entry, out var envelope);
            if (read && envelope.IsNewer) throw Newer(path, envelope);
            if (reader.Offset >= _scanned) Note(read ? envelope.Position : 0, reader.Offset, reader.Next);
            if (read && !visit(reader.Offset, envelope, entry)) return;
        }
    }

    private void Note(long position, long offset, long next)
    {
        _scanned = next;
        if (position == 0) return;
        if (_first == 0) _first = position;
        _last = position;
        if (_marks.Count == 0 || position >= _marks[^1].Position + Stride) _marks.Add((position, offset));
    }

    private long OffsetBefore(long position)
    {
        if (position > _last) return _scanned;
        var (low, high) = (0, _marks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_marks[middle].Position <= position) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? 0 : _marks[low - 1].Offset;
    }

    private RecordReader? Reader()
    {
        if (_disposed || _reader is not null) return _disposed ? null : _reader;
        try
        {
            _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        return _reader = new RecordReader(_handle);
    }
}

/// <summary>Looks at an entry; its bytes are good only during the call.</summary>
/// <returns>False to stop.</returns>
internal delegate bool EntryVisitor(long offset, Envelope envelope, ReadOnlySpan<byte> entry);
