namespace Inspection.Core;

/// <summary>When tests are due by time. Shifts need the wall clock, whatever it does; the interval is monotonic.</summary>
/// <param name="rules">The recipe's.</param>
/// <param name="time">The clock and its time zone.</param>
public sealed class TestSchedule(TestPartRules rules, TimeProvider time)
{
    private DateTimeOffset? _shift = LatestShift(rules.StartOfShift, time.GetUtcNow(), time.LocalTimeZone);
    private long _passed;
    private bool _isPassed;

    /// <summary>A test passed so long ago.</summary>
    public void Passed(TimeSpan ago) => (_passed, _isPassed) = (time.GetTimestamp() - (long)(ago.TotalSeconds * time.TimestampFrequency), true);

    /// <summary>Whether a shift has begun since a moment.</summary>
    public bool ShiftBeganAfter(DateTimeOffset moment) => _shift > moment;

    /// <summary>
    /// Looks at both clocks. Comparing with the look before, and not with the last test, means that a shift whose start
    /// comes a second time, because the clock was set back, is asked for a second time rather than not at all.
    /// </summary>
    /// <returns>Why a test is due now; null where it is not.</returns>
    public string? Look()
    {
        var before = _shift;
        _shift = LatestShift(rules.StartOfShift, time.GetUtcNow(), time.LocalTimeZone);
        if (_shift > before) return TestReasons.StartOfShift;
        return rules.Every is { } every && _isPassed && time.GetElapsedTime(_passed) >= every ? TestReasons.Every : null;
    }

    /// <summary>The latest start of a shift that is not after a moment, UTC; null without shifts. A local time that summer time leaves out counts an hour later.</summary>
    public static DateTimeOffset? LatestShift(IReadOnlyList<TimeOnly> starts, DateTimeOffset now, TimeZoneInfo zone)
    {
        DateTimeOffset? latest = null;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        foreach (var start in starts)
        {
            for (var day = today.AddDays(-1); day <= today; day = day.AddDays(1))
            {
                var local = day.ToDateTime(start);
                var began = new DateTimeOffset(local, zone.GetUtcOffset(local));
                if (began <= now && !(began <= latest)) latest = began.ToUniversalTime();
            }
        }
        return latest;
    }
}

/// <summary>Why a test is due: codes in entries, alarms and words.</summary>
internal static class TestReasons
{
    public const string NeverPassed = "never-passed";
    public const string StartOfShift = "start-of-shift";
    public const string ChangeOver = "change-over";
    public const string Bypass = "bypass";
    public const string CameraChange = "camera-change";
    public const string Every = "every";
    public const string Failed = "failed";
}
