using Inspection.Testing;

namespace Inspection.Core.Tests.TestParts;

public sealed class TestPartsPropertyTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_people_do_no_more_is_produced_without_a_test_than_the_grace_allows()
    {
        const int Sequences = 2000;
        const int Steps = 150;
        var (tests, failures, overdue, produced) = (0, 0, 0, 0);
        for (var seed = 0; seed < Sequences; seed++)
        {
            var random = new Random(seed);
            var bench = new Bench(history: seed % 3 == 0 ? Bench.Unknown : null);
            var due = bench.Now.IsDue;
            var ran = TimeSpan.Zero;
            var failed = false;
            for (var step = 0; step < Steps; step++)
            {
                var told = $"seed {seed}, step {step}";
                var began = bench.Time.GetTimestamp();
                var running = bench.Interlock.State == InterlockState.Running;
                var wasOverdue = bench.Now.IsOverdue;
                TestRun? run = null;
                var isPart = false;
                switch (random.Next(12))
                {
                    case 0 or 1: bench.Start(); break;
                    case 2: bench.Interlock.Stop(Who.Anybody); break;
                    case 3: bench.Pass(TimeSpan.FromSeconds(random.Next(1, 60))); break;
                    case 4: bench.Pass(TimeSpan.FromMinutes(random.Next(1, 9))); break;
                    case 5 or 6: bench.Tests.Announce(Some.Operator, random.Next(2) == 0 ? "good A" : "scratch"); break;
                    case 7: bench.Tests.Withdraw(Some.Operator); break;
                    case 8: bench.Tests.SeeSource(step, false); break;
                    default:
                        isPart = true;
                        run = bench.Part(random.Next(5) == 0 ? Verdict.Indeterminate(VerdictReason.DarkFrame) : random.Next(3) == 0 ? Verdict.Reject : Verdict.Pass);
                        break;
                }
                var now = bench.Now;
                if (running) ran += bench.Time.GetElapsedTime(began);
                if (!due && now.IsDue) ran = TimeSpan.Zero;
                if (isPart && run is null && wasOverdue && running) bench.Interlock.State.ShouldNotBe(InterlockState.Running, $"{told}: produced while overdue");
                if (isPart && run is null && bench.Interlock.State == InterlockState.Running) produced++;
                if (now.IsDue && !now.IsOverdue) ran.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(10), told);
                if (bench.Interlock.Snapshot.Present.Contains(TripCause.TestPart)) bench.Interlock.State.ShouldNotBe(InterlockState.Running, told);
                if (run is not null && now.Reasons.Contains("failed") && !failed) failures++;
                if (due && !now.IsDue) tests++;
                if (now.IsOverdue && !wasOverdue) overdue++;
                if (due && !now.IsDue) run.ShouldNotBeNull($"{told}: only a right part ends it");
                (due, failed) = (now.IsDue, now.Reasons.Contains("failed"));
            }
        }
        output.WriteLine($"{Sequences} random sequences of {Steps} acts: {produced} parts produced, {tests} tests passed, {failures} failed, {overdue} times overdue");
        tests.ShouldBeGreaterThan(200);
        failures.ShouldBeGreaterThan(500);
        overdue.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Whatever_the_wall_clock_does_a_shift_whose_start_it_passes_forwards_is_asked_for()
    {
        var zones = new[] { TimeZoneInfo.Utc, Zone() };
        var (crossed, back) = (0, 0);
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var time = new SteppedTime(new DateTimeOffset(2026, 3, 28, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromMinutes(random.Next(60 * 72)), zones[seed % 2]);
            var rules = Bench.Recipe.TestParts! with { Every = null };
            var schedule = new TestSchedule(rules, time);
            for (var step = 0; step < 60; step++)
            {
                var before = time.Wall;
                time.Wall += random.Next(4) == 0 ? TimeSpan.FromMinutes(random.Next(-3000, 3000)) : TimeSpan.FromMinutes(random.Next(0, 90));
                if (time.Wall < before) back++;
                var asked = schedule.Look();
                var starts = Starts(rules.StartOfShift, before, time.Wall, time.LocalTimeZone);
                (asked == "start-of-shift").ShouldBe(starts, $"seed {seed}, step {step}: from {before:u} to {time.Wall:u}");
                if (starts) crossed++;
            }
        }
        output.WriteLine($"3000 clocks of 60 steps: {back} steps backwards, {crossed} starts of shifts passed, each asked for");
        crossed.ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public void A_start_that_summer_time_leaves_out_is_asked_for_and_one_that_it_repeats_is_asked_for_once()
    {
        TimeOnly[] half = [new(2, 30)];
        TestSchedule.LatestShift(half, new(2026, 3, 29, 1, 29, 0, TimeSpan.Zero), Zone()).ShouldBe(new DateTimeOffset(2026, 3, 28, 1, 30, 0, TimeSpan.Zero));
        TestSchedule.LatestShift(half, new(2026, 3, 29, 1, 30, 0, TimeSpan.Zero), Zone()).ShouldBe(new DateTimeOffset(2026, 3, 29, 1, 30, 0, TimeSpan.Zero));
        TestSchedule.LatestShift(half, new(2026, 10, 25, 0, 45, 0, TimeSpan.Zero), Zone()).ShouldBe(new DateTimeOffset(2026, 10, 24, 0, 30, 0, TimeSpan.Zero));
        TestSchedule.LatestShift(half, new(2026, 10, 25, 1, 45, 0, TimeSpan.Zero), Zone()).ShouldBe(new DateTimeOffset(2026, 10, 25, 1, 30, 0, TimeSpan.Zero));
    }

    /// <summary>Central Europe's rules, whatever this machine knows of time zones.</summary>
    private static TimeZoneInfo Zone()
    {
        var spring = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday);
        var autumn = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday);
        return TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(1), "test", "test", "test summer",
            [TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1), spring, autumn)]);
    }

    /// <summary>Counted another way: minute by minute.</summary>
    private static bool Starts(IReadOnlyList<TimeOnly> starts, DateTimeOffset after, DateTimeOffset through, TimeZoneInfo zone)
    {
        for (var minute = after + TimeSpan.FromMinutes(1); minute <= through; minute += TimeSpan.FromMinutes(1))
            if (starts.Contains(TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(minute, zone).DateTime))) return true;
        return false;
    }

    private sealed class SteppedTime(DateTimeOffset wall, TimeZoneInfo zone) : TimeProvider
    {
        public DateTimeOffset Wall { get; set; } = wall;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override TimeZoneInfo LocalTimeZone => zone;
    }
}
