namespace Inspection.Core;

/// <content>The key and the bypass.</content>
public sealed partial class Interlock
{
    private readonly KeySwitch _key;
    private BypassTerm? _bypass;
    private long? _lastBypass;

    /// <summary>The key was read. It has one meaning, the permission to bypass: it neither starts nor resets.</summary>
    /// <param name="closing">The normally open contact is closed.</param>
    /// <param name="opening">The normally closed contact is open.</param>
    public void SetKey(bool closing, bool opening)
    {
        lock (_gate)
        {
            if (_key.See(closing, opening, _time.GetTimestamp()) is { } wrong) FaultLocked(TripCause.KeyChannels, wrong);
            if (_state == InterlockState.Bypassed && !_key.Turned) EndBypass("the key was turned back", Who.Anybody);
        }
    }

    /// <summary>The ledger knows of a bypass before this start; no bypass itself outlives one.</summary>
    /// <param name="age">How long ago it began.</param>
    public void RememberBypass(TimeSpan age)
    {
        lock (_gate) _lastBypass = _time.GetTimestamp() - (long)(age.TotalSeconds * _time.TimestampFrequency);
    }

    /// <summary>A person with the key suspends one vision cause for a time. Energises; parts are diverted unless the request lets them through as not inspected.</summary>
    /// <returns>Null when Bypassed now, else why it was refused and what to do.</returns>
    public Failure? Bypass(Who who, BypassRequest request)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (request.Refusal(who, _lastBypass is { } last && _time.GetElapsedTime(last, now) < BypassRequest.SecondPersonWithin) is { } wrong) return wrong;
            if (!_key.Turned) return new("key-not-turned", "Turn the key first; a bypass lasts only while it is turned.");
            if (_state is not (InterlockState.Stopped or InterlockState.Tripped)) return new("bypass-not-now", $"The interlock is {_state}; a bypass begins when stopped or tripped.");
            RefreshHeartbeatCondition();
            if (FirstPresent(request.Cause) is { } other)
            {
                Publish();
                return new(Codes.Of(other), $"{Codes.Of(other)} is still present. Remove it, then bypass.");
            }
            if (_trips.Exists(t => t.Cause != request.Cause)) return new("bypass-unanswered", "Another cause tripped, too. Reset first.");
            if (_obstacle is not null) return new(_obstacleCode, _obstacle);
            if (EnergizeLocked() is { } refused) return refused;
            _bypass = new BypassTerm(new(request.Cause, who, request.Second, request.Reason.Trim(), request.Duration, now, request.LetThrough), _trips.Count > 0 && IsEvent(request.Cause));
            _lastBypass = now;
            Enter(InterlockState.Bypassed, null, $"{Codes.Of(request.Cause)} bypassed, parts {(request.LetThrough ? "let through as not inspected" : "diverted")}: {request.Reason.Trim()}", who, ResetAnswer.None);
            return null;
        }
    }

    /// <summary>Whether a part is let through as not inspected. Takes no lock.</summary>
    /// <param name="triggered">Monotonic time of its trigger.</param>
    public bool LetsThrough(long triggered)
        => Snapshot is { SelfTesting: false, Bypass: { LetThrough: true } bypass } && triggered >= bypass.Began;

    /// <summary>Whether a cause that has just occurred is the bypassed one; its answer then waits for the bypass's end.</summary>
    private bool IsBypassed(TripCause cause)
    {
        if (_bypass is not { } term || term.Bypass.Cause != cause) return false;
        term.Occurred = true;
        return true;
    }

    /// <summary>Leads to Stopped, or to Tripped where the cause remains.</summary>
    private bool EndBypass(string detail, Who who)
    {
        if (!Done(_drive.DeEnergize())) return false;
        if (RemainingCause() is not { } remains)
        {
            Enter(InterlockState.Stopped, null, $"the bypass ended: {detail}", who, ResetAnswer.None);
            return true;
        }
        _trips.Add(remains);
        Enter(InterlockState.Tripped, remains.Cause, $"the bypass ended: {detail}; {Codes.Of(remains.Cause)} remains", who, ResetAnswer.None);
        return true;
    }

    /// <summary>What a bypass that ends leaves behind: its condition that is still present, or its event that nobody answered.</summary>
    private Trip? RemainingCause()
        => _bypass is { } term && (IsEvent(term.Bypass.Cause) ? term.Occurred : _present[(int)term.Bypass.Cause])
            ? new Trip(term.Bypass.Cause, "there under the bypass", _time.GetUtcNow()) : null;
}
