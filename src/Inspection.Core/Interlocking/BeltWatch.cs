using System.Globalization;

namespace Inspection.Core;

/// <summary>What the input <c>line-running</c> gives.</summary>
public enum BeltSignal
{
    /// <summary>The drive contactor's contact: active while the belt moves.</summary>
    Contact,

    /// <summary>An encoder's pulses: the belt moves while they come.</summary>
    Pulses,
}

/// <summary>
/// Notices that somebody has bridged the interlock: the belt moves for longer than it needs to run out though the relay
/// is open. The station cannot stop such a line; it calls people and holds the lot. No lock of its own; looking
/// allocates nothing while nothing changes.
/// </summary>
/// <param name="options">Run-out and kind of signal.</param>
/// <param name="alarms">Where people are called.</param>
/// <param name="holdLot">Holds the lot, with a detail for a person; once for each time.</param>
/// <param name="time">Its monotonic time counts.</param>
public sealed class BeltWatch(InterlockOptions options, Alarms alarms, Action<string> holdLot, TimeProvider time)
{
    /// <summary>A belt whose last pulse is older stands.</summary>
    public static readonly TimeSpan PulseLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>A belt stands when it has done so for this long: a contact that flickers must not hide one that moves.</summary>
    public static readonly TimeSpan Steady = TimeSpan.FromMilliseconds(200);

    private const string BridgedAlarm = "interlock-bridged";

    private long _lastPulse;
    private long _standsSince;
    private long _since;
    private bool _told;

    /// <summary>Takes a look.</summary>
    /// <param name="active">The level of <c>line-running</c>.</param>
    /// <param name="pulsed">Whether it has changed since the last look.</param>
    /// <param name="mayMove">The relay permits it, or a bypass is known.</param>
    public void See(bool active, bool pulsed, bool mayMove)
    {
        var now = time.GetTimestamp();
        if (pulsed) _lastPulse = now;
        var moves = options.BeltSignal == BeltSignal.Contact ? active : _lastPulse != 0 && time.GetElapsedTime(_lastPulse, now) <= PulseLimit;
        if (moves) _standsSince = 0;
        else if (_standsSince == 0) _standsSince = now;
        var stands = _standsSince != 0 && time.GetElapsedTime(_standsSince, now) >= Steady;
        if (stands || mayMove)
        {
            if (_told) alarms.Clear(BridgedAlarm);
            (_since, _told) = (0, false);
            return;
        }
        // Only a reading that says so begins the run-out or ends it; nothing shorter than the run-out, 0.5 s at least, counts as moving.
        if (!moves) return;
        if (_since == 0) _since = now;
        if (_told || time.GetElapsedTime(_since, now) <= options.RunOut) return;
        _told = true;
        var what = string.Create(CultureInfo.InvariantCulture, $"The belt has moved for {time.GetElapsedTime(_since, now).TotalSeconds:F1} s though the relay is open and no bypass is known.");
        alarms.Raise(BridgedAlarm, AlarmPriority.High, what, "Stop the belt, find what bridges the relay and remove it. If the belt only takes longer to run out, raise interlock.runOut.");
        holdLot(what + " Its parts were not inspected, or nobody obeyed their verdicts.");
    }
}
