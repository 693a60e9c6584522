namespace Inspection.Core;

/// <content>What the encoder and the two eyes say.</content>
internal sealed partial class PartTracker
{
    /// <summary>
    /// The belt moved, and parts were seen. All that happened up to a moment, in the order of its time; the gate is as
    /// <see cref="Open"/> said after the call before.
    /// </summary>
    /// <param name="until">Monotonic time up to which nothing is missing.</param>
    /// <param name="use">What the gate is for.</param>
    /// <param name="bypassed">Whether a cause is bypassed: then parts come that no trigger has told of, which is nothing wrong.</param>
    /// <param name="ticks">Times of the encoder's ticks.</param>
    /// <param name="lost">Edges of the encoder that the chip could not keep.</param>
    /// <param name="atGate">Times at which a part came to the eye at the gate.</param>
    /// <param name="inBin">Times at which a part came to the eye of the bin.</param>
    /// <returns>What is wrong, the first first; null while all is as expected.</returns>
    public TrackingFault? Advance(
        long until, GateUse use, bool bypassed, ReadOnlySpan<long> ticks, int lost, ReadOnlySpan<long> atGate, ReadOnlySpan<long> inBin)
    {
        if (_rules is not { } rules) return null;
        (_fault, _use, _wasOpen) = (null, use, Open);
        (_bypassed, Unexpected) = (bypassed, 0);
        if (lost > 0) _fault = Wrong($"{lost} edges of the encoder were lost");
        var (gate, bin) = (0, 0);
        foreach (var tick in ticks)
        {
            See(rules, tick - 1, atGate, ref gate, inBin, ref bin);
            _belt.Tick(tick);
            Step(rules);
        }
        See(rules, until, atGate, ref gate, inBin, ref bin);
        Open = IsWanted(rules, _belt.Count) && !_belt.StandsStill(until);
        return _fault;
    }

    /// <summary>What came up to a moment: parts at the camera, at the gate, in the bin.</summary>
    private void See(GateRules rules, long until, ReadOnlySpan<long> atGate, ref int gate, ReadOnlySpan<long> inBin, ref int bin)
    {
        for (var i = 0; i < _count; i++)
            if (_parts[i] is { Position: null, Lost: false } part && part.Trigger.Timestamp <= until) Place(rules, part);
        for (; gate < atGate.Length && atGate[gate] <= until; gate++) SeeAtGate(rules);
        for (; bin < inBin.Length && inBin[bin] <= until; bin++) SeeInBin(rules);
    }

    private void Place(GateRules rules, TrackedPart part)
    {
        part.Position = _belt.At(part.Trigger.Timestamp);
        var stood = false;
        for (var i = 0; i < _count; i++) stood |= _parts[i] is { Known: true } other && other != part && other.Position == part.Position;
        if (part.Position is not { } at || (part.Known && at + rules.Distance - rules.Tolerance <= _belt.Count))
            Fail("a part was told of only after it had come to the gate");
        else if (stood && part.Known) Fail("the encoder stood still between two parts");
    }

    private void SeeAtGate(GateRules rules)
    {
        var part = Nearest(rules.Distance, rules.Tolerance, static part => part.SeenAtGate);
        if (part is not null) part.SeenAtGate = true;
        else if (_belt.Count > _unknownAtGateUntil) SeeUnexpected("a part came to the gate where none was expected", counts: true);
    }

    /// <summary>A camera that is bypassed tells of no part. Of two eyes the one at the gate counts, which sees them all.</summary>
    private void SeeUnexpected(string detail, bool counts)
    {
        if (!_bypassed) Fail(detail);
        else if (counts) Unexpected++;
    }

    private void SeeInBin(GateRules rules)
    {
        var part = Nearest(rules.Distance + rules.BinDistance, rules.BinTolerance, static part => part.InBin);
        if (part is null)
        {
            if (_belt.Count > _unknownInBinUntil) SeeUnexpected("a part came into the bin where none was expected", counts: !_eyeAtGate);
            return;
        }
        part.InBin = true;
        if (part is { Known: true, MayPass: true, Cut: false }) Fail("a part that was let through came into the bin");
    }

    /// <summary>
    /// The part that is expected nearest to this place, of two as near one that was not seen yet. So a second signal of one
    /// part, such as behind a hole in it, counts for no other.
    /// </summary>
    private TrackedPart? Nearest(int distance, int tolerance, Predicate<TrackedPart> seen)
    {
        TrackedPart? nearest = null;
        var best = (2L * tolerance) + 2;
        for (var i = 0; i < _count; i++)
        {
            if (_parts[i] is not { Lost: false, Position: { } at } part) continue;
            var off = (2 * Math.Abs(_belt.Count - at - distance)) + (seen(part) ? 1 : 0);
            if (off >= best) continue;
            (nearest, best) = (part, off);
        }
        return nearest;
    }

    private void Step(GateRules rules)
    {
        var at = _belt.Count;
        for (var i = 0; i < _count; i++)
        {
            if (_parts[i] is not { Lost: false, Position: { } position } part) continue;
            var expected = position + rules.Distance;
            if (!part.Decided && at >= expected - rules.Tolerance) Decide(rules, part, position);
            // Within the last half of its tolerance the gate must have been open; the first half is for its way there.
            if (!_wasOpen && Math.Abs(at - expected) <= rules.Tolerance / 2) part.Cut = true;
            if (part.PastGate || at <= expected + rules.Tolerance) continue;
            part.PastGate = true;
            if (_eyeAtGate && part is { Known: true, SeenAtGate: false }) Fail("a part did not come to the gate");
        }
        for (var i = _count - 1; i >= 0; i--)
        {
            if (_parts[i].Lost ? _energized && at > _unknownInBinUntil : _parts[i].Position + rules.Distance + rules.BinDistance + rules.BinTolerance < at) Finish(i);
        }
        if (_energized && at > _unknownAtGateUntil) ZoneUnknown = false;
        Open = IsWanted(rules, at);
    }

    /// <summary>The part comes to the gate: from here on its verdict is too late. Two parts that share the gate pass only together.</summary>
    private void Decide(GateRules rules, TrackedPart part, long position)
    {
        part.Decided = true;
        part.NotInspected = _use == GateUse.LetThrough;
        var byItself = MayPass(part);
        var isKnown = part.MayPass = byItself && position + rules.Distance - rules.Tolerance > _unknownAtGateUntil;
        for (var i = 0; i < _count && part.MayPass; i++)
        {
            var other = _parts[i];
            if (other.Position is { } near && !other.Lost && Math.Abs(near - position) <= 2 * rules.Tolerance)
                part.MayPass = other.Decided ? other.MayPass || other == part : MayPass(other);
        }
        (part.ForOthers, part.Crowded) = (byItself && !part.MayPass, isKnown && !part.MayPass);
    }

    private bool MayPass(TrackedPart part)
        => part is { Known: true, Withdrawn: false } && (_use == GateUse.LetThrough || (_use == GateUse.Permit && part.Permitted));

    private bool IsWanted(GateRules rules, long at)
    {
        var any = _use == GateUse.LetThrough && _energized && at > _unknownAtGateUntil;
        for (var i = 0; i < _count; i++)
        {
            if (_parts[i] is not { Lost: false, Position: { } position } part || Math.Abs(at - position - rules.Distance) > rules.Tolerance) continue;
            if (!part.MayPass || !part.Known) return false;
            any = true;
        }
        return any && _use != GateUse.Divert;
    }

    private void Fail(string detail)
    {
        var wrong = Wrong(detail);
        _fault ??= wrong;
    }
}
