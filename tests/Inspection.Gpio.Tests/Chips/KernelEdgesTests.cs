using System.IO.Pipes;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Inspection.Gpio.Tests;

/// <summary>The kernel's side is a pipe that carries what the kernel writes.</summary>
public sealed class KernelEdgesTests : IDisposable
{
    private readonly AnonymousPipeServerStream _kernel = new(PipeDirection.Out);
    private readonly KernelEdges _edges;

    public KernelEdgesTests()
    {
        var file = new SafeFileHandle(_kernel.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        Kernel.TrySetNonBlocking(file).ShouldBeTrue();
        _edges = new KernelEdges(file);
    }

    public void Dispose() => _kernel.Dispose();

    private void Happens(ulong nanoseconds, bool rising, uint number)
    {
        var e = new Kernel.LineEvent { Timestamp = nanoseconds, Id = rising ? 1u : 2u, Offset = 5, Number = number, LineNumber = number };
        _kernel.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Kernel.LineEvent>(in e)));
    }

    private LineEdge[] Take(int room = 8)
    {
        var into = new LineEdge[room];
        return into[.._edges.Take(into)];
    }

    [Fact]
    public void Edges_come_oldest_first_with_the_kernels_time_and_level()
    {
        Happens(1_000, true, 1);
        Happens(2_500, false, 2);
        Take().ShouldBe([new(1_000, true, 0), new(2_500, false, 0)]);
    }

    [Fact]
    public void Where_nothing_happened_nothing_is_waited_for() => Take().ShouldBeEmpty();

    [Fact]
    public void What_finds_no_room_is_there_at_the_next_call()
    {
        for (var i = 1u; i <= 40; i++) Happens(i, i % 2 == 1, i);
        Take(3).Select(edge => edge.Timestamp).ShouldBe([1, 2, 3]);
        Take(40).Select(edge => edge.Timestamp).ShouldBe(Enumerable.Range(4, 37).Select(i => (long)i));
    }

    [Theory]
    [InlineData(1u, 2u, 0)]
    [InlineData(1u, 6u, 4)]
    [InlineData(uint.MaxValue, 0u, 0)]
    [InlineData(uint.MaxValue, 2u, 2)]
    public void A_number_that_was_skipped_is_an_edge_that_was_lost(uint before, uint next, int lost)
    {
        Happens(1, true, before);
        Happens(2, false, next);
        Take()[1].Lost.ShouldBe(lost);
    }

    [Fact]
    public void A_line_that_is_gone_is_an_IOException()
    {
        using var unreadable = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        Should.Throw<IOException>(() => new KernelEdges(unreadable).Take(new LineEdge[1]));
    }

    [Fact]
    public void Taking_allocates_nothing()
    {
        var into = new LineEdge[8];
        Happens(1, true, 1);
        _edges.Take(into);
        for (var i = 2u; i < 32; i++) Happens(i, i % 2 == 1, i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) _edges.Take(into);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void An_event_has_the_size_that_the_kernel_expects() => Unsafe.SizeOf<Kernel.LineEvent>().ShouldBe(48);

    [Fact]
    public void The_kernels_time_stamps_are_in_the_units_of_the_clock()
    {
        // linux/gpio.h: CLOCK_MONOTONIC, which is 1, in nanoseconds.
        TimeProvider.System.TimestampFrequency.ShouldBe(1_000_000_000);
        var before = TimeProvider.System.GetTimestamp();
        ClockGetTime(1, out var now).ShouldBe(0);
        (now.Seconds * 1_000_000_000 + now.Nanoseconds).ShouldBeInRange(before, TimeProvider.System.GetTimestamp());
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds, Nanoseconds;
    }
}
