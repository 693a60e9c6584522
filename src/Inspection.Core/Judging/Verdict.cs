namespace Inspection.Core;

/// <summary>What is said of a part.</summary>
public enum VerdictKind
{
    /// <summary>Nothing is known of the part, so it is diverted. The default, so that nothing forgotten looks like Pass.</summary>
    Indeterminate,

    /// <summary>The score is above the threshold.</summary>
    Reject,

    /// <summary>The part was seen well and in time, and its score is not above the threshold.</summary>
    Pass,
}

/// <summary>Why a verdict is what it is; its code in messages is kebab-case (<see cref="Codes.Of(VerdictReason)"/>).</summary>
public enum VerdictReason
{
    /// <summary>Not judged yet.</summary>
    NotJudged,

    /// <summary>Pass: the score is not above the threshold.</summary>
    WithinThreshold,

    /// <summary>Reject: the score is above the threshold.</summary>
    AboveThreshold,

    /// <summary>Indeterminate: the score is not above the threshold, but above the limit from which on the recipe wants a person to look.</summary>
    Unsure,

    /// <summary>The channel was full when the part came.</summary>
    Overrun,

    /// <summary>A file or a transfer could not be read.</summary>
    UnreadableFrame,

    /// <summary>The frame is black.</summary>
    DarkFrame,

    /// <summary>The frame is blown out.</summary>
    SaturatedFrame,

    /// <summary>The frame is blurred.</summary>
    BlurredFrame,

    /// <summary>The frame has been identical to the one before for too long.</summary>
    FrozenFrame,

    /// <summary>The part is not in the picture as the model must find it: nothing like it, turned too far, or cut off by the picture's edge.</summary>
    PartNotFound,

    /// <summary>The detector failed.</summary>
    DetectorFailed,

    /// <summary>The score is NaN or infinite.</summary>
    ScoreNotFinite,

    /// <summary>The verdict came after the part's deadline.</summary>
    Late,
}

/// <summary>What is said of a part, and why.</summary>
/// <param name="Kind">Pass, Reject or Indeterminate.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Verdict(VerdictKind Kind, VerdictReason Reason)
{
    /// <summary>Seen well and in time, not above the threshold.</summary>
    public static Verdict Pass => new(VerdictKind.Pass, VerdictReason.WithinThreshold);

    /// <summary>Above the threshold.</summary>
    public static Verdict Reject => new(VerdictKind.Reject, VerdictReason.AboveThreshold);

    /// <summary>Nothing is known of the part.</summary>
    public static Verdict Indeterminate(VerdictReason reason) => new(VerdictKind.Indeterminate, reason);
}
