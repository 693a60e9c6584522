namespace Inspection.Core;

/// <content>The gate: parts are carried from the camera to it by the belt's encoder.</content>
public sealed partial class Interlock
{
    private readonly PartTracker _tracker;
    private bool _gateOpen;
    private long _lastBelt;

    /// <summary>Takes what became of each part, where there is a gate. Called under the lock; must return at once and not throw.</summary>
    public Action<PartDisposition> Disposed { get; init; } = static _ => { };

    /// <summary>Whether an eye at the gate is wired, so that every part must be seen there.</summary>
    public bool EyeAtGate { get; init; }

    /// <summary>
    /// What encoder and eyes saw, in the order of their time stamps, and nothing missing up to a moment: moves the gate,
    /// and trips where parts are not where they must be. Called every few milliseconds by one thread; where it stays away
    /// for 100 ms while energised, tracking is lost.
    /// </summary>
    /// <param name="until">Monotonic time up to which nothing is missing; no time stamp is later.</param>
    /// <param name="ticks">Of the encoder.</param>
    /// <param name="lost">Edges of the encoder that were lost.</param>
    /// <param name="atGate">Parts that came to the eye at the gate.</param>
    /// <param name="inBin">Parts that came to the eye of the bin.</param>
    public void SeeBelt(long until, ReadOnlySpan<long> ticks, int lost, ReadOnlySpan<long> atGate, ReadOnlySpan<long> inBin)
    {
        lock (_gate)
        {
            if (_mode != OutputMode.Gate) return;
            _lastBelt = _time.GetTimestamp();
            var fault = _tracker.Advance(until, UseOfGate, _bypass is not null, ticks, lost, atGate, inBin);
            for (var i = 0; i < _tracker.Unexpected; i++) _bypass?.Count(_time.GetUtcNow());
            Track(fault);
        }
    }

    /// <summary>A named person has looked and says that there is no part between camera and gate. Only while de-energised.</summary>
    /// <returns>Null when it counts, else why not.</returns>
    public Failure? ConfirmZoneEmpty(Who who)
    {
        lock (_gate)
        {
            if (!who.IsPerson) return new("not-a-person", "Only a signed-in person can say that the belt is empty.");
            if (_mode != OutputMode.Gate) return new("no-gate", "This recipe has no gate.");
            if (Energized) return new("zone-moves", "Stop first: while the line may run nobody can say that the belt is empty.");
            if (!_tracker.ZoneUnknown) return new("zone-known", "The belt between camera and gate is known to be empty.");
            _tracker.ConfirmEmpty(who);
            Publish();
            return null;
        }
    }

    /// <summary>An input of the bin or of the gate's air came or went; trips where the recipe says so.</summary>
    public void SetGateInput(TripCause cause, bool present, string detail)
    {
        lock (_gate) SetConditionLocked(cause, present && _gateRules?.ResponseTo(cause) == BinResponse.Trip, detail);
    }

    /// <summary>The inspection of a part is durable, whatever its verdict.</summary>
    /// <param name="triggered">Monotonic time of its trigger.</param>
    /// <param name="number">Its number, for what is told of the part later.</param>
    public void Recorded(long triggered, InspectionNumber number)
    {
        lock (_gate) _tracker.Recorded(triggered, number);
    }

    /// <summary>A person has overruled a part to Reject: where it has not come to the gate yet, it is diverted. Nothing takes that back.</summary>
    /// <param name="number">The number of its inspection.</param>
    /// <returns>False where it has come to the gate, or where it is, is not known, or there is no gate.</returns>
    public bool Withdraw(InspectionNumber number)
    {
        lock (_gate) return _tracker.Withdraw(number);
    }

    /// <summary>The station ends: parts that are still on the belt are told as unknown.</summary>
    public void ForgetParts()
    {
        lock (_gate) _tracker.End();
    }

    private GateUse UseOfGate => _drive.SelfTest.UnderWay ? GateUse.Divert
        : _state == InterlockState.Running ? GateUse.Permit
        : _bypass is { Bypass.LetThrough: true } ? GateUse.LetThrough
        : GateUse.Divert;

    /// <summary>Acts on what tracking found, and brings the gate to where it is to be.</summary>
    private void Track(TrackingFault? fault)
    {
        if (fault is { } wrong) TripLocked(wrong.Cause, wrong.Detail, Who.Station);
        if (_tracker.ZoneUnknown != _snapshot.ZoneUnknown) Publish();
        if (_stopping is { } stop && _tracker.ZoneIsEmptyOf(stop.Since)) ZoneLeft();
        var open = _tracker.Open && Energized;
        if (open == _gateOpen || !Done(_drive.Set(PlantLine.Gate, open))) return;
        _gateOpen = open;
    }

    /// <summary>A belt that nobody reads any more could leave the gate open.</summary>
    private void LookAtBelt(long now)
    {
        if (_mode == OutputMode.Gate && Energized && _time.GetElapsedTime(_lastBelt, now) > InterlockOptions.BeatLimit)
            TripLocked(TripCause.TrackingLost, $"the encoder was not read for {_time.GetElapsedTime(_lastBelt, now).TotalMilliseconds:F0} ms", Who.Station);
    }
}
