namespace Inspection.Core;

/// <summary>The interlock's settings.</summary>
public sealed record InterlockOptions
{
    /// <summary>Greatest age of the last loop turn for a beat to be earned, 75–1000 ms. Default 100 ms.</summary>
    public TimeSpan LoopDeadline { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The key's two contacts may disagree for so long, 100–3000 ms. Default 500 ms.</summary>
    public TimeSpan KeyDiscrepancy { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the relay may pull in before it is to be exchanged, 1000–100000000; the data sheet's electrical life at the load. Default 1000000.</summary>
    public long RelayCycles { get; init; } = 1_000_000;

    /// <summary>The belt may move for so long after the relay has opened, 0.5–60 s; used where <c>line-running</c> is wired. Default 3 s.</summary>
    public TimeSpan RunOut { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>What <c>line-running</c> gives, <c>contact</c> or <c>pulses</c>. Default contact.</summary>
    public BeltSignal BeltSignal { get; init; }

    /// <summary>Time from beat to beat.</summary>
    public static readonly TimeSpan BeatPeriod = TimeSpan.FromMilliseconds(10);

    /// <summary>The watchdog circuit opens the relay no later than this after the last beat (<c>hardware/circuit/results.md</c> has the corners).</summary>
    public static readonly TimeSpan WatchdogDropOut = TimeSpan.FromMilliseconds(400);

    /// <summary>No beat earned for so long trips.</summary>
    public static readonly TimeSpan BeatLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>Turns must have been fresh for so long before a missed heartbeat counts as gone.</summary>
    public static readonly TimeSpan BeatRecovery = TimeSpan.FromSeconds(1);

    /// <summary>The program's pool of threads must have run within so long: a pool that has to make a new thread takes longer than a loop that turns late.</summary>
    public TimeSpan PoolDeadline => LoopDeadline + TimeSpan.FromMilliseconds(300);

    /// <summary>The beat waits twice so long for the interlock, which is otherwise held for microseconds; then the process ends.</summary>
    public static readonly TimeSpan HeldLimit = TimeSpan.FromSeconds(1);

    /// <summary>A hardware fault is reset only after the relay has read as dropped for so long with both outputs low.</summary>
    public static readonly TimeSpan DroppedBeforeReset = TimeSpan.FromSeconds(1);

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (LoopDeadline.TotalMilliseconds is < 75 or > 1000)
            yield return new SettingError("interlock.loopDeadline", $"found {LoopDeadline.TotalMilliseconds} ms", "75–1000 ms");
        if (KeyDiscrepancy.TotalMilliseconds is < 100 or > 3000)
            yield return new SettingError("interlock.keyDiscrepancy", $"found {KeyDiscrepancy.TotalMilliseconds} ms", "100–3000 ms");
        if (RelayCycles is < 1000 or > 100_000_000)
            yield return new SettingError("interlock.relayCycles", $"found {RelayCycles}", "1000–100000000");
        if (RunOut.TotalSeconds is < 0.5 or > 60)
            yield return new SettingError("interlock.runOut", $"found {RunOut.TotalSeconds} s", "0.5–60 s");
    }
}
