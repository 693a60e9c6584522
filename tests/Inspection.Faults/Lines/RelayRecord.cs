using Inspection.Gpio;

namespace Inspection.Faults;

/// <summary>
/// What the relay's contact did in the worst case of <c>hardware/circuit/results.md</c>, as it follows from the changes
/// of the two outputs alone. Any edge with <c>relay-enable</c> high counts as closing it, so nothing is glossed over.
/// </summary>
internal sealed class RelayRecord
{
    /// <summary>From the last edge of the heartbeat to the open contact, slowest of 240 corners of the circuit.</summary>
    public const long DropOut = 347 * Nanoseconds.PerMillisecond;

    /// <summary>From the fall of <c>relay-enable</c> to the open contact, slowest of the same corners.</summary>
    public const long Release = 42 * Nanoseconds.PerMillisecond;

    private readonly Lock _gate = new();
    private readonly List<(long At, bool Closed)> _contact = [(0, false)];
    private readonly Dictionary<string, bool> _levels = [];
    private bool _enabled;
    private long _lastEdge;
    private long _opens = long.MaxValue;

    /// <summary>Takes a change; they come in the order of their time.</summary>
    public void Add(LineChange change)
    {
        lock (_gate)
        {
            Settle(change.At);
            _levels[change.Line] = change.High;
            if (change.Line == LineNames.RelayEnable)
            {
                _enabled = change.High;
                if (!_enabled) _opens = Math.Min(_opens, change.At + Release);
            }
            if (change.Line != LineNames.Heartbeat) return;
            _lastEdge = change.At;
            if (!_enabled) return;
            if (!_contact[^1].Closed) _contact.Add((change.At, true));
            _opens = change.At + DropOut;
        }
    }

    /// <summary>Whether the contact is closed now.</summary>
    public bool IsClosed(long now)
    {
        lock (_gate)
        {
            Settle(now);
            return _contact[^1].Closed;
        }
    }

    /// <summary>The level of any output as it was last seen.</summary>
    public bool Level(string line)
    {
        lock (_gate) return _levels.GetValueOrDefault(line);
    }

    /// <summary>When the contact first opened after a moment; null while it has not. At once where it was open already.</summary>
    public long? OpenedAt(long from, long now)
    {
        lock (_gate)
        {
            Settle(now);
            var before = _contact.FindLastIndex(c => c.At <= from);
            if (!_contact[before].Closed) return from;
            return before + 1 < _contact.Count ? _contact[before + 1].At : null;
        }
    }

    /// <summary>Whether the contact closed at any time after a moment.</summary>
    public bool ClosedAfter(long at, long now)
    {
        lock (_gate)
        {
            Settle(now);
            return _contact.Exists(c => c.At > at && c.Closed);
        }
    }

    /// <summary>Time of the last edge of the heartbeat; 0 before the first.</summary>
    public long LastEdge
    {
        get
        {
            lock (_gate) return _lastEdge;
        }
    }

    private void Settle(long now)
    {
        if (_opens > now) return;
        if (_contact[^1].Closed) _contact.Add((_opens, false));
        _opens = long.MaxValue;
    }
}
