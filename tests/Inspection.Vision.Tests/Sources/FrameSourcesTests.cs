using Inspection.Core;
using Inspection.Testing;
using Inspection.Vision.Tests.Frames;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inspection.Vision.Tests.Sources;

public sealed class FrameSourcesTests
{
    private static readonly SimulatedOptions Small = new() { Width = 160, Height = 120, PartsPerSecond = 100 };

    private static Outcome<IFrameSource> Open(string text, MatFramePool pool, ReplayOptions? replay = null, SimulatedFaults? faults = null)
        => FrameSources.Open(SourceSpec.Parse(text).Value, "camera1", Small, faults ?? new(), replay ?? new() { AsFastAsPossible = true, Once = true }, pool, TimeProvider.System);

    private static Capture CaptureOf(Func<IFrameSource> open, Alarms alarms)
    {
        var capture = new Capture(open, static _ => { }, new CaptureOptions(), TimeProvider.System, alarms, NullLogger.Instance);
        capture.Start();
        return capture;
    }

    [Fact]
    public void What_cannot_be_opened_is_a_failure_and_never_another_source()
    {
        using var pool = new MatFramePool();
        foreach (var text in (string[])["folder:/no/such/folder", "video:/no/such/video.mp4"])
            Open(text, pool).Failure.ShouldNotBeNull().Message.ShouldContain("Check the path");
    }

    [Fact]
    public void Through_the_capture_every_photo_of_a_slow_reader_arrives_and_none_is_kept()
    {
        using var folder = new TemporaryFolder();
        using var pool = new MatFramePool();
        for (var i = 0; i < 40; i++) folder.Photo($"{i}.png");
        using (var capture = CaptureOf(() => Open("folder:" + folder.Path, pool).Value!, new Alarms(TimeProvider.System, (_, _) => { })))
        {
            var seen = new List<string?>();
            while (!capture.Drained)
            {
                if (capture.Take().Frame is not { } frame) continue;
                seen.Add(frame.Origin);
                frame.Dispose();
            }
            seen.ShouldBe(Enumerable.Range(0, 40).Select(i => $"{i}.png"));
            capture.Overruns.ShouldBe(0);
        }
        pool.Outstanding.ShouldBe(0);
    }

    [Theory]
    [InlineData("simulated")]
    [InlineData("folder")]
    public void Between_parts_a_source_answers_within_50_ms(string kind)
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 3; i++) folder.Photo($"{i}.png");
        using var pool = new MatFramePool();
        var slow = new ReplayOptions { PartsPerSecond = 1 };
        var spec = kind == "folder" ? "folder:" + folder.Path : kind;
        using var source = FrameSources.Open(
            SourceSpec.Parse(spec).Value, "camera1", Small with { PartsPerSecond = 1 }, new(), slow, pool, TimeProvider.System).Value!;
        source.NextFrame().Dispose();
        var answers = new List<double>();
        while (answers.Count < 30)
        {
            var began = TimeProvider.System.GetTimestamp();
            source.Next(CancellationToken.None).Frame?.Dispose();
            answers.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }
        // The median, because a busy machine may hold up any one of them.
        answers.Order().ElementAt(15).ShouldBeLessThan(50);
    }

    [Fact]
    public async Task Through_the_capture_a_stalled_line_is_a_lost_camera_is_made_anew_and_comes_back()
    {
        using var pool = new MatFramePool();
        var faults = new SimulatedFaults();
        var alarms = new Alarms(TimeProvider.System, (_, _) => { });
        var opened = 0;
        var capture = CaptureOf(
            () =>
            {
                Interlocked.Increment(ref opened);
                return Open("simulated", pool, faults: faults).Value!;
            },
            alarms);
        ArrivalKind Kind()
        {
            var arrival = capture.Take();
            arrival.Frame?.Dispose();
            return arrival.Kind;
        }
        await Eventually.Holds(() => Kind() == ArrivalKind.Frame);
        faults.Command(SimulatedFaults.Stall, true);
        await Eventually.Holds(() => Kind() == ArrivalKind.Lost);
        await Eventually.Holds(() => Volatile.Read(ref opened) > 1, TimeSpan.FromSeconds(30));
        alarms.Active.ShouldContain(a => a.Code == "source-failed");
        Kind().ShouldBe(ArrivalKind.Lost, "a line made anew has no sign of life either");
        faults.Command(SimulatedFaults.Stall, false);
        await Eventually.Holds(() => Kind() == ArrivalKind.Frame, TimeSpan.FromSeconds(60));
        await Eventually.Holds(() => alarms.Active.Count == 0);
        capture.Dispose();
        await Eventually.Holds(() => pool.Outstanding == 0);
    }
}
