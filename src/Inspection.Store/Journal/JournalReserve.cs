using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Inspection.Store;

/// <summary>
/// Room on the disk that belongs to the journal ahead of its end, and that no other file can take. A disk that others have
/// filled is so known while the trip, the alarms and the last verdicts can still be made durable.
/// </summary>
internal static partial class JournalReserve
{
    /// <summary>So many bytes are kept ahead: some thousands of entries.</summary>
    public const long Bytes = 4 * 1024 * 1024;

    /// <summary>So many of them are for the end, to tell of what could not be stored.</summary>
    public const long LastBytes = 64 * 1024;

    /// <summary>A disk with less room than this for all files counts as full.</summary>
    public const long LeastFree = 1024 * 1024;

    private const int KeepSize = 1;
    private const int Interrupted = 4, NoSuchCall = 38, NotSupported = 95;

    /// <summary>Sets room aside; the file's length stays as it is.</summary>
    /// <param name="journal">The journal, open for writing.</param>
    /// <param name="end">Where its next entry begins, bytes.</param>
    /// <returns>False when it was not set aside, mostly because the disk has not so much; true too where the file system knows no such thing.</returns>
    public static bool TryKeep(SafeFileHandle journal, long end)
    {
        if (!OperatingSystem.IsLinux()) return true;
        var held = false;
        try
        {
            journal.DangerousAddRef(ref held);
            int error;
            do error = Allocate((int)journal.DangerousGetHandle(), KeepSize, end, Bytes) == 0 ? 0 : Marshal.GetLastPInvokeError();
            while (error == Interrupted);
            return error is 0 or NoSuchCall or NotSupported;
        }
        finally
        {
            if (held) journal.DangerousRelease();
        }
    }

    /// <summary>Why the disk counts as full, for a person.</summary>
    public static string Full(long free)
        => string.Create(CultureInfo.InvariantCulture, $"the disk is full: {free / 1024} KiB are left, and the room of at most {Bytes / 1024} KiB that is kept for the ledger's last entries");

    [LibraryImport("libc", EntryPoint = "fallocate64", SetLastError = true)]
    private static partial int Allocate(int file, int mode, long offset, long length);
}
