using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Inspection.Gpio;

/// <summary>The kernel's GPIO character device, version 2 of its interface (linux/gpio.h, since Linux 5.10).</summary>
internal static unsafe partial class Kernel
{
    public const int NoSuchFile = 2, Interrupted = 4, TryAgain = 11, NoPermission = 13, Busy = 16, NoDevice = 19, Invalid = 22, NotATerminal = 25;

    // _IOR(0xB4, 0x01, gpiochip_info), _IOWR(0xB4, 0x07 | 0x0E | 0x0F, …): direction, size of the structure, 0xB4, number.
    public const uint GetChipInformation = 0x8044_B401, GetLine = 0xC250_B407, GetValues = 0xC010_B40E, SetValues = 0xC010_B40F;

    public const ulong FlagInput = 1 << 2, FlagOutput = 1 << 3, FlagBothEdges = (1 << 4) | (1 << 5), FlagPullUp = 1 << 8, FlagPullDown = 1 << 9;
    public const uint AttributeOutputValues = 2, AttributeDebounce = 3, EventRising = 1;

    private const int ReadWrite = 2, CloseOnExec = 0x80000, SetFlags = 4, NonBlocking = 0x800;

    public static SafeFileHandle Open(string path) => Open(path, ReadWrite | CloseOnExec);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, nuint request, void* argument);

    /// <summary>Makes reads of this file return at once.</summary>
    public static bool TrySetNonBlocking(SafeFileHandle file) => FileControl(file, SetFlags, NonBlocking) >= 0;

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(SafeFileHandle file, int command, nint flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, void* buffer, nuint bytes);

    [StructLayout(LayoutKind.Sequential)]
    public struct ChipInformation
    {
        public Text32 Name, Label;
        public uint Lines;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct LineValues
    {
        public ulong Bits, Mask;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct LineAttribute
    {
        public uint Id, Padding;
        public ulong Value, Mask;
    }

    [InlineArray(10)]
    public struct LineAttributes
    {
        public LineAttribute First;
    }

    [InlineArray(64)]
    public struct LineOffsets
    {
        public uint First;
    }

    [InlineArray(32)]
    public struct Text32
    {
        public byte First;
    }

    [InlineArray(6)]
    public struct Padding6
    {
        public uint First;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct LineEvent
    {
        public ulong Timestamp;
        public uint Id, Offset, Number, LineNumber;
        public Padding6 Padding;
    }

    [InlineArray(5)]
    public struct Padding5
    {
        public uint First;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct LineRequest
    {
        public LineOffsets Offsets;
        public Text32 Consumer;
        public ulong Flags;
        public uint AttributeCount;
        public Padding5 ConfigurationPadding;
        public LineAttributes Attributes;
        public uint LineCount, EventBufferSize;
        public Padding5 Padding;
        public int File;
    }
}
