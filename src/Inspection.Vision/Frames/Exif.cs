using System.Buffers.Binary;

namespace Inspection.Vision;

/// <summary>What a camera wrote of a photo into its file: the Exif segment (CIPA DC-008) of a JPEG, whose shape is that of TIFF 6.0.</summary>
internal static class Exif
{
    private const int Orientation = 0x0112;

    /// <summary>The segment without its mark, from a file or its first bytes; empty where there is none.</summary>
    public static ReadOnlySpan<byte> In(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg is not [0xFF, 0xD8, ..]) return default;
        for (var at = 2; at + 4 <= jpeg.Length && jpeg[at] == 0xFF && jpeg[at + 1] is not (0xDA or 0xD9);)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (length < 2 || at + 2 + length > jpeg.Length) return default;
            var segment = jpeg.Slice(at + 4, length - 2);
            if (jpeg[at + 1] == 0xE1 && segment.StartsWith("Exif\0\0"u8)) return segment[6..];
            at += 2 + length;
        }
        return default;
    }

    /// <summary>True where a JPEG is stored lying on its side, so that its width is the height of the photo.</summary>
    public static bool LiesOnItsSide(ReadOnlySpan<byte> jpeg)
    {
        var exif = In(jpeg);
        if (exif.Length < 8) return false;
        var little = exif[0] == 'I';
        return Entry(exif, U32(exif, 4, little), Orientation, little) is { } entry && U16(exif, entry + 8, little) is >= 5 and <= 8;
    }

    /// <summary>Where a directory's entry of twelve bytes stands; null where there is none, or the directory leads out of the segment.</summary>
    public static int? Entry(ReadOnlySpan<byte> exif, uint directory, int tag, bool little)
    {
        if (directory + 2L > exif.Length) return null;
        var entries = U16(exif, (int)directory, little);
        for (var i = 0; i < entries; i++)
        {
            var at = directory + 2L + (12L * i);
            if (at + 12 > exif.Length) return null;
            if (U16(exif, (int)at, little) == tag) return (int)at;
        }
        return null;
    }

    /// <summary>A number of two bytes.</summary>
    public static int U16(ReadOnlySpan<byte> exif, int at, bool little)
        => little ? BinaryPrimitives.ReadUInt16LittleEndian(exif[at..]) : BinaryPrimitives.ReadUInt16BigEndian(exif[at..]);

    /// <summary>A number of four bytes.</summary>
    public static uint U32(ReadOnlySpan<byte> exif, int at, bool little)
        => little ? BinaryPrimitives.ReadUInt32LittleEndian(exif[at..]) : BinaryPrimitives.ReadUInt32BigEndian(exif[at..]);
}
