namespace Inspection.Core;

/// <summary>
/// The three lines that go with <c>pass</c> to a plant's controller: <c>ready</c>, <c>busy</c> and <c>valid</c>. Each part
/// gets one pulse of <c>valid</c>, in which <c>pass</c> does not change and is high only for a fresh Pass; a part that the
/// next one overtakes gets none. No lock of its own, allocates nothing; called under the interlock's.
/// </summary>
/// <param name="drive">The outputs.</param>
/// <param name="time">Its monotonic time counts.</param>
internal sealed class PlantHandshake(RelayDrive drive, TimeProvider time)
{
    /// <summary><c>pass</c> has its level at least so long before <c>valid</c> rises and after it has fallen.</summary>
    public static readonly TimeSpan SetUp = TimeSpan.FromMilliseconds(5);

    private Phase _phase;
    private long _triggered;
    private long _since;
    private bool _ready;
    private bool _passed;

    private enum Phase
    {
        None,
        Judging,
        SettingUp,
        Telling,
        Holding,
    }

    /// <summary>Whether the lines are wired; without <c>valid</c>, <c>pass</c> is a pulse of its own.</summary>
    public bool IsWired { get; } = drive.Has(PlantLine.Valid);

    /// <summary>All lines have just been cleared.</summary>
    public void Cleared() => (_phase, _ready) = (Phase.None, false);

    /// <summary>A part is there: what was said of the one before is taken back at once.</summary>
    /// <param name="triggered">Monotonic time of its trigger.</param>
    /// <returns>False when a line did not follow.</returns>
    public bool Begin(long triggered)
    {
        if (!_ready && _phase == Phase.None) return true;
        (_phase, _triggered) = (_ready ? Phase.Judging : Phase.None, triggered);
        // Each is tried, so that the next part never meets an old result.
        var cleared = drive.Set(PlantLine.Valid, false);
        return drive.SetPass(false) && drive.Set(PlantLine.Busy, _ready) && cleared;
    }

    /// <summary>The result of the part that waits for it; any other is too late.</summary>
    /// <returns>Null when it came too late, else whether the lines followed.</returns>
    public bool? Tell(long triggered, bool passed)
    {
        if (_phase != Phase.Judging || triggered != _triggered) return null;
        return SetLevel(passed, time.GetTimestamp());
    }

    /// <summary>Moves on; called with each beat.</summary>
    /// <param name="ready">Whether parts may be permitted now.</param>
    /// <param name="deadline">Of a part, from its trigger.</param>
    /// <param name="pulse">Length of <c>valid</c>.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>False when a line did not follow.</returns>
    public bool Tick(bool ready, TimeSpan deadline, TimeSpan pulse, long now)
    {
        if (ready != _ready)
        {
            if (!drive.Set(PlantLine.Ready, ready)) return false;
            _ready = ready;
        }
        var late = time.GetElapsedTime(_triggered, now) >= deadline;
        var here = time.GetElapsedTime(_since, now);
        switch (_phase)
        {
            case Phase.Judging when late:
                return SetLevel(false, now);
            case Phase.SettingUp when _passed && late:
                // The beat came late, and a Pass that is no longer fresh is none.
                return SetLevel(false, now);
            case Phase.SettingUp when here >= SetUp:
                (_phase, _since) = (Phase.Telling, now);
                return drive.Set(PlantLine.Valid, true) && drive.Set(PlantLine.Busy, false);
            case Phase.Telling when here >= pulse:
                (_phase, _since) = (Phase.Holding, now);
                return drive.Set(PlantLine.Valid, false);
            case Phase.Holding when here >= SetUp:
                _phase = Phase.None;
                return drive.SetPass(false);
            default:
                return true;
        }
    }

    private bool SetLevel(bool passed, long now)
    {
        (_phase, _passed, _since) = (Phase.SettingUp, passed, now);
        return drive.SetPass(passed);
    }
}
