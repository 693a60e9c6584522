using System.Globalization;

namespace Inspection.Core;

/// <summary>
/// The first phase of Running: the relay, read as open before, pulls in, drops because the beats stop, and pulls in
/// again. It only follows; whatever does not come in its time is found by <see cref="FeedbackSupervision"/>.
/// </summary>
/// <param name="feedback">Knows when the beats were given.</param>
/// <param name="time">The clock.</param>
internal sealed class SelfTest(FeedbackSupervision feedback, TimeProvider time)
{
    /// <summary>A test that passed holds so long.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(24);

    private Phase _phase;
    private TimeSpan _pullIn;
    private TimeSpan _drop;
    private long _passed;

    private enum Phase
    {
        None,
        PullIn,
        Drop,
        PullInAgain,
    }

    /// <summary>Whether it is under way.</summary>
    public bool UnderWay => _phase != Phase.None;

    /// <summary>Whether a beat that was earned is held back, so that the watchdog circuit drops the relay.</summary>
    public bool HoldsBeats => _phase == Phase.Drop;

    /// <summary>Makes the next Start test, whenever the last test passed.</summary>
    public void Force() => _passed = 0;

    /// <summary>Begins if none has passed for 24 h; the relay has just been read as open.</summary>
    public void Begin(long now) => _phase = _passed == 0 || time.GetElapsedTime(_passed, now) >= Every ? Phase.PullIn : Phase.None;

    /// <summary>Ends without having passed.</summary>
    public void End() => _phase = Phase.None;

    /// <summary>Takes a reading of the contact.</summary>
    /// <returns>The times, when it has just passed; else null.</returns>
    public string? See(bool pulledIn, long now)
    {
        switch (_phase)
        {
            case Phase.PullIn when pulledIn:
                _pullIn = time.GetElapsedTime(feedback.PullingSince, now);
                _phase = Phase.Drop;
                return null;
            case Phase.Drop when !pulledIn:
                _drop = time.GetElapsedTime(feedback.LastEdge, now);
                feedback.PullInAnew();
                _phase = Phase.PullInAgain;
                return null;
            case Phase.PullInAgain when pulledIn:
                (_phase, _passed) = (Phase.None, now);
                return string.Create(CultureInfo.InvariantCulture,
                    $"self-test passed: pulled in after {_pullIn.TotalMilliseconds:F0} ms, dropped {_drop.TotalMilliseconds:F0} ms after the last beat, pulled in again after {time.GetElapsedTime(feedback.PullingSince, now).TotalMilliseconds:F0} ms");
            default:
                return null;
        }
    }
}
