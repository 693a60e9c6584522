using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Live;

public sealed class LiveTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Inspected_is_always_passed_and_rejected_and_Indeterminate_together()
    {
        var counters = new Counters(_time);
        var random = new Random(7);
        for (var i = 0; i < 1000; i++) counters.Count(new Verdict((VerdictKind)random.Next(3), VerdictReason.NotJudged), random.Next(2) == 0 ? "good" : "chip");
        var totals = counters.Snapshot();
        totals.Inspected.ShouldBe(1000);
        (totals.Passed + totals.Rejected + totals.Indeterminate).ShouldBe(1000);
        var c = totals.Confusion!;
        (c.GoodPass + c.GoodReject + c.GoodIndeterminate + c.DefectPass + c.DefectReject + c.DefectIndeterminate).ShouldBe(1000);
    }

    [Fact]
    public void The_rate_counts_the_last_sixty_seconds_only()
    {
        var counters = new Counters(_time);
        for (var second = 0; second < 120; second++)
        {
            for (var i = 0; i < 10; i++) counters.Count(Verdict.Pass, null);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        counters.Snapshot().PerMinute.ShouldBeInRange(590, 600);
        _time.Advance(TimeSpan.FromSeconds(30));
        counters.Snapshot().PerMinute.ShouldBeInRange(290, 300);
        _time.Advance(TimeSpan.FromDays(1));
        counters.Snapshot().PerMinute.ShouldBe(0);
        counters.Snapshot().Confusion.ShouldBeNull();
    }

    [Fact]
    public void An_alarm_is_reported_when_it_comes_and_when_it_goes_and_not_in_between()
    {
        var changes = new List<(string Code, bool Active)>();
        var alarms = new Alarms(_time, (alarm, active) => changes.Add((alarm.Code, active)));
        alarms.Raise("a", AlarmPriority.Low, "m", "r");
        alarms.Raise("a", AlarmPriority.Low, "m", "r");
        alarms.Raise("b", AlarmPriority.High, "m", "r");
        alarms.Active.Select(a => a.Code).ShouldBe(["b", "a"]);
        alarms.Clear("a");
        alarms.Clear("a");
        changes.ShouldBe([("a", true), ("b", true), ("a", false)]);
    }

    [Fact]
    public void The_last_rejects_are_few_and_newest_first()
    {
        var rejects = new RecentRejects();
        for (var i = 1; i <= 40; i++) rejects.Add(new RejectedPart(i, Verdict.Reject, 1, 0.5f, null, null, default));
        rejects.Latest.Count.ShouldBe(RecentRejects.Capacity);
        rejects.Latest[0].Sequence.ShouldBe(40);
    }

    [Fact]
    public void Codes_are_kebab_case()
    {
        Codes.Of(VerdictReason.AboveThreshold).ShouldBe("above-threshold");
        Codes.Of(TripCause.LedgerUnavailable).ShouldBe("ledger-unavailable");
        Codes.Of(TripCause.EStop).ShouldBe("e-stop");
        Codes.Of(TripCause.RejectsInARow).ShouldBe("rejects-in-a-row");
    }

    [Fact]
    public void A_frame_that_is_given_back_too_often_or_kept_too_late_is_a_bug_that_shows()
    {
        var frame = Some.Frame();
        frame.Retain();
        frame.Dispose();
        frame.Recycled.ShouldBeFalse();
        frame.Dispose();
        frame.Recycled.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(frame.Dispose);
        Should.Throw<InvalidOperationException>(() => frame.Retain());
    }
}
