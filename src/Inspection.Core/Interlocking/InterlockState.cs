namespace Inspection.Core;

/// <summary>The interlock's states.</summary>
public enum InterlockState
{
    /// <summary>De-energised; every start of the process is here. A person starts.</summary>
    Stopped,

    /// <summary>Energised while every beat is earned.</summary>
    Running,

    /// <summary>De-energised by a cause; a person resets.</summary>
    Tripped,

    /// <summary>Energised with one cause suspended by a named person with the key.</summary>
    Bypassed,

    /// <summary>De-energised by a hardware fault; maintenance resets.</summary>
    Faulted,
}

/// <summary>What a person answers at Reset to an event.</summary>
public enum ResetAnswer
{
    /// <summary>No answer: enough when only conditions tripped.</summary>
    None,

    /// <summary>The parts are really bad.</summary>
    PartsReallyBad,

    /// <summary>The rejects were false.</summary>
    FalseRejects,

    /// <summary>The cause is removed.</summary>
    CauseRemoved,
}

/// <summary>One cause that tripped, and when.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Detail">What was seen, for a person.</param>
/// <param name="At">Wall time, UTC.</param>
public sealed record Trip(TripCause Cause, string Detail, DateTimeOffset At);

/// <summary>The interlock at one moment.</summary>
/// <param name="State">Its state.</param>
/// <param name="FirstOut">The cause that tripped first; null unless Tripped, Faulted, or Running with a stop under way.</param>
/// <param name="Later">Causes that came after the first.</param>
/// <param name="Present">Conditions that are present now; each refuses Start and Reset.</param>
/// <param name="Obstacle">Why Start is refused besides conditions (a model too slow, none loaded); null when nothing stands in the way.</param>
/// <param name="Since">Wall time of the last transition, UTC.</param>
public sealed record InterlockSnapshot(
    InterlockState State, Trip? FirstOut, IReadOnlyList<Trip> Later, IReadOnlyList<TripCause> Present, string? Obstacle, DateTimeOffset Since)
{
    /// <summary>Monotonic time of the last transition.</summary>
    public long Entered { get; init; }

    /// <summary>With an <see cref="Obstacle"/> the code that Start is refused with.</summary>
    public string ObstacleCode { get; init; } = "";

    /// <summary>What may sensibly be answered at Reset; empty where Reset asks nothing.</summary>
    public IReadOnlyList<ResetAnswer> Answers
        => [.. Enum.GetValues<ResetAnswer>().Where(answer => Tripped.Any(trip => TripCauses.AnswersTo(trip.Cause).Contains(answer)))];

    /// <summary>All causes that tripped, the first first.</summary>
    public IEnumerable<Trip> Tripped => FirstOut is { } first ? [first, .. Later] : [];

    /// <summary>Whether the relay is tested at this moment, the first phase of Running; nothing is permitted then.</summary>
    public bool SelfTesting { get; init; }

    /// <summary>Monotonic time at which a stop of category 1 began that waits for the zone to empty; null elsewhere. Running still, but no part triggered later is permitted.</summary>
    public long? StoppingSince { get; init; }

    /// <summary>False where the pin map says that the relay's contact is not wired, so a welded relay stays unseen.</summary>
    public bool RelayRead { get; init; }

    /// <summary>Whether there may be parts between camera and gate of which nothing is known: they are diverted at the next Start, unless a person says that there are none.</summary>
    public bool ZoneUnknown { get; init; }

    /// <summary>The bypass under way; null in every state but Bypassed.</summary>
    public Bypass? Bypass { get; init; }
}

/// <summary>One change of state.</summary>
/// <param name="From">The state before.</param>
/// <param name="To">The state after.</param>
/// <param name="Cause">What tripped; null for Start, Stop and Reset.</param>
/// <param name="Detail">For a person.</param>
/// <param name="Who">The person, or what in the station did it.</param>
/// <param name="Answer">The answer at Reset.</param>
/// <param name="At">Wall time, UTC.</param>
public sealed record InterlockTransition(
    InterlockState From, InterlockState To, TripCause? Cause, string Detail, Who Who, ResetAnswer Answer, DateTimeOffset At)
{
    /// <summary>The bypass that began, goes on or has just ended, with the parts made under it; null elsewhere.</summary>
    public BypassAccount? Bypass { get; init; }

    /// <summary>Whether a bypass has just ended.</summary>
    public bool EndsBypass => From == InterlockState.Bypassed && To != InterlockState.Bypassed;
}
