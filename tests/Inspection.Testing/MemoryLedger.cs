using System.Buffers;
using System.Text.Json;
using Inspection.Core;

namespace Inspection.Testing;

/// <summary>A ledger in memory: durable at once, or when the test says so.</summary>
public sealed class MemoryLedger(TimeProvider time) : ILedger
{
    private readonly Lock _gate = new();
    private readonly List<Guid> _chains = [Identifiers.New(time)];
    private readonly List<StoredMessage> _messages = [];
    private readonly List<JsonElement> _others = [];
    private readonly List<EntryDraft> _held = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _entry;
    private long _sequence;
    private long _position;

    /// <summary>While true nothing becomes durable.</summary>
    public bool Holds { get; set; }

    /// <summary>While true nothing is taken.</summary>
    public bool Full { get; set; }

    /// <summary>Called with each draft that is taken.</summary>
    public Action<EntryDraft>? Taken { get; set; }

    public LedgerHealth Health { get; set; }

    public CursorTable Cursors { get; } = new();

    public LedgerPosition Last
    {
        get
        {
            lock (_gate) return new(_chains[^1], _position);
        }
    }

    /// <summary>The bodies of a kind, parsed.</summary>
    public IReadOnlyList<JsonElement> Bodies(EntryKind kind)
    {
        lock (_gate) return [.. _messages.Where(m => m.Kind == kind).Select(m => JsonElement.Parse(m.Body.Span))];
    }

    /// <summary>The details of the audit entries of an action.</summary>
    public IReadOnlyList<string> Audits(string action)
    {
        lock (_gate) return [.. _others.Where(e => e.TryGetProperty("action", out var a) && a.GetString() == action).Select(e => e.GetProperty("detail").GetString()!)];
    }

    /// <summary>The outcomes of the command entries of a command, or another member of them.</summary>
    public IReadOnlyList<string> Commands(string command, string member = "outcome")
    {
        lock (_gate) return [.. _others.Where(e => e.TryGetProperty("command", out var c) && c.GetString() == command).Select(e => e.GetProperty(member).GetString()!)];
    }

    public bool TryAppend(EntryDraft draft)
    {
        lock (_gate)
        {
            if (Full) return false;
            Taken?.Invoke(draft);
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

    /// <summary>Retention: the oldest messages are no longer kept.</summary>
    public void ForgetOldest(int count)
    {
        lock (_gate) _messages.RemoveRange(0, count);
    }

    /// <summary>What comes now has a new ledgerId, as after a restore.</summary>
    public void BeginChain()
    {
        lock (_gate)
        {
            _chains.Add(Identifiers.New(time));
            (_entry, _sequence, _position) = (0, 0, 0);
        }
    }

    public IReadOnlyList<StoredMessage> ReadAfter(LedgerPosition? cursor, int max)
    {
        lock (_gate) return [.. _messages.Skip(IndexAfter(cursor)).Take(max)];
    }

    public long CountAfter(LedgerPosition? cursor)
    {
        lock (_gate) return _messages.Count - IndexAfter(cursor);
    }

    public async Task WaitAfterAsync(LedgerPosition last, CancellationToken stop)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_messages.Count > IndexAfter(last)) return;
                more = _more.Task;
            }
            await more.WaitAsync(stop);
        }
    }

    /// <summary>The place of the first message after a cursor: in its chain or a later one.</summary>
    private int IndexAfter(LedgerPosition? cursor)
    {
        if (cursor is not { } at) return 0;
        var chain = _chains.IndexOf(at.LedgerId);
        var index = _messages.FindLastIndex(m => _chains.IndexOf(m.At.LedgerId) is var c && (c < chain || (c == chain && m.At.Position <= at.Position)));
        return index + 1;
    }

    private void Commit(EntryDraft draft)
    {
        if (draft.Picture is { Frame: not null } picture)
        {
            picture.Stored("test.jpg", new string('0', 64), 1);
            picture.ReleaseFrame();
        }
        var numbers = new EntryNumbers(
            _chains[^1], ++_entry, draft.Kind == EntryKind.Inspection ? ++_sequence : 0, draft.IsMessage ? ++_position : 0, true);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) draft.WriteBody(json, numbers);
        if (draft.IsMessage) _messages.Add(new StoredMessage(new(numbers.LedgerId, numbers.Position), draft.Kind, draft.At, buffer.WrittenMemory));
        else _others.Add(JsonElement.Parse(buffer.WrittenSpan));
        draft.OnDurable(numbers);
        draft.Release();
        var more = _more;
        _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        more.SetResult();
    }
}
