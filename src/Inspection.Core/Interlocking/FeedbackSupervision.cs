namespace Inspection.Core;

/// <summary>
/// Compares the relay's mirror contact with what its two outputs ask of it. Knows no I/O and has no lock; called under
/// the interlock's. Looking allocates nothing while all is well.
/// </summary>
/// <param name="time">Its monotonic time counts every limit.</param>
internal sealed class FeedbackSupervision(TimeProvider time)
{
    /// <summary>The contact must read as dropped so long after <c>relay-enable</c> fell.</summary>
    public static readonly TimeSpan DropLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>It must have dropped so long after the last beat, and pulled in so long after the first.</summary>
    public static readonly TimeSpan BeatLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>The stop switch and the e-stop must have read as closed for so long before an open relay is the relay's fault.</summary>
    public static readonly TimeSpan ClosedLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>Both are read once more so long after the contact dropped: pressing one drops it too, and is no fault.</summary>
    public static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(50);

    private readonly long[] _closedSince = new long[2];
    private readonly long[] _readClosed = new long[2];
    private bool _enabled;
    private long _enabledSince;
    private long _lowSince = time.GetTimestamp();
    private long _pullingSince;
    private long _lastEdge;
    private long _droppedSince;
    private bool _wasIn;
    private bool _told;

    /// <summary>Monotonic time of the last beat; 0 before the first.</summary>
    public long LastEdge => _lastEdge;

    /// <summary>Monotonic time of the pull-in's first beat; 0 before it.</summary>
    public long PullingSince => _pullingSince;

    /// <summary><c>relay-enable</c> was written.</summary>
    public void Written(bool enabled, long now)
    {
        if (enabled == _enabled) return;
        _enabled = enabled;
        if (enabled) _enabledSince = now;
        else _lowSince = now;
        PullInAnew();
    }

    /// <summary>A beat was given.</summary>
    public void Edge(long now)
    {
        if (_pullingSince == 0) _pullingSince = now;
        _lastEdge = now;
    }

    /// <summary>The next beat begins a pull-in.</summary>
    public void PullInAnew() => (_pullingSince, _wasIn, _told) = (0, false, false);

    /// <summary>The stop switch or the e-stop was read.</summary>
    /// <param name="which">0 for one of them, 1 for the other.</param>
    /// <param name="closed">Whether it is closed, so not pressed.</param>
    /// <param name="now">Monotonic time.</param>
    public void SwitchRead(int which, bool closed, long now)
    {
        if (!closed) _closedSince[which] = 0;
        else if (_closedSince[which] == 0) _closedSince[which] = now;
        if (closed) _readClosed[which] = now;
    }

    /// <summary>Takes a reading of the contact.</summary>
    /// <returns>What is wrong, told once until it agrees again; null while it agrees or may not be judged.</returns>
    public string? See(bool pulledIn, long now)
    {
        var wrong = pulledIn ? SeePulledIn(now) : SeeDropped(now);
        if (wrong is null || _told) return null;
        _told = true;
        return wrong;
    }

    /// <summary>Whether the contact permits a beat: it has pulled in, or still has time to.</summary>
    public bool Agrees(long now) => _droppedSince == 0 || _pullingSince == 0 || (!_wasIn && time.GetElapsedTime(_pullingSince, now) <= BeatLimit);

    /// <summary>Whether it has read as dropped with both outputs low for at least so long.</summary>
    public bool DroppedFor(TimeSpan duration, long now)
        => !_enabled && _droppedSince != 0 && time.GetElapsedTime(Math.Max(_droppedSince, _lowSince), now) >= duration;

    private string? SeePulledIn(long now)
    {
        _droppedSince = 0;
        if (_enabled) _wasIn = true;
        if (!_enabled && time.GetElapsedTime(_lowSince, now) > DropLimit)
            return $"the relay still reads as pulled in {time.GetElapsedTime(_lowSince, now).TotalMilliseconds:F0} ms after relay-enable fell: its contact is welded, or the feedback's wire is cut";
        if (_enabled && time.GetElapsedTime(Math.Max(_lastEdge, _enabledSince), now) > BeatLimit)
            return $"the relay still reads as pulled in {time.GetElapsedTime(Math.Max(_lastEdge, _enabledSince), now).TotalMilliseconds:F0} ms after the last beat: its contact is welded, or the watchdog circuit does not drop";
        return null;
    }

    private string? SeeDropped(long now)
    {
        if (_droppedSince == 0) _droppedSince = now;
        if (!_enabled)
        {
            _told = false;
            return null;
        }
        if (_pullingSince == 0 || !SwitchesClosed(now)) return null;
        if (!_wasIn)
            return time.GetElapsedTime(_pullingSince, now) > BeatLimit ? $"the relay did not pull in within {BeatLimit.TotalMilliseconds:F0} ms of the first beat" : null;
        foreach (var read in _readClosed)
            if (read < _droppedSince || time.GetElapsedTime(_droppedSince, read) < SecondLook) return null;
        return "the relay dropped though it was energised and both switches are closed";
    }

    private bool SwitchesClosed(long now)
    {
        foreach (var since in _closedSince)
            if (since == 0 || time.GetElapsedTime(since, now) < ClosedLimit) return false;
        return true;
    }
}
