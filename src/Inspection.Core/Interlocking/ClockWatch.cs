namespace Inspection.Core;

/// <summary>Notices a monotonic clock that stands still: with it every deadline would last for ever.</summary>
internal struct ClockWatch
{
    /// <summary>So many beats at one and the same moment are no coincidence; the clock counts nanoseconds and beats are 10 ms apart.</summary>
    public const int Limit = 5;

    private long _last;
    private int _still;

    /// <summary>Looks at the clock once a beat.</summary>
    /// <returns>True while it stands still.</returns>
    public bool StandsStill(long now)
    {
        _still = now > _last ? 0 : Math.Min(_still + 1, Limit);
        _last = now;
        return _still == Limit;
    }
}
