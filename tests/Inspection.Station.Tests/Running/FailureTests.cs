using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Station.Tests.Running;

/// <summary>Every failure that the design names: none of them looks like Pass, none permits a part.</summary>
public sealed class FailureTests
{
    private static readonly FrameHealth Sound = Some.SoundHealth;

    public static TheoryData<string, string> Failures => new()
    {
        { "no-frame", "overrun" },
        { "unreadable", "unreadable-frame" },
        { "dark", "dark-frame" },
        { "blown-out", "saturated-frame" },
        { "blurred", "blurred-frame" },
        { "frozen", "frozen-frame" },
        { "detector-throws", "detector-failed" },
        { "detector-says-no", "detector-failed" },
        { "detector-fills-nothing", "dark-frame" },
        { "not-found", "part-not-found" },
        { "score-nan", "score-not-finite" },
        { "score-infinite", "score-not-finite" },
        { "threshold-nan", "score-not-finite" },
        { "unsure", "unsure" },
        { "measure-nan", "blurred-frame" },
        { "late", "late" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task No_failure_looks_like_Pass(string failure, string reason)
    {
        using var line = new TestLine(frame => Detector(failure, frame), failure == "no-frame" ? 1 : 8, deadline: failure == "late" ? 0.2 : 5);
        if (failure == "no-frame")
        {
            // The channel holds one frame and the loop does not turn, so the next parts find it full.
            for (var i = 0; i < 3; i++) line.Source.Give(Some.Frame());
            await Eventually.Holds(() => line.Capture.Overruns >= 2);
            line.TurnUntil(() => line.Ledger.Bodies(EntryKind.Inspection).Count >= 3);
        }
        else
        {
            line.Source.Give(Some.Frame(unreadable: failure == "unreadable" ? "broken.png is truncated" : null));
            line.TurnUntil(() => line.Ledger.Bodies(EntryKind.Inspection).Count >= 1);
        }
        var bodies = line.Ledger.Bodies(EntryKind.Inspection);
        bodies[^1].GetProperty("verdict").GetString().ShouldBe("Indeterminate");
        bodies[^1].GetProperty("reason").GetString().ShouldBe(reason);
        bodies[^1].GetProperty("decidedBy").GetProperty("kind").GetString().ShouldBe("rule");
        line.Relay.Pulses.ShouldBe(0);
    }

    [Fact]
    public void A_sound_part_passes_and_is_permitted_once_so_that_the_table_above_proves_something()
    {
        using var line = new TestLine(_ => d => (d.Score, d.Threshold, d.Health) = (0.1f, 0.5f, Sound), 8);
        line.Source.Give(Some.Frame());
        line.TurnUntil(() => line.Ledger.Bodies(EntryKind.Inspection).Count >= 1);
        line.Ledger.Bodies(EntryKind.Inspection)[0].GetProperty("verdict").GetString().ShouldBe("Pass");
        line.Relay.Pulses.ShouldBe(1);
    }

    [Fact]
    public void A_missed_heartbeat_trips_and_the_relay_is_no_longer_enabled()
    {
        using var line = new TestLine(_ => d => (d.Score, d.Threshold, d.Health) = (0.1f, 0.5f, Sound), 8);
        line.Relay.Enabled.ShouldBeTrue();
        var until = TimeProvider.System.GetTimestamp();
        // The loop does not turn; only the beat thread does.
        while (line.Interlock.State == InterlockState.Running && TimeProvider.System.GetElapsedTime(until) < TimeSpan.FromSeconds(5)) line.Interlock.TryBeat();
        line.Interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.HeartbeatMissed);
        line.Relay.Enabled.ShouldBeFalse();
    }

    [Fact]
    public void A_store_that_makes_nothing_durable_never_delays_the_relay_permits_nothing_and_trips()
    {
        using var line = new TestLine(_ => d => (d.Score, d.Threshold, d.Health) = (0.1f, 0.5f, Sound), 8);
        line.Ledger.Holds = true;
        var writes = line.Relay.Writes;
        for (var i = 0; i < 50; i++)
        {
            line.Source.Give(Some.Frame());
            var before = line.Relay.Writes;
            line.TurnUntil(() => line.Relay.Writes > before);
        }
        line.Relay.Writes.ShouldBeGreaterThanOrEqualTo(writes + 50);
        line.Relay.Pulses.ShouldBe(0);
        line.Ledger.Health = new LedgerHealth(null, TimeSpan.FromSeconds(3), 0.1);
        line.Turn();
        line.Interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.LedgerUnavailable);
        line.Relay.Enabled.ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_whose_pictures_hang_never_delays_the_relay()
    {
        using var line = new TestLine(_ => d => (d.Score, d.Threshold, d.Health) = (0.1f, 0.5f, Sound), 8);
        using var release = new ManualResetEventSlim();
        using var encoding = new ManualResetEventSlim();
        line.Source.Give(new HangingFrame(encoding, release));
        line.TurnUntil(() => line.Live.Part is not null);
        var screens = Enumerable.Range(0, 4).Select(_ => Task.Run(() => line.Live.Picture(heat: true))).ToArray();
        encoding.Wait(TimeSpan.FromSeconds(5)).ShouldBeTrue();
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 20; i++)
        {
            line.Source.Give(Some.Frame());
            var before = line.Relay.Writes;
            line.TurnUntil(() => line.Relay.Writes > before);
        }
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        line.Interlock.State.ShouldBe(InterlockState.Running);
        release.Set();
        await Task.WhenAll(screens);
    }

    private static Action<Detection> Detector(string failure, Frame frame) => failure switch
    {
        "dark" => d => Fill(d, Sound with { Mean = 2, DarkShare = 1 }),
        "blown-out" => d => Fill(d, Sound with { SaturatedShare = 0.99f }),
        "blurred" => d => Fill(d, Sound with { Sharpness = 0.1f }),
        "frozen" => d => Fill(d, Sound with { IdenticalFor = 5 }),
        "measure-nan" => d => Fill(d, Sound with { Sharpness = float.NaN }),
        "detector-throws" => _ => throw new InvalidOperationException("broken " + frame.Id),
        "detector-says-no" => d =>
        {
            Fill(d, Sound);
            d.Failure = "the model failed";
        }
        ,
        "detector-fills-nothing" => _ => { }
        ,
        "not-found" => d =>
        {
            Fill(d, Sound);
            d.NotFound = "turned too far";
        }
        ,
        "score-nan" => d => (d.Score, d.Threshold, d.Health) = (float.NaN, 0.5f, Sound),
        "score-infinite" => d => (d.Score, d.Threshold, d.Health) = (float.NegativeInfinity, 0.5f, Sound),
        "unsure" => d => (d.Score, d.Threshold, d.UnsureAbove, d.Health) = (0.4f, 0.5f, 0.3f, Sound),
        "threshold-nan" => d => (d.Score, d.Threshold, d.Health) = (0.1f, float.NaN, Sound),
        "late" => d =>
        {
            var began = TimeProvider.System.GetTimestamp();
            SpinWait.SpinUntil(() => TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromMilliseconds(250));
            Fill(d, Sound);
        }
        ,
        _ => d => Fill(d, Sound),
    };

    private static void Fill(Detection detection, FrameHealth health) => (detection.Score, detection.Threshold, detection.Health) = (0.1f, 0.5f, health);

    private sealed class HangingFrame : Frame
    {
        private readonly ManualResetEventSlim _encoding;
        private readonly ManualResetEventSlim _release;

        public HangingFrame(ManualResetEventSlim encoding, ManualResetEventSlim release)
        {
            (_encoding, _release) = (encoding, release);
            var time = TimeProvider.System;
            Begin(new FrameDescription(Identifiers.New(time), Some.Trigger(time), "camera1", time.GetUtcNow(), true, true));
        }

        public override int Width => 8;

        public override int Height => 8;

        public override byte[] Encode(PictureFormat format, int maxBytes, Overlay? overlay = null)
        {
            _encoding.Set();
            _release.Wait(TimeSpan.FromSeconds(20));
            return [1];
        }

        protected override void Recycle()
        {
        }
    }
}
