using Inspection.Core;
using Inspection.Vision.Tests.Frames;
using Microsoft.Extensions.Time.Testing;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Sources;

public sealed class VideoSourceTests : IDisposable
{
    private static readonly ReplayOptions FastOnce = new() { AsFastAsPossible = true, Once = true };
    private readonly TemporaryFolder _folder = new();
    private readonly MatFramePool _pool = new();

    public void Dispose()
    {
        // A reader that was on its way gives its frame back a moment later.
        SpinWait.SpinUntil(() => _pool.Outstanding == 0, TimeSpan.FromSeconds(10)).ShouldBeTrue("a frame was not given back");
        _pool.Dispose();
        _folder.Dispose();
    }

    private string Video(int frames, double fps = 10)
    {
        var path = Path.Combine(_folder.Path, "clip.avi");
        using var writer = new VideoWriter(path, FourCC.MJPG, fps, new Size(64, 48));
        for (var i = 0; i < frames; i++)
        {
            using var picture = TemporaryFolder.Picture(64, 48, MatType.CV_8UC3, i);
            writer.Write(picture);
        }
        return path;
    }

    private IFrameSource Open(string path, ReplayOptions options, TimeProvider? time = null)
    {
        var opened = VideoSource.Open("camera1", path, options, _pool, time ?? TimeProvider.System);
        return opened.Value.ShouldNotBeNull(opened.Failure?.Message);
    }

    [Fact]
    public void Played_once_every_frame_comes_once()
    {
        using var source = Open(Video(12), FastOnce);
        var played = source.PlayToEnd();
        played.Select(p => p.Origin).ShouldBe(Enumerable.Range(1, 12).Select(n => $"clip.avi#{n}"));
        played.ShouldAllBe(p => p.Unreadable == null);
    }

    [Fact]
    public void Without_once_it_starts_again_at_its_end()
    {
        using var source = Open(Video(2), new ReplayOptions { AsFastAsPossible = true });
        foreach (var expected in (string[])["clip.avi#1", "clip.avi#2", "clip.avi#1", "clip.avi#2", "clip.avi#1"])
            using (var frame = source.NextFrame())
                (frame.Origin, frame.Width, frame.Height, frame.Generated).ShouldBe((expected, 64, 48, false));
    }

    [Fact]
    public void Paced_it_follows_its_own_time_stamps_also_into_the_next_lap()
    {
        var time = new FakeTimeProvider();
        using var source = Open(Video(3, fps: 10), new ReplayOptions(), time);
        source.NextFrame().Dispose();
        foreach (var expected in (string[])["clip.avi#2", "clip.avi#3", "clip.avi#1", "clip.avi#2"])
        {
            time.Advance(TimeSpan.FromMilliseconds(98));
            for (var i = 0; i < 3; i++) source.Next(CancellationToken.None).Kind.ShouldBe(ArrivalKind.Idle);
            time.Advance(TimeSpan.FromMilliseconds(2));
            using var frame = source.NextFrame();
            frame.Origin.ShouldBe(expected);
        }
    }

    [Fact]
    public void A_file_that_is_missing_empty_or_no_video_is_refused()
    {
        string CodeOf(string path) => VideoSource.Open("camera1", path, FastOnce, _pool, TimeProvider.System).Failure.ShouldNotBeNull().Code;
        CodeOf(Path.Combine(_folder.Path, "gone.mp4")).ShouldBe("video-missing");
        CodeOf(_folder.Path).ShouldBe("video-missing");
        CodeOf(_folder.Write("empty.mp4", "")).ShouldBe("video-empty");
        CodeOf(_folder.Write("notes.mp4", "Dear diary")).ShouldBe("video-unreadable");
    }

    [Fact]
    public void A_video_without_frames_is_refused()
    {
        var path = Video(0);
        if (!File.Exists(path)) path = _folder.Write("clip.avi", "RIFF\0\0\0\0AVI LIST");
        VideoSource.Open("camera1", path, FastOnce, _pool, TimeProvider.System).Failure.ShouldNotBeNull().Message.ShouldContain("clip.avi");
    }

    [Fact]
    public void A_video_that_ends_before_its_stated_end_says_so_with_an_unreadable_part()
    {
        var whole = File.ReadAllBytes(Video(60));
        var path = _folder.Write("half.avi", whole.AsSpan(0, whole.Length / 2));
        using var source = Open(path, FastOnce);
        var played = source.PlayToEnd();
        played.Count.ShouldBeInRange(10, 50);
        played[^1].Unreadable.ShouldNotBeNull().ShouldContain("half.avi is damaged or truncated");
    }

    [Fact]
    public void The_shared_bottles_play_to_the_last()
    {
        Assert.SkipUnless(SharedPhotos.Root is not null, SharedPhotos.WhyNot);
        using var source = Open(Path.Combine(SharedPhotos.Root, "video", "bottle-detection.mp4"), FastOnce);
        var played = source.PlayToEnd();
        played.Count.ShouldBeInRange(1150, 1250);
        played.ShouldAllBe(p => p.Unreadable == null);
    }
}
