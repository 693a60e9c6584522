using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.TestParts;

/// <summary>Test parts on an interlock, in the loop's and the watch's place.</summary>
internal sealed class Bench
{
    public static readonly Recipe Recipe = Some.Recipe with
    {
        Rules = new TripRules { RejectsInARow = 2, Indeterminates = 2, Deadline = TimeSpan.FromSeconds(5) },
        TestParts = new TestPartRules
        {
            Parts = [new() { Name = "good A", Kind = TestPartKind.Good }, new() { Name = "scratch", Kind = TestPartKind.Bad }],
            StartOfShift = [new(6, 0), new(14, 0), new(22, 0)],
            Every = TimeSpan.FromHours(8),
        },
    };

    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    public Bench(Recipe? recipe = null, TestHistory? history = null, DateTimeOffset? now = null)
    {
        recipe ??= Recipe;
        Time = new FakeTimeProvider(now ?? Noon);
        Ledger = new(Time);
        Alarms = new(Time, (_, _) => { });
        Interlock = new(Time, new FakeRelay(), new InterlockOptions { LoopDeadline = TimeSpan.FromSeconds(1) }, transition => Tests?.See(transition));
        // The gate's own tracking is not what is tested here.
        Interlock.Use(recipe with { Output = new() });
        Interlock.SetObstacle(null);
        Tests = new(recipe, history ?? Proven(Time), Interlock, draft => Ledger.TryAppend(draft), Alarms, Time, true);
    }

    public FakeTimeProvider Time { get; }

    public MemoryLedger Ledger { get; }

    public Alarms Alarms { get; }

    public Interlock Interlock { get; }

    public Core.TestParts Tests { get; }

    public TestSnapshot Now => Tests.Snapshot;

    /// <summary>The last part's trigger.</summary>
    public Trigger Last { get; private set; }

    /// <summary>What became of the last part, as the gate tells it.</summary>
    public void Went(Disposition disposition, bool forOthers = false)
        => Tests.See(new PartDisposition(Last, null, disposition, Confirmation.None, "", Who.Station) { ForOthers = forOthers });

    /// <summary>A test passed an hour ago, with the same recipe.</summary>
    public static TestHistory Proven(TimeProvider time)
        => new(TestEntry.Passed, time.GetUtcNow() - TimeSpan.FromHours(1), "", new(time.GetUtcNow() - TimeSpan.FromHours(1), "Olga"), false, false);

    /// <summary>Nothing is known.</summary>
    public static TestHistory Unknown { get; } = new(null, default, "", null, false, false);

    /// <summary>Time passes as the station sees it, five looks a second being too many for a test.</summary>
    public void Pass(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(10))
        {
            Time.Advance(left < TimeSpan.FromSeconds(10) ? left : TimeSpan.FromSeconds(10));
            Tests.Look();
        }
    }

    /// <summary>A person starts, resetting first where it tripped.</summary>
    public Failure? Start()
    {
        for (var i = 0; i < 3; i++)
        {
            Interlock.Turn();
            Time.Advance(TimeSpan.FromMilliseconds(500));
        }
        Interlock.Turn();
        if (Interlock.State == InterlockState.Tripped && Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved) is { } refused) return refused;
        return Interlock.State == InterlockState.Running ? null : Interlock.Start(Some.Person);
    }

    /// <summary>A part as the loop does it.</summary>
    /// <returns>The test part for which it was taken; null for production.</returns>
    public TestRun? Part(Verdict verdict)
    {
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var trigger = Some.Trigger(Time);
        var run = Tests.Take(trigger);
        verdict = Interlock.Apply(verdict, trigger, out _, counts: run is null);
        if (run is not null) Tests.Judged(run, verdict, trigger.Id);
        Last = trigger;
        return run;
    }

    /// <summary>Both parts, right.</summary>
    public void PassTest()
    {
        Tests.Announce(Some.Operator, "good A").ShouldBeNull();
        Part(Verdict.Pass).ShouldNotBeNull();
        Tests.Announce(Some.Operator, "scratch").ShouldBeNull();
        Part(Verdict.Reject).ShouldNotBeNull();
    }
}
