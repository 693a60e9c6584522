namespace Inspection.Core;

/// <summary>A part as the ledger knows it: judged once, perhaps overruled since.</summary>
/// <param name="Number">The inspection's number.</param>
/// <param name="At">Wall time of the verdict, UTC.</param>
/// <param name="Purpose">What it was inspected for.</param>
/// <param name="Verdict">What the station said.</param>
/// <param name="Reason">The verdict's reason, a code.</param>
/// <param name="Interlock">The interlock's state then.</param>
/// <param name="Lot">The lot, or null.</param>
/// <param name="PicturePath">Path within the pictures folder, or null.</param>
/// <param name="KeptOff">True where it is known that the part left the line: diverted, or removed by hand.</param>
/// <param name="Overrides">Oldest first.</param>
public sealed record JudgedPart(
    InspectionNumber Number, DateTimeOffset At, Purpose Purpose, VerdictKind Verdict, string Reason, InterlockState Interlock, string? Lot,
    string? PicturePath, bool KeptOff, IReadOnlyList<Override> Overrides)
{
    /// <summary>The verdict in force: the last override's, else the station's.</summary>
    public VerdictKind InForce => Overrides.Count > 0 ? Overrides[^1].To : Verdict;

    /// <summary>
    /// Whether it counts as delivered: it was let go, or a person let it go, and nothing says that it left the line. Only
    /// a gate knows better, so without one each part that passed while the relay was energised counts.
    /// </summary>
    public bool CountsAsDelivered => Overrides.Any(o => o.To == VerdictKind.Pass)
        || (Verdict == VerdictKind.Pass && !KeptOff && Interlock is InterlockState.Running or InterlockState.Bypassed);
}
