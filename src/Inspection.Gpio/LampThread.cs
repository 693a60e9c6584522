using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>Keeps the stack light as the interlock asks, ten times a second. The lamps go dark with the lines.</summary>
public sealed class LampThread : IDisposable
{
    /// <summary>Time from look to look.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Ticker _ticker;

    /// <summary>Begins.</summary>
    /// <param name="light">The lamps that are wired.</param>
    /// <param name="interlock">What they show.</param>
    /// <param name="personAsked">Whether something besides a reset waits for a person; must return at once.</param>
    /// <param name="alarms">Where a lamp's line that fails is told.</param>
    /// <param name="time">The clock.</param>
    public LampThread(StackLight light, Interlock interlock, Func<bool> personAsked, Alarms alarms, TimeProvider time)
        => _ticker = new("lamps", Period, time, new LampLook(light, interlock, personAsked, alarms, time).Look);

    /// <summary>Ends.</summary>
    public void Dispose() => _ticker.Dispose();
}

/// <summary>One look at what the lamps are to show. Allocates nothing while the lines obey.</summary>
internal sealed class LampLook(StackLight light, Interlock interlock, Func<bool> personAsked, Alarms alarms, TimeProvider time)
{
    private const string LampsAlarm = "lamps-failed";

    private Trip? _trip;
    private long _trippedAt;
    private bool _failed;

    /// <summary>Looks and writes.</summary>
    public void Look()
    {
        var snapshot = interlock.Snapshot;
        var now = time.GetTimestamp();
        if (!ReferenceEquals(snapshot.FirstOut, _trip)) (_trip, _trippedAt) = (snapshot.FirstOut, now);
        var reasons = new LampReasons(
            snapshot.State, interlock.ManyIndeterminates, personAsked(), _trip is null ? null : time.GetElapsedTime(_trippedAt, now), snapshot.Bypass?.Remaining(time));
        var lamps = Lamps.Of(reasons, time.GetElapsedTime(0, now));
        try
        {
            light.Show(lamps.Yellow, lamps.Blue, lamps.Buzzer);
            if (_failed) alarms.Clear(LampsAlarm);
            _failed = false;
        }
        catch (IOException e)
        {
            _failed = true;
            alarms.Raise(LampsAlarm, AlarmPriority.Low, $"A lamp or the buzzer does not obey: {e.Message}", "Check the wiring of the stack light; until then look at the page.");
        }
    }
}
