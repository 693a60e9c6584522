using System.Runtime.InteropServices;

namespace Inspection.Station.Time;

/// <summary>Asks the kernel whether something (NTP, PTP) keeps the wall clock right: adjtimex(2).</summary>
internal static partial class SystemClock
{
    private const int StatusUnsynchronized = 0x0040;
    private const int StatusOffset = 40;
    private const int Size = 256;

    /// <summary>True while the kernel calls the clock synchronised; false also where it cannot be asked.</summary>
    public static bool IsTrusted()
    {
        // struct timex on 64-bit Linux is 208 bytes; all zero asks and changes nothing.
        Span<byte> timex = stackalloc byte[Size];
        timex.Clear();
        if (!OperatingSystem.IsLinux() || Adjtimex(ref MemoryMarshal.GetReference(timex)) < 0) return false;
        return (MemoryMarshal.Read<int>(timex[StatusOffset..]) & StatusUnsynchronized) == 0;
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int Adjtimex(ref byte timex);
}
