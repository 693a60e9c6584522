using System.Runtime.InteropServices;

namespace Inspection.Station.Hosting;

/// <summary>
/// A process that was refused memory can promise nothing any more: it spends its time collecting while the relay stays
/// closed, and may neither trip nor tell. It ends at once instead; the kernel then releases the lines.
/// </summary>
internal static partial class LastResort
{
    private const int KillSignal = 9;

    private static readonly byte[] Told = "inspection: no memory is left, so the station ends and the relay opens. Give this PC more memory, or end what else uses it.\n"u8.ToArray();

    private static bool _installed;

    /// <summary>Ends the process, from now on, at the first allocation that is refused on any of its threads.</summary>
    public static void EndWithoutMemory()
    {
        if (Interlocked.Exchange(ref _installed, true)) return;
        // Called once while there is memory, so that nothing needs any then.
        Tell(0);
        _ = Signal(Environment.ProcessId, 0);
        AppDomain.CurrentDomain.FirstChanceException += static (_, thrown) =>
        {
            if (thrown.Exception is not OutOfMemoryException) return;
            Tell(Told.Length);
            _ = Signal(Environment.ProcessId, KillSignal);
        };
    }

    private static unsafe void Tell(int length)
    {
        fixed (byte* text = Told) _ = WriteTo(2, text, length);
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static unsafe partial nint WriteTo(int file, byte* bytes, nint length);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
