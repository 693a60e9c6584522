using System.Runtime.InteropServices;

namespace Inspection.Core;

/// <summary>Writing that survives a power cut: aside, fsync, rename, fsync of the directory.</summary>
public static partial class DurableFile
{
    /// <summary>Ends the name of a file that is not finished; what is found at a start is left over and is deleted.</summary>
    public const string AsideSuffix = ".aside";

    private const int ReadOnlyDirectoryCloseOnExec = 0x10000 | 0x80000;

    /// <summary>Replaces a file as a whole, or makes it. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="mode">Permissions from its first moment on; null for the process's default.</param>
    /// <param name="replace">False when a file that exists already is an error.</param>
    public static void Write(string path, ReadOnlySpan<byte> bytes, UnixFileMode? mode = null, bool replace = true)
    {
        var aside = path + AsideSuffix;
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is not null) options.UnixCreateMode = mode;
        using (var file = new FileStream(aside, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, path, replace);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Brings to the disk what was written to a file already. Throws <see cref="IOException"/>.</summary>
    public static void Sync(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Makes a directory, and those above it, whose names survive a power cut.</summary>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))!;
        CreateDirectory(parent);
        Directory.CreateDirectory(path);
        SyncDirectory(parent);
    }

    /// <summary>Makes durable which names a directory holds. Throws <see cref="IOException"/>.</summary>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(path, ReadOnlyDirectoryCloseOnExec);
        if (handle < 0) throw new IOException($"The directory '{path}' could not be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            if (Fsync(handle) != 0) throw new IOException($"The directory '{path}' could not be made durable: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
