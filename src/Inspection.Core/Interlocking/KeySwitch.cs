namespace Inspection.Core;

/// <summary>
/// A key switch with two contacts, one that closes and one that opens. It counts as turned only while both say so, and
/// at rest as soon as one does. No lock of its own; looking allocates nothing while both agree.
/// </summary>
/// <param name="time">Its monotonic time counts the discrepancy.</param>
/// <param name="discrepancy">The contacts may disagree for so long, as no hand turns both at once.</param>
internal sealed class KeySwitch(TimeProvider time, TimeSpan discrepancy)
{
    private long _disagreeSince;
    private bool _told;

    /// <summary>Whether both contacts say that it is turned.</summary>
    public bool Turned { get; private set; }

    /// <summary>Whether the contacts disagree at this moment.</summary>
    public bool Disagrees => _disagreeSince != 0;

    /// <summary>Takes a reading.</summary>
    /// <param name="closing">The normally open contact is closed.</param>
    /// <param name="opening">The normally closed contact is open.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What is wrong, told once until both agree again; else null.</returns>
    public string? See(bool closing, bool opening, long now)
    {
        Turned = closing && opening;
        if (closing == opening)
        {
            (_disagreeSince, _told) = (0, false);
            return null;
        }
        if (_disagreeSince == 0) _disagreeSince = now;
        if (_told || time.GetElapsedTime(_disagreeSince, now) <= discrepancy) return null;
        _told = true;
        return $"the key's contacts have disagreed for {time.GetElapsedTime(_disagreeSince, now).TotalMilliseconds:F0} ms: key {(closing ? "turned" : "at rest")}, key-nc {(opening ? "turned" : "at rest")}";
    }
}
