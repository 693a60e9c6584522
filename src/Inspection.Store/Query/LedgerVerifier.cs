using Inspection.Core;

namespace Inspection.Store;

/// <summary>Walks journals oldest first and stops at the first bad place.</summary>
/// <param name="visit">Takes each entry that counts, once it was found to be as it was written; null where nobody looks.</param>
internal sealed class LedgerVerifier(Action<LedgerRow>? visit = null)
{
    private readonly List<string> _notes = [];
    private long _entries;
    private long _entry;
    private long _position;
    private long _sequence;
    private byte[] _hash = [];

    public LedgerVerification Walk(IReadOnlyList<JournalFile> files)
    {
        for (var i = 0; i < files.Count; i++)
        {
            var isFirstOfChain = i == 0 || files[i - 1].Name.LedgerId != files[i].Name.LedgerId;
            var isLastOfChain = i == files.Count - 1 || files[i + 1].Name.LedgerId != files[i].Name.LedgerId;
            if (isFirstOfChain) (_entry, _position, _sequence, _hash) = (0, 0, 0, i == 0 ? [] : RecordFormat.NoHash());
            if (WalkFile(files[i], oldest: i == 0, isLastOfChain) is { } bad) return new(i + 1, _entries, bad, _notes);
        }
        return new(files.Count, _entries, null, _notes);
    }

    private BadPlace? WalkFile(JournalFile file, bool oldest, bool isLastOfChain)
    {
        var name = Path.GetFileName(file.Path);
        using var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var reader = new RecordReader(handle);
        var superseded = false;
        reader.Seek(0, file.Limit);
        while (true)
        {
            var state = reader.Read(out var bytes);
            if (state == RecordState.End) return null;
            var (offset, left) = (reader.Offset, file.Limit - reader.Offset);
            if (isLastOfChain && JournalRecovery.IsTorn(handle, reader, state, offset, file.Limit, _hash))
            {
                _notes.Add($"{name} ends with an incomplete record of {left} bytes: it is being written, or was cut off by a stop and never acknowledged.");
                return null;
            }
            Envelope envelope = default;
            var problem = state switch
            {
                RecordState.Whole => Check(file, bytes, oldest, out envelope),
                RecordState.Incomplete => $"a record would be longer than the {left} bytes that are left, although it was not cut off: its length was changed, or the chain goes on in another file",
                RecordState.Corrupt => "the checksum does not fit: the bytes were changed after they were written",
                _ => "no record begins here: its length is impossible",
            };
            if (problem is not null) return new(name, offset, _entry + 1, problem);
            _entries++;
            // From here on the next chain has these entries anew.
            superseded |= envelope.Position > file.MaxPosition;
            if (!superseded) visit?.Invoke(PagedQuery.Row(file, envelope, JournalFile.Body(bytes, envelope)));
        }
    }

    private string? Check(JournalFile file, ReadOnlySpan<byte> bytes, bool oldest, out Envelope envelope)
    {
        if (!Envelope.TryRead(bytes, out envelope)) return "it is no entry";
        if (envelope.IsNewer) throw JournalFile.Newer(file.Path, envelope);
        var body = bytes.Slice(envelope.BodyOffset, envelope.BodyLength);
        var forgotten = oldest && _entry == 0 && envelope.Entry > 1;
        if (forgotten)
        {
            _notes.Add($"The chain {file.Name.LedgerId} is kept from entry {envelope.Entry} on; what was before has been forgotten.");
            (_entry, _hash) = (envelope.Entry - 1, []);
        }
        else if (_entry == 0)
        {
            _hash = RecordFormat.NoHash();
        }
        if (envelope.Entry != _entry + 1) return $"found entry {envelope.Entry}, expected {_entry + 1}";
        if (RecordFormat.ChainProblem(bytes, _hash) is { } broken) return broken;
        if (CheckNumbers(envelope, body, file.Name.LedgerId) is { } wrong) return wrong;
        _entry = envelope.Entry;
        _hash = RecordFormat.HashOf(bytes).ToArray();
        return null;
    }

    private string? CheckNumbers(in Envelope envelope, ReadOnlySpan<byte> body, Guid chain)
    {
        if (Envelope.BodyText(body, "ledgerId"u8) is { } id && id != chain.ToString()) return $"the body belongs to the chain {id}";
        var isMessage = envelope.Kind is not (EntryKind.Command or EntryKind.Audit);
        if (isMessage)
        {
            if (_position > 0 && envelope.Position != _position + 1) return $"found position {envelope.Position}, expected {_position + 1}";
            _position = envelope.Position;
        }
        else if (envelope.Position != 0)
        {
            return "an entry that is no message has a position";
        }
        if (envelope.Kind != EntryKind.Inspection) return null;
        var sequence = Envelope.BodyNumber(body, "sequence"u8);
        if (_sequence > 0 && sequence != _sequence + 1) return $"found sequence {sequence}, expected {_sequence + 1}";
        _sequence = sequence;
        return null;
    }
}
