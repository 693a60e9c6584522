using Inspection.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inspection.Core.Tests.Pipeline;

public sealed class InspectionLoopTests : IDisposable
{
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ScriptedSource _source = new();
    private readonly FakeRelay _relay = new();
    private readonly MemoryLedger _ledger = new(TimeProvider.System);
    private readonly LiveView _live = new();
    private readonly RecentRejects _rejects = new();
    private readonly Counters _counters = new(TimeProvider.System);
    private readonly Interlock _interlock;
    private readonly Capture _capture;
    private Recipe _recipe = Some.Recipe with { Pictures = new PictureRules { PassEvery = 0 } };

    public InspectionLoopTests()
    {
        _interlock = new Interlock(_time, _relay, new InterlockOptions { LoopDeadline = TimeSpan.FromSeconds(1) }, _ => { });
        _interlock.Use(Some.Recipe with { Rules = new TripRules { Deadline = TimeSpan.FromSeconds(5) } });
        _interlock.SetObstacle(null);
        _capture = new Capture(() => _source, _interlock.Triggered, new CaptureOptions(), _time, new Alarms(_time, (_, _) => { }), NullLogger.Instance);
        _capture.Start();
    }

    public void Dispose()
    {
        _capture.Dispose();
        _live.Dispose();
    }

    private InspectionLoop Loop(IDefectDetector detector, int capacity = 64) => new(
        _capture, detector, _interlock, _ledger, new PartInspections(_interlock, _rejects, capacity), _live, _counters,
        Some.Context with { Recipe = _recipe, ChipSimulated = false }, _time, NullLogger.Instance);

    private async Task Inspect(InspectionLoop loop, params Frame[] frames)
    {
        var before = _counters.Snapshot().Inspected;
        foreach (var frame in frames) _source.Give(frame);
        await Eventually.Holds(() =>
        {
            loop.Turn();
            return _counters.Snapshot().Inspected == before + frames.Length;
        });
    }

    [Fact]
    public void Parts_that_a_bypass_lets_through_are_known_by_their_sequence()
    {
        using var line = new TestLine(TestLine.Rejects);
        line.Inspect();
        line.Interlock.Stop(Who.Anybody).ShouldBeNull();
        line.Interlock.SetKey(true, true);
        line.Interlock.Bypass(Some.Person, new(TripCause.RejectsInARow, "a new product", BypassRequest.Usual, LetThrough: true)).ShouldBeNull();
        line.Relay.Pulses.ShouldBe(0);
        line.Inspect();
        line.Inspect();
        line.Relay.Pulses.ShouldBe(2);
        var made = line.Interlock.Snapshot.Bypass!.Inspections;
        (made.First, made.Last).ShouldBe((2, 3));
    }

    [Fact]
    public async Task A_passing_part_is_recorded_permitted_and_its_frame_given_back()
    {
        var loop = Loop(new FakeDetector());
        loop.Turn();
        _interlock.Start(Some.Person).ShouldBeNull();
        var frame = Some.Frame(_time);
        await Inspect(loop, frame);
        var body = _ledger.Bodies(EntryKind.Inspection).ShouldHaveSingleItem();
        body.GetProperty("verdict").GetString().ShouldBe("Pass");
        body.GetProperty("reason").GetString().ShouldBe("within-threshold");
        body.GetProperty("interlock").GetString().ShouldBe("Running");
        body.GetProperty("simulated").GetBoolean().ShouldBeTrue();
        body.GetProperty("views")[0].GetProperty("frameId").GetGuid().ShouldBe(frame.Id);
        body.GetProperty("decidedBy").GetProperty("kind").GetString().ShouldBe("model");
        _relay.Pulses.ShouldBe(1);
        frame.Recycled.ShouldBeFalse("the live view holds it");
        await Inspect(loop, Some.Frame(_time));
        frame.Recycled.ShouldBeTrue();
    }

    [Fact]
    public async Task A_part_whose_entry_is_not_durable_is_not_permitted_until_it_is()
    {
        var loop = Loop(new FakeDetector());
        loop.Turn();
        _interlock.Start(Some.Person);
        _ledger.Holds = true;
        await Inspect(loop, Some.Frame(_time));
        _relay.Pulses.ShouldBe(0);
        _ledger.Flush();
        _relay.Pulses.ShouldBe(1);
    }

    [Fact]
    public async Task A_part_is_not_permitted_any_more_once_the_next_has_come_even_if_that_still_waits()
    {
        var loop = Loop(new FakeDetector());
        loop.Turn();
        _interlock.Start(Some.Person);
        var bothWait = false;
        _source.Give(Some.Frame(_time));
        _source.Give(Some.Frame(_time));
        _source.Do(() =>
        {
            Volatile.Write(ref bothWait, true);
            return FrameArrival.Idle(TimeSpan.Zero);
        });
        await Eventually.Holds(() => Volatile.Read(ref bothWait));
        loop.Turn();
        _counters.Snapshot().Passed.ShouldBe(1);
        _relay.Pulses.ShouldBe(0);
        loop.Turn();
        _counters.Snapshot().Passed.ShouldBe(2);
        _relay.Pulses.ShouldBe(1);
    }

    [Fact]
    public async Task A_part_that_found_the_channel_full_withholds_all_that_waited_before_it()
    {
        var loop = Loop(new FakeDetector());
        loop.Turn();
        _interlock.Start(Some.Person);
        for (var i = 0; i < 9; i++) _source.Give(Some.Frame(_time));
        await Eventually.Holds(() => _capture.Overruns == 1);
        await Eventually.Holds(() =>
        {
            loop.Turn();
            return _counters.Snapshot().Inspected == 9;
        });
        _ledger.Bodies(EntryKind.Inspection).Count(b => b.GetProperty("reason").GetString() == "overrun").ShouldBe(1);
        _relay.Pulses.ShouldBe(0);
    }

    [Fact]
    public async Task Parts_beyond_those_that_can_be_remembered_are_counted_and_a_gap_entry_tells_of_them()
    {
        var loop = Loop(new FakeDetector(), capacity: 4096);
        const int Parts = 8 + 1024 + 7;
        for (var i = 0; i < Parts; i++) _source.Give(Some.Frame(_time));
        await Eventually.Holds(() => _capture.Overruns == Parts - 8);
        await Eventually.Holds(() =>
        {
            loop.Turn();
            return _counters.Snapshot() is { Inspected: Parts - 7, NotRecorded: 7 };
        });
        await Inspect(loop, Some.Frame(_time));
        _ledger.Bodies(EntryKind.Gap).ShouldHaveSingleItem().GetProperty("count").GetInt64().ShouldBe(7);
    }

    [Fact]
    public async Task A_detector_that_throws_makes_an_Indeterminate_and_the_line_goes_on()
    {
        var loop = Loop(new FakeDetector((frame, detection) =>
        {
            if (frame.Origin == "bad") throw new InvalidOperationException("boom");
            (detection.Score, detection.Threshold, detection.Health) = (0.1f, 0.5f, Some.SoundHealth);
        }));
        await Inspect(loop, Some.Frame(_time, origin: "bad"), Some.Frame(_time));
        var bodies = _ledger.Bodies(EntryKind.Inspection);
        bodies.Select(b => b.GetProperty("verdict").GetString()).ShouldBe(["Indeterminate", "Pass"]);
        bodies[0].GetProperty("reason").GetString().ShouldBe("detector-failed");
        bodies[0].GetProperty("detail").GetString().ShouldBe("boom");
        bodies[0].GetProperty("decidedBy").GetProperty("name").GetString().ShouldBe("detector-failed");
    }

    [Fact]
    public async Task Nothing_of_the_part_before_reaches_the_next()
    {
        var calls = 0;
        var loop = Loop(new FakeDetector((_, detection) =>
        {
            if (calls++ > 0) return;
            (detection.Score, detection.Threshold, detection.Health) = (0.1f, 0.5f, Some.SoundHealth);
        }));
        await Inspect(loop, Some.Frame(_time), Some.Frame(_time));
        _ledger.Bodies(EntryKind.Inspection).Select(b => b.GetProperty("verdict").GetString()).ShouldBe(["Pass", "Indeterminate"]);
    }

    [Fact]
    public async Task An_unreadable_file_is_Indeterminate_with_its_name_and_the_detector_never_sees_it()
    {
        var loop = Loop(new FakeDetector((_, _) => throw new InvalidOperationException("must not be called")));
        await Inspect(loop, Some.Frame(_time, unreadable: "part7.png is truncated"));
        var body = _ledger.Bodies(EntryKind.Inspection).ShouldHaveSingleItem();
        body.GetProperty("reason").GetString().ShouldBe("unreadable-frame");
        body.GetProperty("detail").GetString().ShouldBe("part7.png is truncated");
        body.GetProperty("views")[0].GetProperty("imageReason").GetString().ShouldBe("unreadable-frame");
        body.GetProperty("score").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task Rejects_keep_their_picture_and_stand_among_the_last_rejects()
    {
        var loop = Loop(new FakeDetector(0.9f));
        var frame = Some.Frame(_time, trueLabel: "scratch");
        await Inspect(loop, frame);
        _ledger.Bodies(EntryKind.Inspection)[0].GetProperty("views")[0].GetProperty("image").GetProperty("path").GetString().ShouldBe("test.jpg");
        _rejects.Latest.ShouldHaveSingleItem().PicturePath.ShouldBe("test.jpg");
        _counters.Snapshot().Confusion!.DefectReject.ShouldBe(1);
    }

    [Fact]
    public async Task One_passing_part_in_so_many_keeps_its_picture()
    {
        _recipe = _recipe with { Pictures = new PictureRules { PassEvery = 4 } };
        var loop = Loop(new FakeDetector());
        await Inspect(loop, [.. Enumerable.Range(0, 8).Select(_ => Some.Frame(_time))]);
        _ledger.Bodies(EntryKind.Inspection)
            .Count(b => b.GetProperty("views")[0].GetProperty("image").ValueKind == System.Text.Json.JsonValueKind.Object).ShouldBe(2);
    }

    [Theory]
    [InlineData(0.1f, 100)]
    [InlineData(0.9f, 200)]
    public async Task The_picture_of_a_part_that_may_pass_never_uses_up_its_time(float score, int longest)
    {
        _recipe = _recipe with { Pictures = new PictureRules { PassEvery = 1 } };
        TimeSpan? wait = null;
        _ledger.Taken = draft => wait = draft.Picture!.Wait;
        await Inspect(Loop(new FakeDetector(score)), Some.Frame(_time));
        wait!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(longest));
        if (score > 0.5f) wait.Value.ShouldBe(PictureRequest.LongestWait);
    }

    [Fact]
    public async Task A_ninth_picture_under_way_is_refused_and_says_why()
    {
        var loop = Loop(new FakeDetector(0.9f));
        _ledger.Holds = true;
        for (var i = 0; i < 10; i++) await Inspect(loop, Some.Frame(_time));
        _ledger.Flush();
        var reasons = _ledger.Bodies(EntryKind.Inspection).Select(b => b.GetProperty("views")[0].TryGetProperty("imageReason", out var r) ? r.GetString() : null);
        reasons.ShouldBe([.. Enumerable.Repeat<string?>(null, 8), "busy", "busy"]);
    }

    [Fact]
    public async Task A_ledger_that_takes_nothing_trips_and_a_gap_entry_tells_of_the_parts_later()
    {
        var loop = Loop(new FakeDetector());
        loop.Turn();
        _interlock.Start(Some.Person).ShouldBeNull();
        _ledger.Full = true;
        _ledger.Health = new LedgerHealth(null, TimeSpan.FromSeconds(3), 0.2);
        await Inspect(loop, Some.Frame(_time), Some.Frame(_time));
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.LedgerUnavailable);
        _counters.Snapshot().NotRecorded.ShouldBe(2);
        _relay.Pulses.ShouldBe(0);
        _ledger.Full = false;
        await Inspect(loop, Some.Frame(_time));
        var gap = _ledger.Bodies(EntryKind.Gap).ShouldHaveSingleItem();
        gap.GetProperty("count").GetInt64().ShouldBe(2);
        gap.GetProperty("simulated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_pool_that_is_used_up_counts_the_part_as_not_recorded()
    {
        var loop = Loop(new FakeDetector(), capacity: 1);
        _ledger.Holds = true;
        await Inspect(loop, Some.Frame(_time), Some.Frame(_time));
        _counters.Snapshot().NotRecorded.ShouldBe(1);
        _ledger.Flush();
        _ledger.Holds = false;
        await Inspect(loop, Some.Frame(_time));
        _ledger.Bodies(EntryKind.Gap).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_passing_part_allocates_nothing_from_frame_to_relay_line()
    {
        long atLine = 0;
        long begun = 0;
        var allocated = new List<long>();
        var detector = new FakeDetector((_, detection) =>
        {
            begun = GC.GetAllocatedBytesForCurrentThread();
            (detection.Score, detection.Threshold, detection.Health) = (0.1f, 0.5f, Some.SoundHealth);
        });
        var loop = Loop(detector);
        loop.Turn();
        _interlock.Start(Some.Person).ShouldBeNull();
        _relay.Energized = () => atLine = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
        {
            await Inspect(loop, Some.Frame(_time));
            allocated.Add(atLine - begun);
            _interlock.State.ShouldBe(InterlockState.Running);
        }
        // The first parts still compile what they run.
        allocated.Skip(10).ShouldAllBe(bytes => bytes == 0);
    }

    [Fact]
    public async Task The_live_view_shows_the_latest_part_and_encodes_it_once()
    {
        var loop = Loop(new FakeDetector(0.9f));
        await Inspect(loop, Some.Frame(_time));
        _live.Part!.Verdict.Kind.ShouldBe(VerdictKind.Reject);
        var picture = _live.Picture(heat: true);
        picture.ShouldNotBeNull();
        _live.Picture(heat: true).ShouldBeSameAs(picture);
        await Inspect(loop, Some.Frame(_time, unreadable: "gone"));
        _live.Picture(heat: true).ShouldBeNull();
    }
}
