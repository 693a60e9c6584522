using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Inspection.Vision;

/// <summary>When a photo was taken, as its camera wrote it: <c>DateTimeOriginal</c> of Exif (CIPA DC-008), in JPEG files.</summary>
internal static class PhotoTime
{
    // The Exif segment stands before the picture and holds 64 KiB at most; a large colour profile may stand before it.
    private const int Searched = 256 << 10;
    private const int ExifDirectory = 0x8769;
    private const int Original = 0x9003;

    /// <summary>The time by the camera's own clock, without a zone; null where the file does not say, or cannot be read.</summary>
    /// <param name="path">The file.</param>
    public static DateTime? Of(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var bytes = new byte[Math.Min(Searched, RandomAccess.GetLength(file))];
            return In(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The photo itself is read by somebody else, who says what is wrong with it.
            return null;
        }
    }

    /// <summary>The same from a file's first bytes.</summary>
    internal static DateTime? In(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg is not [0xFF, 0xD8, ..]) return null;
        for (var at = 2; at + 4 <= jpeg.Length && jpeg[at] == 0xFF && jpeg[at + 1] is not (0xDA or 0xD9);)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (length < 2 || at + 2 + length > jpeg.Length) return null;
            var segment = jpeg.Slice(at + 4, length - 2);
            if (jpeg[at + 1] == 0xE1 && segment.StartsWith("Exif\0\0"u8)) return InTiff(segment[6..]);
            at += 2 + length;
        }
        return null;
    }

    private static DateTime? InTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return null;
        var little = tiff[0] == 'I';
        if (Entry(tiff, U32(tiff, 4, little), ExifDirectory, little) is not { } link) return null;
        if (Entry(tiff, U32(tiff, link + 8, little), Original, little) is not { } entry) return null;
        // "YYYY:MM:DD hh:mm:ss" and a zero.
        var text = U32(tiff, entry + 8, little);
        if (U32(tiff, entry + 4, little) < 19 || text + 19 > tiff.Length) return null;
        return DateTime.TryParseExact(
            Encoding.ASCII.GetString(tiff.Slice((int)text, 19)), "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }

    /// <summary>Where a directory's entry of twelve bytes stands; null where there is none, or the directory leads out of the segment.</summary>
    private static int? Entry(ReadOnlySpan<byte> tiff, uint directory, int tag, bool little)
    {
        if (directory + 2L > tiff.Length) return null;
        var entries = U16(tiff, (int)directory, little);
        for (var i = 0; i < entries; i++)
        {
            var at = directory + 2L + (12L * i);
            if (at + 12 > tiff.Length) return null;
            if (U16(tiff, (int)at, little) == tag) return (int)at;
        }
        return null;
    }

    private static int U16(ReadOnlySpan<byte> tiff, int at, bool little)
        => little ? BinaryPrimitives.ReadUInt16LittleEndian(tiff[at..]) : BinaryPrimitives.ReadUInt16BigEndian(tiff[at..]);

    private static uint U32(ReadOnlySpan<byte> tiff, int at, bool little)
        => little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[at..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[at..]);
}
