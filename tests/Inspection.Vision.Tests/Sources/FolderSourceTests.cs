using Inspection.Core;
using Inspection.Vision.Tests.Frames;
using Microsoft.Extensions.Time.Testing;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Sources;

public sealed class FolderSourceTests : IDisposable
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

    private IFrameSource Open(ReplayOptions options, TimeProvider? time = null, MatFramePool? pool = null)
    {
        var opened = FolderSource.Open("camera1", _folder.Path, options, pool ?? _pool, time ?? TimeProvider.System);
        return opened.Value.ShouldNotBeNull(opened.Failure?.Message);
    }

    [Fact]
    public void Played_once_every_photo_comes_once_in_natural_order()
    {
        foreach (var name in (string[])["10.png", "9.jpg", "sub/1.bmp"]) _folder.Photo(name);
        using var source = Open(FastOnce);
        source.WaitsForRoom.ShouldBeTrue();
        source.PlayToEnd().Select(p => p.Origin).ShouldBe(["9.jpg", "10.png", "sub/1.bmp"]);
        source.Next(CancellationToken.None).Kind.ShouldBe(ArrivalKind.Idle);
        source.Ended.ShouldBeTrue();
    }

    [Fact]
    public void A_frame_has_the_photos_pixels_and_says_that_no_camera_took_it_and_no_program_drew_it()
    {
        var path = _folder.Photo("a.png", 33, 21);
        using var source = Open(FastOnce);
        using var frame = source.NextFrame();
        (frame.Width, frame.Height, frame.Camera, frame.Simulated, frame.Generated).ShouldBe((33, 21, "camera1", true, false));
        frame.Trigger.Source.ShouldBe("frame");
        using var expected = Cv2.ImRead(path);
        Cv2.Norm(expected, frame.Pixels, NormTypes.INF).ShouldBe(0);
    }

    [Fact]
    public void An_unreadable_or_truncated_photo_becomes_a_frame_without_pixels_that_names_it()
    {
        _folder.Photo("1.png");
        _folder.Write("2.png", "no picture");
        _folder.Write("3.jpg", File.ReadAllBytes(_folder.Photo("whole.jpg", 200, 200)).AsSpan(0, 3000));
        _folder.Write("4.png", "");
        using var source = Open(FastOnce);
        var played = source.PlayToEnd();
        played.Select(p => p.Origin).ShouldBe(["1.png", "2.png", "3.jpg", "4.png", "whole.jpg"]);
        played.Select(p => p.Unreadable is null).ShouldBe([true, false, false, false, true]);
        played[1].Unreadable!.ShouldContain("2.png is not a picture");
        played[2].Unreadable!.ShouldContain("3.jpg is truncated");
        played[3].Unreadable!.ShouldContain("4.png is empty");
    }

    [Fact]
    public void A_manifest_gives_the_true_labels_and_its_masks_are_not_played()
    {
        foreach (var name in (string[])["a.png", "b.png", "c.png", "mask.png"]) _folder.Photo(name);
        _folder.Write("manifest.csv", "path,split,label,class,mask\na.png,test,good,good,\nb.png,test,defect,scratch,mask.png\n");
        using var source = Open(FastOnce);
        source.PlayToEnd().Select(p => (p.Origin, p.Label)).ShouldBe([("a.png", "good"), ("b.png", "scratch"), ("c.png", null)]);
    }

    [Fact]
    public void A_manifest_of_the_folder_above_gives_the_true_labels_too()
    {
        _folder.Photo("test/a.png");
        _folder.Write("manifest.csv", "path,split,label,class,mask\ntest/a.png,test,defect,chip,\n");
        using var source = FolderSource.Open("camera1", Path.Combine(_folder.Path, "test/"), FastOnce, _pool, TimeProvider.System).Value.ShouldNotBeNull();
        source.PlayToEnd().ShouldBe([("a.png", "chip", null)]);
    }

    [Fact]
    public void A_link_that_leads_back_makes_no_photo_count_twice()
    {
        _folder.Photo("sub/a.png");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "sub", "loop"), _folder.Path);
        using var source = Open(FastOnce);
        source.PlayToEnd().Select(p => p.Origin).ShouldBe(["sub/a.png"]);
    }

    [Fact]
    public void A_manifest_itself_plays_its_photos_in_its_order()
    {
        foreach (var name in (string[])["a.png", "b.png", "c.png"]) _folder.Photo(name);
        var manifest = _folder.Write("manifest.csv", "path,split,label,class,mask\nc.png,test,defect,scratch,\na.png,train,good,good,\n");
        using var source = FolderSource.Open("camera1", manifest, FastOnce, _pool, TimeProvider.System).Value.ShouldNotBeNull();
        source.PlayToEnd().ShouldBe([("c.png", "scratch", null), ("a.png", "good", null)]);
        var none = _folder.Write("other.csv", "path,split\n");
        FolderSource.Open("camera1", none, FastOnce, _pool, TimeProvider.System).Failure.ShouldNotBeNull().Code.ShouldBe("manifest-wrong");
    }

    [Fact]
    public void A_wrong_manifest_within_the_folder_refuses_it()
    {
        _folder.Photo("a.png");
        _folder.Write("manifest.csv", "path,label\na.png,good\n");
        FolderSource.Open("camera1", _folder.Path, FastOnce, _pool, TimeProvider.System).Failure.ShouldNotBeNull().Code.ShouldBe("manifest-wrong");
    }

    [Fact]
    public void A_folder_that_is_missing_or_empty_or_filtered_to_nothing_is_refused()
    {
        FolderSource.Open("camera1", _folder.Path + "x", FastOnce, _pool, TimeProvider.System).Failure.ShouldNotBeNull().Code.ShouldBe("folder-missing");
        FolderSource.Open("camera1", _folder.Path, FastOnce, _pool, TimeProvider.System).Failure.ShouldNotBeNull().Code.ShouldBe("folder-empty");
        _folder.Photo("a.png");
        FolderSource.Open("camera1", _folder.Path, FastOnce with { Filter = _ => false }, _pool, TimeProvider.System).Failure.ShouldNotBeNull().Code.ShouldBe("folder-empty");
    }

    [Fact]
    public void Without_once_it_starts_again_at_its_end()
    {
        _folder.Photo("1.png");
        _folder.Photo("2.png");
        using var source = Open(new ReplayOptions { AsFastAsPossible = true });
        foreach (var expected in (string[])["1.png", "2.png", "1.png", "2.png", "1.png"])
            using (var frame = source.NextFrame()) frame.Origin.ShouldBe(expected);
        source.Ended.ShouldBeFalse();
    }

    [Fact]
    public void A_photo_that_vanishes_while_it_plays_becomes_an_unreadable_frame()
    {
        _folder.Photo("1.png");
        var second = _folder.Photo("2.png");
        using var source = Open(new ReplayOptions { AsFastAsPossible = true });
        source.NextFrame().Dispose();
        File.Delete(second);
        for (var lap = 0; lap < 3; lap++) source.NextFrame().Dispose();
        using var frame = source.NextFrame();
        using var next = source.NextFrame();
        (frame.Unreadable ?? next.Unreadable).ShouldNotBeNull().ShouldContain("2.png is not there");
    }

    [Fact]
    public void At_a_rate_a_photo_comes_when_it_is_due_and_never_before()
    {
        for (var i = 0; i < 4; i++) _folder.Photo($"{i}.png", seed: i);
        var time = new FakeTimeProvider();
        using var source = Open(new ReplayOptions { PartsPerSecond = 4 }, time);
        source.WaitsForRoom.ShouldBeFalse();
        source.NextFrame().Dispose();
        for (var i = 0; i < 5; i++) source.Next(CancellationToken.None).Kind.ShouldBe(ArrivalKind.Idle);
        time.Advance(TimeSpan.FromMilliseconds(249));
        for (var i = 0; i < 5; i++) source.Next(CancellationToken.None).Kind.ShouldBe(ArrivalKind.Idle);
        time.Advance(TimeSpan.FromMilliseconds(1));
        using var frame = source.NextFrame();
        frame.Origin.ShouldBe("1.png");
        frame.Trigger.Timestamp.ShouldBe(time.GetTimestamp());
    }

    [Fact]
    public void While_a_large_photo_is_decoded_the_source_is_never_silent()
    {
        _folder.Photo("large.jpg", 5400, 3600);
        using var source = Open(FastOnce);
        var idle = 0;
        for (; source.Next(CancellationToken.None) is var arrival; idle++)
        {
            arrival.SignOfLifeAge.ShouldBe(TimeSpan.Zero);
            if (arrival.Frame is null) continue;
            arrival.Frame.Width.ShouldBe(5400);
            arrival.Frame.Dispose();
            break;
        }
        idle.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Photos_wait_for_memory_instead_of_being_lost()
    {
        for (var i = 0; i < 5; i++) _folder.Photo($"{i}.png");
        using var small = new MatFramePool(frames: 2);
        using var source = Open(FastOnce, pool: small);
        var held = new[] { source.NextFrame(), source.NextFrame() };
        for (var i = 0; i < 5; i++) source.Next(CancellationToken.None).Kind.ShouldBe(ArrivalKind.Idle);
        foreach (var frame in held) frame.Dispose();
        source.PlayToEnd().Select(p => p.Origin).ShouldBe(["2.png", "3.png", "4.png"]);
        small.Outstanding.ShouldBe(0);
    }

    [Fact]
    public async Task Frames_that_were_read_ahead_go_back_when_the_source_is_closed()
    {
        for (var i = 0; i < 5; i++) _folder.Photo($"{i}.png");
        var source = Open(new ReplayOptions { AsFastAsPossible = true });
        source.NextFrame().Dispose();
        source.Dispose();
        await Testing.Eventually.Holds(() => _pool.Outstanding == 0);
    }

    [Fact]
    public void The_shared_cubes_play_to_the_last_with_their_labels()
    {
        Assert.SkipUnless(SharedPhotos.Root is not null, SharedPhotos.WhyNot);
        var cubes = Path.Combine(SharedPhotos.Root, "dobot_cubes", "test");
        using var source = FolderSource.Open("camera1", cubes, FastOnce, _pool, TimeProvider.System).Value.ShouldNotBeNull();
        var played = source.PlayToEnd();
        played.Count.ShouldBe(120);
        played.Count(p => p.Label == "good").ShouldBe(48);
        played.ShouldAllBe(p => p.Unreadable == null && p.Label != null);
    }
}
