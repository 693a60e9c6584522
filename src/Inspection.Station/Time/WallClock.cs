namespace Inspection.Station.Time;

/// <summary>One step of the wall clock.</summary>
/// <param name="Old">What it would have said, UTC.</param>
/// <param name="New">What it said instead, UTC.</param>
internal readonly record struct ClockStep(DateTimeOffset Old, DateTimeOffset New)
{
    /// <summary>How far it jumped; negative when it was set back.</summary>
    public TimeSpan Offset => New - Old;
}

/// <summary>
/// Watches the wall clock against the monotonic one. Nothing in the station waits by the wall clock, so a step neither
/// trips nor lengthens anything; but the times of entries are worth less until something or somebody vouches for them.
/// </summary>
/// <param name="time">Both clocks.</param>
/// <param name="synchronised">Whether something keeps the wall clock right at this moment.</param>
internal sealed class WallClock(TimeProvider time, Func<bool> synchronised)
{
    /// <summary>A smaller difference may be slewing, or this thread that had to wait.</summary>
    public static readonly TimeSpan SmallestStep = TimeSpan.FromMilliseconds(100);

    /// <summary>A greater step raises an alarm.</summary>
    public static readonly TimeSpan AlarmingStep = TimeSpan.FromSeconds(2);

    /// <summary>Both clocks are read together; a reading that took longer says nothing.</summary>
    private static readonly TimeSpan LongestReading = TimeSpan.FromMilliseconds(10);

    private DateTimeOffset? _wall;
    private long _monotonic;
    private bool _stepped;
    private bool _confirmed;

    /// <summary>False from a step on until the clock is synchronised or a person confirms it, and wherever neither was ever so. Any thread.</summary>
    public bool IsTrusted => Volatile.Read(ref _confirmed) || (!Volatile.Read(ref _stepped) && synchronised());

    /// <summary>A person says that the clock is right; holds until it steps again.</summary>
    public void Confirm() => Volatile.Write(ref _confirmed, true);

    /// <summary>Looks at both clocks; called by one thread, some times a second.</summary>
    /// <returns>The step since the look before, or null.</returns>
    public ClockStep? Look()
    {
        var before = time.GetTimestamp();
        var wall = time.GetUtcNow();
        if (time.GetElapsedTime(before) > LongestReading) return null;
        var expected = _wall + time.GetElapsedTime(_monotonic, before);
        (_wall, _monotonic) = (wall, before);
        if (expected is { } old && (wall - old).Duration() >= SmallestStep)
        {
            Volatile.Write(ref _stepped, true);
            Volatile.Write(ref _confirmed, false);
            return new ClockStep(old, wall);
        }
        if (_stepped && synchronised()) Volatile.Write(ref _stepped, false);
        return null;
    }
}
