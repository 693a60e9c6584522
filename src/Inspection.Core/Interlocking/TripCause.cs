namespace Inspection.Core;

/// <summary>Why the interlock tripped; its code in messages is kebab-case. <see cref="TripCauses"/> says of what kind each is.</summary>
public enum TripCause
{
    /// <summary>The e-stop's contact is open.</summary>
    EStop,

    /// <summary>The stop switch is pressed.</summary>
    StopSwitch,

    /// <summary>The camera gives no sign of life.</summary>
    CameraLost,

    /// <summary>Verdicts cannot be made durable.</summary>
    LedgerUnavailable,

    /// <summary>No beat was earned for 100 ms; gone when the loop's turns have been fresh for 1 s.</summary>
    HeartbeatMissed,

    /// <summary>The monotonic clock did not advance over several beats, so no deadline could be trusted.</summary>
    ClockStoodStill,

    /// <summary>The program's pool of threads has not run for 300 ms longer than the loop may take, so no order of a person or the plant would be heard.</summary>
    ProgramStalled,

    /// <summary>A contact changes faster than a hand can work it: a loose wire or a worn contact.</summary>
    InputBouncing,

    /// <summary>The bin of diverted parts is full.</summary>
    BinFull,

    /// <summary>The door of the bin of diverted parts is open.</summary>
    BinDoor,

    /// <summary>The gate's compressed air is missing.</summary>
    AirPressure,

    /// <summary>Too many rejects in a row.</summary>
    RejectsInARow,

    /// <summary>Too many Indeterminates in the window.</summary>
    Indeterminates,

    /// <summary>A Reject or an Indeterminate where the recipe trips on each.</summary>
    PartNotPassed,

    /// <summary>A test part was judged wrongly, or is overdue.</summary>
    TestPart,

    /// <summary>A part that was to be diverted was not seen in the bin.</summary>
    NotDiverted,

    /// <summary>The parts between camera and gate are not where they were expected.</summary>
    TrackingLost,

    /// <summary>The model or the recipe on disk is not the one that was checked.</summary>
    ModelIntegrity,

    /// <summary>Somebody asked for it.</summary>
    Request,

    /// <summary>The GPIO chip refused a read or a write, or is gone.</summary>
    GpioLost,

    /// <summary>An output does not have the level that was written.</summary>
    OutputReadback,

    /// <summary>The relay's contact is not as the outputs ask: welded, not pulling in, or dropped though energised.</summary>
    FeedbackWrong,

    /// <summary>The key's two contacts disagree for longer than <c>interlock.keyDiscrepancy</c>.</summary>
    KeyChannels,
}

/// <summary>What ends a cause.</summary>
public enum CauseKind
{
    /// <summary>Gone when its signal says so; Reset is refused before.</summary>
    Condition,

    /// <summary>Gone when a person has answered it at Reset.</summary>
    Event,

    /// <summary>Faulted; gone when maintenance has reset it.</summary>
    Fault,
}

/// <summary>What kind each cause is: the only place that says so.</summary>
public static class TripCauses
{
    /// <summary>Whether it says something about seeing and judging alone, so that a person may suspend it.</summary>
    public static bool IsVision(TripCause cause)
        => cause is TripCause.CameraLost or TripCause.RejectsInARow or TripCause.Indeterminates or TripCause.PartNotPassed;

    /// <summary>
    /// Whether a recipe may have the part in the zone leave before the relay opens. Never for a switch, a contact or clock
    /// that cannot be trusted, evidence that is stale, or a bad part that nothing but the stop holds back: such as a test
    /// part that was judged wrongly.
    /// </summary>
    public static bool MayRunOut(TripCause cause)
        => (KindOf(cause) == CauseKind.Event && cause is not (TripCause.PartNotPassed or TripCause.TestPart or TripCause.NotDiverted))
            || cause is TripCause.CameraLost or TripCause.LedgerUnavailable or TripCause.BinFull or TripCause.BinDoor or TripCause.AirPressure;

    /// <summary>
    /// What a person may sensibly answer to a cause at Reset: to what was seen on parts all three, to any other event only
    /// that its cause is removed. Empty: Reset asks nothing, since the cause is gone when its signal or its repair says so.
    /// </summary>
    public static IReadOnlyList<ResetAnswer> AnswersTo(TripCause cause)
        => KindOf(cause) != CauseKind.Event ? []
            : IsVision(cause) ? [ResetAnswer.PartsReallyBad, ResetAnswer.FalseRejects, ResetAnswer.CauseRemoved]
            : [ResetAnswer.CauseRemoved];

    /// <summary>What ends a cause.</summary>
    public static CauseKind KindOf(TripCause cause) => cause switch
    {
        TripCause.EStop or TripCause.StopSwitch or TripCause.CameraLost or TripCause.LedgerUnavailable or TripCause.HeartbeatMissed
            or TripCause.ClockStoodStill or TripCause.ProgramStalled or TripCause.InputBouncing or TripCause.BinFull or TripCause.BinDoor or TripCause.AirPressure => CauseKind.Condition,
        TripCause.RejectsInARow or TripCause.Indeterminates or TripCause.PartNotPassed or TripCause.TestPart or TripCause.NotDiverted
            or TripCause.TrackingLost or TripCause.ModelIntegrity or TripCause.Request => CauseKind.Event,
        TripCause.GpioLost or TripCause.OutputReadback or TripCause.FeedbackWrong or TripCause.KeyChannels => CauseKind.Fault,
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "This cause has no kind."),
    };
}
