using Inspection.Core;
using Inspection.Testing;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Frames;

public sealed class MatFramePoolTests
{
    private static FrameDescription Description(string? unreadable = null)
        => new(Identifiers.New(TimeProvider.System), Some.Trigger(TimeProvider.System), "camera1", TimeProvider.System.GetUtcNow(), true, true, Unreadable: unreadable);

    [Fact]
    public void A_frame_comes_back_when_its_last_holder_disposes_of_it()
    {
        using var pool = new MatFramePool();
        var frame = pool.TryRent(64, 48, Description())!;
        frame.Retain();
        frame.Dispose();
        pool.Outstanding.ShouldBe(1);
        frame.Dispose();
        pool.Outstanding.ShouldBe(0);
        Should.Throw<InvalidOperationException>(frame.Dispose);
        pool.Outstanding.ShouldBe(0);
    }

    [Fact]
    public void A_forgotten_frame_is_seen_in_the_pools_count()
    {
        using var pool = new MatFramePool();
        pool.TryRent(8, 8, Description());
        pool.Outstanding.ShouldBe(1);
    }

    [Fact]
    public void Renting_a_size_that_came_back_uses_the_same_memory_and_allocates_nothing()
    {
        using var pool = new MatFramePool();
        var description = Description();
        var first = pool.TryRent(64, 48, description)!;
        var data = first.Pixels.Data;
        first.Dispose();
        for (var i = 0; i < 100; i++) pool.TryRent(64, 48, description)!.Dispose();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) pool.TryRent(64, 48, description)!.Dispose();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        using var again = pool.TryRent(64, 48, description)!;
        again.Pixels.Data.ShouldBe(data);
        again.Pixels.Type().ShouldBe(MatType.CV_8UC3);
        (again.Width, again.Height).ShouldBe((64, 48));
    }

    [Fact]
    public void An_exhausted_pool_gives_nothing_until_a_frame_is_back()
    {
        using var pool = new MatFramePool(frames: 2);
        var (a, b) = (pool.TryRent(8, 8, Description())!, pool.TryRent(9, 9, Description())!);
        pool.TryRent(8, 8, Description()).ShouldBeNull();
        a.Dispose();
        using (var other = pool.TryRent(10, 10, Description())) other.ShouldNotBeNull();
        b.Dispose();
        pool.Outstanding.ShouldBe(0);
    }

    [Fact]
    public void Memory_is_bounded_but_one_frame_always_fits()
    {
        using var pool = new MatFramePool(frames: 8, bytes: 3 * 100 * 100);
        var large = pool.TryRent(1000, 1000, Description());
        large.ShouldNotBeNull();
        pool.TryRent(8, 8, Description()).ShouldBeNull();
        large.Dispose();
        using var small = pool.TryRent(8, 8, Description());
        small.ShouldNotBeNull();
    }

    [Fact]
    public void A_frame_outlives_the_disposal_of_its_pool()
    {
        var pool = new MatFramePool();
        var frame = pool.TryRent(16, 16, Description())!;
        pool.Dispose();
        frame.Pixels.SetTo(new Scalar(1, 2, 3));
        frame.Pixels.At<Vec3b>(15, 15).ShouldBe(new Vec3b(1, 2, 3));
        frame.Dispose();
        pool.Outstanding.ShouldBe(0);
        Should.Throw<ObjectDisposedException>(() => pool.TryRent(16, 16, Description()));
    }

    [Fact]
    public void An_unreadable_frame_has_no_pixels_and_is_counted_too()
    {
        using var pool = new MatFramePool();
        var frame = pool.Unreadable(Description("a.jpg is truncated"));
        (frame.Width, frame.Height, frame.Unreadable).ShouldBe((0, 0, "a.jpg is truncated"));
        Should.Throw<InvalidOperationException>(() => frame.Pixels);
        Should.Throw<InvalidOperationException>(() => frame.Encode(PictureFormat.Jpeg, 10_000));
        pool.Outstanding.ShouldBe(1);
        frame.Dispose();
        pool.Outstanding.ShouldBe(0);
    }

    [Fact]
    public async Task Many_threads_may_rent_and_return()
    {
        using var pool = new MatFramePool(frames: 4);
        var tasks = Enumerable.Range(0, 8).Select(n => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++) pool.TryRent(8 + n % 3, 8, Description())?.Dispose();
        }));
        await Task.WhenAll(tasks);
        pool.Outstanding.ShouldBe(0);
    }
}
