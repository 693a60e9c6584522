namespace Inspection.Gpio;

/// <summary>What can be wrong with a relay.</summary>
public enum RelayDefect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its contacts stay closed, whatever the coil does.</summary>
    Welded,

    /// <summary>Its coil is broken: the contacts never close.</summary>
    Open,
}

/// <summary>The watchdog circuit, the coil and the contacts of a simulated relay. No lock of its own; allocates nothing.</summary>
/// <param name="time">The clock.</param>
public sealed class SimulatedRelay(TimeProvider time)
{
    /// <summary>
    /// The watchdog circuit lets the relay drop so long after the last heartbeat edge: the slower of the two nominal
    /// drop-outs of the circuit in <c>hardware/</c> (142 ms stuck high, 190 ms stuck low).
    /// </summary>
    public static readonly TimeSpan WatchdogHold = TimeSpan.FromMilliseconds(190);

    /// <summary>The contacts follow the coil so long after.</summary>
    public static readonly TimeSpan ContactDelay = TimeSpan.FromMilliseconds(10);

    private readonly long _hold = (long)(WatchdogHold.TotalSeconds * time.TimestampFrequency);
    private readonly long _delay = (long)(ContactDelay.TotalSeconds * time.TimestampFrequency);
    private bool _permitted;
    private bool _beating;
    private long _lastEdge;
    private bool _coil;
    private long _coilSince;
    private bool _contactBefore;

    /// <summary>What is wrong with it.</summary>
    public RelayDefect Defect { get; set; }

    /// <summary>Whether the watchdog circuit lets current through.</summary>
    public bool IsBeating() => _beating && time.GetTimestamp() - _lastEdge < _hold;

    /// <summary>Whether the contacts are closed.</summary>
    public bool IsClosed()
    {
        Settle();
        return Defect switch
        {
            RelayDefect.Welded => true,
            RelayDefect.Open => false,
            _ => Contact(time.GetTimestamp()),
        };
    }

    /// <summary>An edge of the heartbeat.</summary>
    public void Edge()
    {
        Settle();
        (_beating, _lastEdge) = (true, time.GetTimestamp());
    }

    /// <summary>Whether everything else in the coil's path leads.</summary>
    public void Drive(bool permitted)
    {
        Settle();
        _permitted = permitted;
        Settle();
    }

    /// <summary>Follows what happened since the last look; the circuit's drop-out lies between two looks.</summary>
    private void Settle()
    {
        var coil = _permitted && IsBeating();
        if (coil == _coil) return;
        var now = time.GetTimestamp();
        var since = _coil && _permitted ? Math.Min(now, _lastEdge + _hold) : now;
        (_contactBefore, _coil, _coilSince) = (Contact(since), coil, since);
    }

    private bool Contact(long now) => now - _coilSince >= _delay ? _coil : _contactBefore;
}
