using System.Buffers;
using System.Text.Json;
using Inspection.Core;

namespace Inspection.Testing;

/// <summary>A ledger in memory: durable at once, or when the test says so.</summary>
public sealed class MemoryLedger(TimeProvider time) : ILedger
{
    private readonly Lock _gate = new();
    private readonly Guid _id = Identifiers.New(time);
    private readonly List<StoredMessage> _messages = [];
    private readonly List<EntryDraft> _held = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _entry;
    private long _sequence;

    /// <summary>While true nothing becomes durable.</summary>
    public bool Holds { get; set; }

    /// <summary>While true nothing is taken.</summary>
    public bool Full { get; set; }

    public LedgerHealth Health { get; set; }

    public CursorTable Cursors { get; } = new();

    public LedgerPosition Last
    {
        get
        {
            lock (_gate) return new(_id, _messages.Count);
        }
    }

    /// <summary>The bodies of a kind, parsed.</summary>
    public IReadOnlyList<JsonElement> Bodies(EntryKind kind)
    {
        lock (_gate) return [.. _messages.Where(m => m.Kind == kind).Select(m => JsonElement.Parse(m.Body.Span))];
    }

    public bool TryAppend(EntryDraft draft)
    {
        lock (_gate)
        {
            if (Full) return false;
            if (Holds) _held.Add(draft);
            else Commit(draft);
            return true;
        }
    }

    /// <summary>Makes durable what was held.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            foreach (var draft in _held) Commit(draft);
            _held.Clear();
        }
    }

    public IReadOnlyList<StoredMessage> ReadAfter(LedgerPosition? cursor, int max)
    {
        lock (_gate) return [.. _messages.Skip((int)(cursor?.Position ?? 0)).Take(max)];
    }

    public long CountAfter(LedgerPosition? cursor)
    {
        lock (_gate) return _messages.Count - (cursor?.Position ?? 0);
    }

    public async Task WaitAfterAsync(LedgerPosition last, CancellationToken stop)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_messages.Count > last.Position) return;
                more = _more.Task;
            }
            await more.WaitAsync(stop);
        }
    }

    private void Commit(EntryDraft draft)
    {
        if (draft.Picture is { Frame: not null } picture)
        {
            picture.Stored("test.jpg", new string('0', 64), 1);
            picture.ReleaseFrame();
        }
        var numbers = new EntryNumbers(
            _id, ++_entry, draft.Kind == EntryKind.Inspection ? ++_sequence : 0, draft.IsMessage ? _messages.Count + 1 : 0, true);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) draft.WriteBody(json, numbers);
        if (draft.IsMessage) _messages.Add(new StoredMessage(new(_id, numbers.Position), draft.Kind, draft.At, buffer.WrittenMemory));
        draft.OnDurable(numbers);
        draft.Release();
        var more = _more;
        _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        more.SetResult();
    }
}
