namespace Inspection.Core;

/// <content>The stop of category 1: nothing new is permitted, the part in the zone leaves, then the relay opens.</content>
public sealed partial class Interlock
{
    private StopUnderWay? _stopping;

    /// <summary>
    /// Whether a part may still be permitted: Running, the relay tested, and no stop begun before its trigger. Takes no lock.
    /// </summary>
    /// <param name="triggered">Monotonic time of its trigger.</param>
    public bool MayPermit(long triggered)
        => Snapshot is { State: InterlockState.Running, SelfTesting: false } now && (now.StoppingSince is not { } since || triggered < since);

    /// <summary>The parts between camera and gate have all left, so a stop that waits for them is done.</summary>
    public void ZoneLeft()
    {
        lock (_gate)
        {
            if (_stopping is not null) EndStopping("the zone is empty");
        }
    }

    /// <summary>Begins the stop, unless the recipe, the cause or the state asks for one at once.</summary>
    /// <param name="cause">What trips; null for a person's Stop.</param>
    /// <param name="detail">For a person.</param>
    /// <param name="who">Who or what asked.</param>
    /// <returns>False where the relay must open at once.</returns>
    private bool LetRunOut(TripCause? cause, string detail, Who who)
    {
        if (_stop.Category != 1 || _state != InterlockState.Running || (cause is { } c && !TripCauses.MayRunOut(c))) return false;
        if (cause is { } tripped && !_trips.Exists(t => t.Cause == tripped)) _trips.Add(new Trip(tripped, detail, _time.GetUtcNow()));
        if (_stopping is null)
        {
            _stopping = new StopUnderWay(detail, who, _time.GetTimestamp());
            Publish();
            _report(new InterlockTransition(
                _state, _state, cause, $"stops once the zone is empty, within {_stop.RunOut.TotalMilliseconds:F0} ms: {detail}", who, ResetAnswer.None, _time.GetUtcNow()));
        }
        else Publish();
        return true;
    }

    /// <summary>Opens the relay: Tripped where a cause came, else Stopped.</summary>
    private void EndStopping(string why)
    {
        var stop = _stopping!;
        if (!Done(_drive.DeEnergize())) return;
        var first = _trips.FirstOrDefault();
        if (first is null) Enter(InterlockState.Stopped, null, $"{stop.Detail}; {why}", stop.Who, ResetAnswer.None);
        else Enter(InterlockState.Tripped, first.Cause, $"{first.Detail}; {why}", stop.Who, ResetAnswer.None);
    }

    private sealed record StopUnderWay(string Detail, Who Who, long Since);
}
