using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Inspection.Gpio;

/// <summary>
/// The edges that the kernel keeps for one input. Their time is CLOCK_MONOTONIC in nanoseconds, which is what
/// <see cref="TimeProvider.System"/> counts on Linux. Taking them waits for nothing and allocates nothing.
/// </summary>
/// <param name="file">The line's file, which must not block.</param>
internal sealed unsafe class KernelEdges(SafeFileHandle file)
{
    /// <summary>The kernel keeps so many of one line, and then forgets the oldest: 256 are a quarter of a second of 1 kHz.</summary>
    public const int Kept = 256;

    private const int AtOnce = 16;

    private uint _last;

    /// <summary>Takes the oldest edges.</summary>
    /// <returns>How many were taken.</returns>
    /// <exception cref="IOException">The chip refused, or is gone.</exception>
    public int Take(Span<LineEdge> into)
    {
        var events = stackalloc Kernel.LineEvent[AtOnce];
        var taken = 0;
        while (taken < into.Length)
        {
            var read = (int)Kernel.Read(file, events, (nuint)(Math.Min(AtOnce, into.Length - taken) * sizeof(Kernel.LineEvent)));
            var error = Marshal.GetLastPInvokeError();
            if (read < 0 && error == Kernel.Interrupted) continue;
            if (read < 0 && error != Kernel.TryAgain) throw new IOException($"the edges of an input could not be read: {Marshal.GetPInvokeErrorMessage(error)}");
            if (read < sizeof(Kernel.LineEvent)) break;
            for (var i = 0; i < read / sizeof(Kernel.LineEvent); i++) into[taken++] = EdgeOf(events[i]);
        }
        return taken;
    }

    private LineEdge EdgeOf(in Kernel.LineEvent e)
    {
        // The kernel numbers them from 1 and may wrap.
        var lost = unchecked(e.LineNumber - _last - 1);
        _last = e.LineNumber;
        return new((long)e.Timestamp, e.Id == Kernel.EventRising, (int)Math.Min(lost, int.MaxValue));
    }
}
