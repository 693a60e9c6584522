namespace Inspection.Core;

/// <summary>What somebody asks for who wants one cause suspended.</summary>
/// <param name="Cause">One vision cause.</param>
/// <param name="Reason">Why, 3–200 characters.</param>
/// <param name="Duration">How long at most, 1–60 min.</param>
/// <param name="Second">The second person, needed within 8 h of the last bypass.</param>
/// <param name="LetThrough">Parts are let through as not inspected; else they are diverted.</param>
public sealed record BypassRequest(TripCause Cause, string Reason, TimeSpan Duration, Who? Second = null, bool LetThrough = false)
{
    /// <summary>The time that is proposed.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(15);

    /// <summary>The longest.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);

    /// <summary>The shortest.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>A bypass so soon after the last one began needs a second person.</summary>
    public static readonly TimeSpan SecondPersonWithin = TimeSpan.FromHours(8);

    /// <summary>Why it is refused, whatever the interlock's state; null when nothing is wrong with it.</summary>
    internal Failure? Refusal(Who who, bool secondNeeded)
    {
        if (!who.IsPerson) return new("not-a-person", "Only a signed-in person can bypass.");
        if (!who.May(Permission.Bypass)) return new("bypass-not-permitted", "A bypass is made by a setter, quality, maintenance or an administrator.");
        if (!Enum.IsDefined(Cause) || !TripCauses.IsVision(Cause)) return new("bypass-cause", "Only a vision cause can be bypassed: camera-lost, rejects-in-a-row, indeterminates or part-not-passed.");
        if (!Core.Reason.IsGiven(Reason)) return new("bypass-reason", "Say why, in 3–200 characters.");
        if (Duration < Shortest || Duration > Longest) return new("bypass-time", "A bypass lasts 1–60 minutes.");
        if (Second is { } second && (!second.May(Permission.Bypass) || second.Name == who.Name))
            return new("second-person-wrong", "The second person must be another one whose role permits a bypass.");
        if (secondNeeded && Second is null) return new("second-person-needed", "There was a bypass within the last 8 hours: a second person must agree.");
        return null;
    }
}

/// <summary>A bypass that was granted.</summary>
/// <param name="Cause">The cause that is suspended.</param>
/// <param name="By">Who made it.</param>
/// <param name="Second">Who agreed; null where nobody had to.</param>
/// <param name="Reason">Why.</param>
/// <param name="Duration">How long at most.</param>
/// <param name="Began">Monotonic time.</param>
/// <param name="LetThrough">Parts are let through as not inspected; else they are diverted.</param>
public sealed record Bypass(TripCause Cause, Who By, Who? Second, string Reason, TimeSpan Duration, long Began, bool LetThrough)
{
    /// <summary>The inspections made under it, as far as they are numbered yet.</summary>
    public BypassedInspections Inspections { get; } = new();

    /// <summary>People are warned so long before its end.</summary>
    public static readonly TimeSpan Warning = TimeSpan.FromMinutes(2);

    /// <summary>What is left of it; zero when it is over. By monotonic time, so no wall clock lengthens it.</summary>
    public TimeSpan Remaining(TimeProvider time)
    {
        var left = Duration - time.GetElapsedTime(Began);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}

/// <summary>What was made under a bypass.</summary>
/// <param name="Bypass">The bypass.</param>
/// <param name="Parts">Parts made under it.</param>
/// <param name="FirstPart">Wall time of the first, UTC; null before it.</param>
/// <param name="LastPart">Wall time of the last so far, UTC.</param>
public sealed record BypassAccount(Bypass Bypass, long Parts, DateTimeOffset? FirstPart, DateTimeOffset? LastPart);

/// <summary>
/// Which inspections were made under a bypass. Numbers are given by the store's writer thread alone, in the order of
/// the ledger; an entry that tells of the bypass's end is written after them, on the same thread.
/// </summary>
public sealed class BypassedInspections
{
    private Guid _ledgerId;

    /// <summary>Sequence of the first; 0 before it.</summary>
    public long First { get; private set; }

    /// <summary>Sequence of the last so far; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>Notes one. What a failed write has written anew under another ledger counts anew.</summary>
    public void Note(in EntryNumbers numbers)
    {
        if (_ledgerId != numbers.LedgerId) (_ledgerId, First) = (numbers.LedgerId, numbers.Sequence);
        Last = numbers.Sequence;
    }
}

/// <summary>A bypass under way. No lock of its own; counting a part allocates nothing.</summary>
internal sealed class BypassTerm(Bypass bypass, bool occurred)
{
    private long _parts;
    private DateTimeOffset _first;
    private DateTimeOffset _last;

    public Bypass Bypass => bypass;

    /// <summary>Whether the event has occurred, before or under the bypass, and waits for its answer.</summary>
    public bool Occurred { get; set; } = occurred;

    public void Count(DateTimeOffset at)
    {
        if (_parts++ == 0) _first = at;
        _last = at;
    }

    public BypassAccount Account() => _parts == 0 ? new(bypass, 0, null, null) : new(bypass, _parts, _first, _last);
}
