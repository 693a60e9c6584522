using Inspection.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inspection.Testing;

/// <summary>The station's own loop, Running, on a fake relay; a test turns it.</summary>
public sealed class TestLine : IDisposable
{
    private readonly InspectionLoop _loop;

    /// <summary>A line that runs.</summary>
    /// <param name="detect">Gives what the detector does with a frame.</param>
    /// <param name="capacity">Frames that can wait.</param>
    /// <param name="ledger">Takes the entries in the place of <see cref="Ledger"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="context">What is in force.</param>
    /// <param name="deadline">A part's, in seconds: long, so that a busy machine makes none late unless a test wants it.</param>
    /// <param name="testing">Whether the recipe's test parts are asked for; none is known to have been right.</param>
    public TestLine(
        Func<Frame, Action<Detection>> detect, int capacity = 8, ILedger? ledger = null, TimeProvider? time = null, PipelineContext? context = null, double deadline = 5, bool testing = false)
    {
        time ??= TimeProvider.System;
        Alarms = new(time, static (_, _) => { });
        Ledger = new(time);
        Counters = new(time);
        Interlock = new(time, Relay, new InterlockOptions { LoopDeadline = TimeSpan.FromSeconds(1) }, transition =>
        {
            Transitions.Add(transition);
            Tests?.See(transition);
        });
        Interlock.Use(Some.Recipe with { Rules = new TripRules { Deadline = TimeSpan.FromSeconds(deadline) } });
        Capture = new(() => Source, Interlock.Triggered, new CaptureOptions { Capacity = capacity }, time, Alarms, NullLogger.Instance);
        if (testing) Tests = new(context!.Recipe, new(null, default, "", null, false, false), Interlock, draft => Ledger.TryAppend(draft), Alarms, time, true);
        _loop = new(
            Capture, new FakeDetector((frame, detection) => detect(frame)(detection)), Interlock, ledger ?? Ledger,
            new PartInspections(Interlock, LastRejects), Live, Counters, context ?? Some.Context, time, NullLogger.Instance)
        { TestParts = Tests };
        Capture.Start();
        Interlock.SetObstacle(null);
        Turn();
        if (Interlock.Start(Some.Person) is { } refused) throw new InvalidOperationException(refused.Message);
    }

    /// <summary>Every view is sound and scores 0.1 of 0.5.</summary>
    public static Action<Detection> Passes(Frame view) => d => (d.Score, d.Threshold, d.Health) = (0.1f, 0.5f, Some.SoundHealth);

    /// <summary>Every view is sound and scores 0.9 of 0.5.</summary>
    public static Action<Detection> Rejects(Frame view) => d => (d.Score, d.Threshold, d.Health) = (0.9f, 0.5f, Some.SoundHealth);

    /// <summary>The recipe's test parts; null where they are not asked for.</summary>
    public TestParts? Tests { get; }

    public RecentRejects LastRejects { get; } = new();

    public ScriptedSource Source { get; } = new();

    public FakeRelay Relay { get; } = new();

    public LiveView Live { get; } = new();

    public Alarms Alarms { get; }

    public Counters Counters { get; }

    public MemoryLedger Ledger { get; }

    public Interlock Interlock { get; }

    /// <summary>Every change of state so far; written by the thread that turns.</summary>
    public List<InterlockTransition> Transitions { get; } = [];

    public Capture Capture { get; }

    /// <summary>Whether each turn also beats: where time is the system's, a busy machine would make it miss.</summary>
    public bool Beats { get; init; }

    /// <summary>One turn of the loop.</summary>
    public void Turn()
    {
        _loop.Turn();
        if (Beats) Interlock.TryBeat();
    }

    /// <summary>Turns until something is true; throws after 10 s.</summary>
    public void TurnUntil(Func<bool> done)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!done())
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(10)) throw new TimeoutException("Turned for 10 s and it did not come true.");
            Turn();
        }
    }

    /// <summary>Gives a part and turns until its level is written.</summary>
    public void Inspect(Frame? frame = null)
    {
        var before = Counters.Snapshot().Inspected;
        Source.Give(frame ?? Some.Frame());
        TurnUntil(() => Counters.Snapshot().Inspected > before);
    }

    /// <summary>Gives a part that was announced as a test part and turns until its level is written.</summary>
    public void InspectTestPart()
    {
        var before = Counters.Snapshot().TestParts;
        Source.Give(Some.Frame());
        TurnUntil(() => Counters.Snapshot().TestParts > before);
    }

    public void Dispose()
    {
        Capture.Dispose();
        Live.Dispose();
    }
}
