namespace Inspection.Core;

/// <summary>What somebody asks for who wants one verdict changed.</summary>
/// <param name="Inspection">Whose verdict.</param>
/// <param name="To">Pass or Reject: a person knows which, so Indeterminate is no answer.</param>
/// <param name="Reason">Why, 3–200 characters.</param>
public sealed record OverrideRequest(InspectionNumber Inspection, VerdictKind To, string Reason)
{
    /// <summary>
    /// Why it is refused, whatever the part; null when nothing is wrong with it. Anybody who signed in may take a part
    /// out; letting one go answers for what escapes.
    /// </summary>
    internal Failure? Refusal(Who who)
    {
        if (!who.IsPerson) return new("not-a-person", "Only a signed-in person can overrule a verdict.");
        if (To is not (VerdictKind.Pass or VerdictKind.Reject)) return new("override-verdict", "A verdict is overruled to Pass or to Reject.");
        if (!Core.Reason.IsGiven(Reason)) return new("override-reason", "Say why, in 3–200 characters.");
        if (To == VerdictKind.Pass && !who.May(Permission.AnswerForParts)) return new("override-not-permitted", "A part is overruled to Pass by a setter, quality or an administrator.");
        return null;
    }
}

/// <summary>One verdict that a person changed.</summary>
/// <param name="From">The verdict that was in force.</param>
/// <param name="To">The verdict that is in force from then on.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who.</param>
/// <param name="At">Wall time, UTC.</param>
public sealed record Override(VerdictKind From, VerdictKind To, string Reason, Who By, DateTimeOffset At);
