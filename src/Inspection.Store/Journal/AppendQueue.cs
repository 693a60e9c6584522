using Inspection.Core;

namespace Inspection.Store;

/// <summary>A draft on its way.</summary>
/// <param name="Draft">The draft.</param>
/// <param name="Since">When it came, monotonic.</param>
/// <param name="Picture">Its picture under way; null when none is.</param>
internal readonly record struct PendingEntry(EntryDraft Draft, long Since, PictureJob? Picture);

/// <summary>
/// The bounded way from whoever records to the writer thread: a ring under one monitor, because adding must neither
/// wait nor allocate. What the writer holds and has not yet made durable counts as waiting too.
/// </summary>
internal sealed class AppendQueue(int capacity, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly PendingEntry[] _ring = new PendingEntry[capacity];
    private int _head;
    private int _count;
    private int _held;
    private long _oldestHeld = long.MaxValue;
    private bool _closed;
    private bool _woken;

    /// <summary>True when no more is taken.</summary>
    public bool Closed
    {
        get
        {
            lock (_gate) return _closed;
        }
    }

    /// <summary>Adds a draft and begins its picture.</summary>
    public bool TryAdd(EntryDraft draft, PictureWorkers pictures)
    {
        lock (_gate)
        {
            if (_closed || _count + _held >= capacity) return false;
            var job = draft.Picture is { Frame: not null } ? pictures.TryBegin(draft) : null;
            _ring[(_head + _count) % capacity] = new(draft, time.GetTimestamp(), job);
            _count++;
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Hands over what waits, for the writer to hold.</summary>
    /// <param name="into">Takes the drafts.</param>
    /// <param name="max">At most so many.</param>
    /// <param name="wait">How long to wait when there is none.</param>
    public void Take(List<PendingEntry> into, int max, TimeSpan wait)
    {
        lock (_gate)
        {
            if (_count == 0 && !_closed && !_woken) Monitor.Wait(_gate, wait);
            _woken = false;
            if (_count > 0) _oldestHeld = Math.Min(_oldestHeld, _ring[_head].Since);
            for (var n = Math.Min(_count, max); n > 0; n--)
            {
                into.Add(_ring[_head]);
                _ring[_head] = default;
                _head = (_head + 1) % capacity;
                _count--;
                _held++;
            }
        }
    }

    /// <summary>The writer holds no more than these.</summary>
    public void Hold(IReadOnlyList<PendingEntry> still)
    {
        var oldest = long.MaxValue;
        for (var i = 0; i < still.Count; i++) oldest = Math.Min(oldest, still[i].Since);
        lock (_gate) (_held, _oldestHeld) = (still.Count, oldest);
    }

    /// <summary>Has the writer look at what it holds.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes no more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Entries that are not durable, and the age of the oldest.</summary>
    public (int Count, TimeSpan Oldest) Waiting()
    {
        lock (_gate)
        {
            var oldest = _count > 0 ? Math.Min(_oldestHeld, _ring[_head].Since) : _oldestHeld;
            return (_count + _held, oldest == long.MaxValue ? TimeSpan.Zero : time.GetElapsedTime(oldest));
        }
    }
}
