using System.Runtime.InteropServices;

namespace Inspection.Store;

/// <summary>What the file system knows of a file and no copy of it can carry.</summary>
/// <param name="Inode">Its number in its file system.</param>
/// <param name="Born">When it was made, ns since 1970; 0 where the file system does not say.</param>
/// <param name="Changed">When its content, name or owner was last changed, ns since 1970; nothing but the kernel sets it.</param>
public readonly partial record struct FileIdentity(ulong Inode, long Born, long Changed)
{
    private const int CurrentDirectory = -100;
    private const uint BasicAndBorn = 0x7ff | 0x800;

    /// <summary>Asks for a file's identity.</summary>
    /// <returns>Null where there is no such file or the system does not tell.</returns>
    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        return Statx(CurrentDirectory, path, 0, BasicAndBorn, out var found) == 0
            ? new(found.Inode, found.Born.Nanoseconds, found.Changed.Nanoseconds)
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Found found);

    // struct statx of linux/stat.h, the same on every architecture. A time that is not known is zero.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Found
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(80)]
        public Moment Born;

        [FieldOffset(96)]
        public Moment Changed;
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private struct Moment
    {
        [FieldOffset(0)]
        public long Seconds;

        [FieldOffset(8)]
        public uint Fraction;

        public readonly long Nanoseconds => Seconds * 1_000_000_000 + Fraction;
    }
}
