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
        var capture = new Capture(open, new CaptureOptions(), TimeProvider.System, alarms, NullLogger.Instance);
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

    [Fact]
    public async Task Through_the_capture_a_stalled_line_is_a_lost_camera_and_comes_back()
    {
        using var pool = new MatFramePool();
        var faults = new SimulatedFaults();
        var capture = CaptureOf(() => Open("simulated", pool, faults: faults).Value!, new Alarms(TimeProvider.System, (_, _) => { }));
        ArrivalKind Kind()
        {
            var arrival = capture.Take();
            arrival.Frame?.Dispose();
            return arrival.Kind;
        }
        await Eventually.Holds(() => Kind() == ArrivalKind.Frame);
        faults.Command(SimulatedFaults.Stall, true);
        await Eventually.Holds(() => Kind() == ArrivalKind.Lost);
        faults.Command(SimulatedFaults.Stall, false);
        await Eventually.Holds(() => Kind() == ArrivalKind.Frame);
        capture.Dispose();
        await Eventually.Holds(() => pool.Outstanding == 0);
    }
}
