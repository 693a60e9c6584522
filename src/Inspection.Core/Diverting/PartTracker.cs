namespace Inspection.Core;

/// <summary>What the gate is for at this moment.</summary>
internal enum GateUse
{
    /// <summary>It stays at rest: every part is diverted.</summary>
    Divert,

    /// <summary>It opens for a part that may pass.</summary>
    Permit,

    /// <summary>A person lets all parts through as not inspected.</summary>
    LetThrough,
}

/// <summary>What tracking found wrong.</summary>
/// <param name="Cause">Tracking lost, or not diverted.</param>
/// <param name="Detail">What was seen, for a person.</param>
internal readonly record struct TrackingFault(TripCause Cause, string Detail);

/// <summary>
/// Carries each part from its trigger to the gate and the bin, by the belt's encoder: a bounded shift register. Decides
/// when the gate is open, and what became of each part. Knows no I/O and has no lock; called under the interlock's. A part
/// that passes allocates nothing before the gate; what is told of it at the end does.
/// </summary>
/// <param name="time">Its monotonic time is that of all time stamps.</param>
/// <param name="report">Takes what became of each part; must return at once.</param>
internal sealed partial class PartTracker(TimeProvider time, Action<PartDisposition> report)
{
    /// <summary>So many parts at most are between camera and bin.</summary>
    public const int Capacity = 256;

    private readonly BeltPosition _belt = new(time);
    private readonly TrackedPart[] _parts = [.. Enumerable.Range(0, Capacity).Select(_ => new TrackedPart())];
    private GateRules? _rules;
    private int _count;
    private bool _energized;
    private bool _eyeAtGate;
    private GateUse _use;
    private bool _bypassed;
    private bool _wasOpen;
    private long _unknownAtGateUntil;
    private long _unknownInBinUntil;
    private TrackingFault? _fault;

    /// <summary>Whether the gate is to be open now.</summary>
    public bool Open { get; private set; }

    /// <summary>Parts that the eyes saw in the last <see cref="Advance"/> under a bypass, and that no trigger had told of.</summary>
    public int Unexpected { get; private set; }

    /// <summary>Whether there may be parts between camera and gate of which nothing is known; true at the start of the program.</summary>
    public bool ZoneUnknown { get; private set; } = true;

    /// <summary>Where parts are expected from now on.</summary>
    /// <param name="rules">The recipe's; null where there is no gate.</param>
    /// <param name="eyeAtGate">Whether an eye at the gate is wired.</param>
    public void Use(GateRules? rules, bool eyeAtGate)
    {
        (_rules, _eyeAtGate) = (rules, eyeAtGate);
        Lose();
    }

    /// <summary>Whether no part that was triggered up to a moment is still between camera and gate.</summary>
    public bool ZoneIsEmptyOf(long triggered)
    {
        if (_rules is null || ZoneUnknown) return _rules is null;
        for (var i = 0; i < _count; i++)
            if (!_parts[i].PastGate && _parts[i].Trigger.Timestamp <= triggered) return false;
        return true;
    }

    /// <summary>A part is at the camera. It may be told late; its place follows from its time.</summary>
    public TrackingFault? Enter(in Trigger trigger)
    {
        if (_rules is null) return null;
        TrackingFault? fault = null;
        if (_energized && Find(trigger.Timestamp) is not null) fault = Wrong("two parts were triggered at one and the same moment");
        if (_count == Capacity)
        {
            if (_energized) fault = Wrong($"more than {Capacity} parts between camera and bin");
            Finish(0);
        }
        _parts[_count++].Begin(trigger, _energized && fault is null);
        if (!_energized) ZoneUnknown = true;
        return fault;
    }

    /// <summary>The Pass of a part is durable.</summary>
    /// <param name="triggered">Monotonic time of its trigger.</param>
    /// <returns>False where it comes too late for the gate, or nothing is known of the part.</returns>
    public bool Permit(long triggered)
    {
        if (Find(triggered) is not { Known: true, Decided: false, Withdrawn: false } part) return false;
        part.Permitted = true;
        return true;
    }

    /// <summary>A person's last word: a part that is before the gate is not let through, whatever its verdict or a bypass says.</summary>
    /// <returns>False where it has come to the gate already, or where it is, is not known.</returns>
    public bool Withdraw(InspectionNumber number)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_parts[i] is not { Decided: false } part || part.Inspection != number) continue;
            part.Withdrawn = true;
            return part.Known;
        }
        return false;
    }

    /// <summary>The inspection of a part is durable, whatever its verdict.</summary>
    public void Recorded(long triggered, InspectionNumber number)
    {
        if (Find(triggered) is { } part) part.Inspection = number;
    }

    /// <summary>The outputs were energised or de-energised: from a stop on nothing is known of the parts on the belt.</summary>
    /// <param name="energized">Whether they are energised now.</param>
    /// <param name="bypassed">Whether a bypass begins or ends with it: then there may be parts on the belt that no trigger told of.</param>
    public void StateChanged(bool energized, bool bypassed)
    {
        if (energized == _energized) return;
        (_energized, Open) = (energized, false);
        if (energized)
        {
            if (ZoneUnknown) UnknownFromHere();
            return;
        }
        ZoneUnknown |= bypassed && _rules is not null;
        for (var i = 0; i < _count; i++)
        {
            _parts[i].Known = false;
            ZoneUnknown |= !_parts[i].PastGate;
        }
    }

    /// <summary>A person has looked: there is no part between camera and gate. What is past the gate is still on its way to the bin.</summary>
    public void ConfirmEmpty(Who who)
    {
        if (_rules is not { } rules) return;
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            var part = _parts[i];
            // The order of those that stay, stays.
            if (part.InBin || part.PastGate)
            {
                (_parts[kept], _parts[i]) = (part, _parts[kept]);
                kept++;
            }
            else
            {
                report(new(part.Trigger, part.Inspection, Disposition.RemovedByHand, Confirmation.Person, "the belt was cleared", who));
            }
        }
        _count = kept;
        (ZoneUnknown, _unknownAtGateUntil, _unknownInBinUntil) = (false, 0, _belt.Count + rules.BinDistance + rules.BinTolerance);
    }

    /// <summary>The station ends: what is still on the belt is unknown for good.</summary>
    public void End()
    {
        while (_count > 0) Finish(0);
    }

    private TrackedPart? Find(long triggered)
    {
        for (var i = _count - 1; i >= 0; i--)
            if (_parts[i].Trigger.Timestamp == triggered) return _parts[i];
        return null;
    }

    /// <summary>Nothing on the belt is where it was expected.</summary>
    private void Lose()
    {
        for (var i = 0; i < _count; i++) (_parts[i].Known, _parts[i].Lost) = (false, true);
        (ZoneUnknown, Open) = (true, false);
        UnknownFromHere();
    }

    private void UnknownFromHere()
    {
        if (_rules is not { } rules) return;
        _unknownAtGateUntil = _belt.Count + rules.Distance + rules.Tolerance;
        _unknownInBinUntil = _unknownAtGateUntil + rules.BinDistance + rules.BinTolerance;
    }

    /// <summary>Tracking is lost. While de-energised nothing is let through, so that it need not trip.</summary>
    private TrackingFault? Wrong(string detail)
    {
        Lose();
        return _energized ? new(TripCause.TrackingLost, detail) : null;
    }

    /// <summary>Tells what became of a part and forgets it.</summary>
    private void Finish(int index)
    {
        var part = _parts[index];
        if (part.InBin) Tell(part, Disposition.Diverted, Confirmation.BinEye, part.ForOthers ? "it might have passed, and was diverted because the belt was not known to be empty, or with a part beside it" : "");
        else if (!part.Known) Tell(part, Disposition.Unknown, Confirmation.None, "the line was stopped, or tracking was lost, while it was on the belt");
        else if (part is { MayPass: true, Cut: false }) Tell(part, Disposition.Delivered, part.SeenAtGate ? Confirmation.GateEye : Confirmation.None, part.NotInspected ? "let through as not inspected" : "");
        else if (part.MayPass) Tell(part, Disposition.Unknown, Confirmation.None, "the belt stood while it was at the gate, which shut");
        else
        {
            Tell(part, Disposition.Unknown, Confirmation.None, "it was to be diverted and was not seen in the bin", missedBin: true);
            _fault ??= new(TripCause.NotDiverted, $"the part triggered at {MessageSchema.Time(part.Trigger.At)} was not seen in the bin");
        }
        // The order of the others stays.
        Array.Copy(_parts, index + 1, _parts, index, --_count - index);
        _parts[_count] = part;
    }

    private void Tell(TrackedPart part, Disposition disposition, Confirmation by, string detail, bool missedBin = false)
        => report(new(part.Trigger, part.Inspection, disposition, by, detail, Who.Station) { MissedBin = missedBin, ForOthers = part.ForOthers, Crowded = part.Crowded });
}
