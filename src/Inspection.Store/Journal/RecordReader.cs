using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Inspection.Store;

/// <summary>What stands at a place in a journal.</summary>
internal enum RecordState
{
    /// <summary>A record with a valid checksum.</summary>
    Whole,

    /// <summary>Nothing: the file ends here.</summary>
    End,

    /// <summary>The beginning of a record whose rest is missing.</summary>
    Incomplete,

    /// <summary>A record of a plausible length whose checksum does not fit; the next one can be tried.</summary>
    Corrupt,

    /// <summary>A length that no record has; nothing after it can be found.</summary>
    Lost,
}

/// <summary>Reads a journal's records one after the other. Not thread-safe.</summary>
internal sealed class RecordReader(SafeFileHandle file)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _from;
    private int _to;
    private long _limit;

    /// <summary>Where the record begins that was read last.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the next one begins.</summary>
    public long Next { get; private set; }

    /// <summary>Goes to the beginning of a record.</summary>
    /// <param name="offset">The place.</param>
    /// <param name="limit">Nothing is read from here on: what stands there may not be durable.</param>
    public void Seek(long offset, long limit)
    {
        // What is in the buffer stays good: a journal only grows.
        var shift = offset - Next;
        if (shift >= 0 && shift <= _to - _from) _from += (int)shift;
        else _from = _to = 0;
        (Next, _limit) = (offset, limit);
    }

    /// <summary>Reads the next record.</summary>
    /// <param name="entry">Its bytes, good until the next call; empty unless it is whole.</param>
    public RecordState Read(out ReadOnlySpan<byte> entry)
    {
        entry = default;
        Offset = Next;
        var left = _limit - Offset;
        if (left <= 0) return RecordState.End;
        if (left < RecordFormat.HeaderBytes || !Fill(RecordFormat.HeaderBytes)) return RecordState.Incomplete;
        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_from));
        if (length is <= 0 or > RecordFormat.MaxEntryBytes) return RecordState.Lost;
        if (left < RecordFormat.HeaderBytes + length || !Fill(RecordFormat.HeaderBytes + length)) return RecordState.Incomplete;
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_from + 4));
        var bytes = _buffer.AsSpan(_from + RecordFormat.HeaderBytes, length);
        _from += RecordFormat.HeaderBytes + length;
        Next = Offset + RecordFormat.HeaderBytes + length;
        if (RecordFormat.Checksum(bytes) != checksum) return RecordState.Corrupt;
        entry = bytes;
        return RecordState.Whole;
    }

    private bool Fill(int count)
    {
        if (_to - _from >= count) return true;
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        if (_buffer.Length < count) Array.Resize(ref _buffer, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count));
        while (_to < count)
        {
            var room = (int)Math.Min(_buffer.Length - _to, _limit - Offset - _to);
            var read = room <= 0 ? 0 : RandomAccess.Read(file, _buffer.AsSpan(_to, room), Offset + _to);
            if (read == 0) return false;
            _to += read;
        }
        return true;
    }
}
