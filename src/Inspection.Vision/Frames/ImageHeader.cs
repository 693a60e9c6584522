using System.Buffers.Binary;

namespace Inspection.Vision;

/// <summary>What a picture file says of itself before a byte of it is decoded, so that a hostile or broken one never reaches the decoder.</summary>
/// <param name="Format">For a person: JPEG, PNG, BMP or TIFF.</param>
/// <param name="Width">Width in pixels as decoded: of a JPEG that its camera stored lying on its side, the stored height.</param>
/// <param name="Height">Height in pixels, likewise.</param>
/// <param name="Complete">False when the file ends before its picture does.</param>
/// <param name="Bits">Bits of one channel; 0 where it does not matter.</param>
internal readonly record struct ImageHeader(string Format, long Width, long Height, bool Complete, int Bits = 0)
{
    private static readonly byte[] PngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads the header and walks through the file's structure.</summary>
    /// <returns>Null when it is no picture of a known format.</returns>
    public static ImageHeader? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length >= 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF)
            return Jpeg(file) is var jpeg && Exif.LiesOnItsSide(file) ? jpeg with { Width = jpeg.Height, Height = jpeg.Width } : jpeg;
        if (file.StartsWith(PngSignature)) return Png(file);
        if (file.StartsWith("BM"u8)) return Bmp(file);
        if (file.StartsWith("II*\0"u8)) return Tiff(file, littleEndian: true);
        if (file.StartsWith("MM\0*"u8)) return Tiff(file, littleEndian: false);
        return null;
    }

    /// <summary>Walks the markers of ITU T.81 annex B up to the end-of-image marker.</summary>
    private static ImageHeader Jpeg(ReadOnlySpan<byte> file)
    {
        var (width, height) = (0, 0);
        var at = 2;
        while (at + 1 < file.Length)
        {
            if (file[at] != 0xFF)
            {
                // Entropy-coded bytes (or padding) up to the next marker.
                var skip = file[at..].IndexOf((byte)0xFF);
                if (skip < 0) break;
                at += skip;
                continue;
            }
            var marker = file[at + 1];
            if (marker == 0xD9) return new("JPEG", width, height, width > 0);
            if (marker is 0x00 or 0x01 or 0xFF or (>= 0xD0 and <= 0xD8))
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }
            if (at + 4 > file.Length) break;
            if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC && width == 0 && at + 9 <= file.Length)
                (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]));
            at += 2 + Math.Max((ushort)2, BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]));
        }
        return new("JPEG", width, height, false);
    }

    /// <summary>Walks the chunks of PNG (ISO/IEC 15948, 5.3) up to IEND.</summary>
    private static ImageHeader Png(ReadOnlySpan<byte> file)
    {
        if (file.Length < 33) return new("PNG", 0, 0, false);
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(file[16..]), BinaryPrimitives.ReadUInt32BigEndian(file[20..]));
        long at = 8;
        while (at + 12 <= file.Length)
        {
            if (file.Slice((int)at + 4, 4).SequenceEqual("IEND"u8)) return new("PNG", width, height, true, file[24]);
            at += 12L + BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]);
        }
        return new("PNG", width, height, false, file[24]);
    }

    private static ImageHeader Bmp(ReadOnlySpan<byte> file)
    {
        if (file.Length < 30) return new("BMP", 0, 0, false);
        var pixels = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        long width = BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        long height = Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[22..]));
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]);
        var compressed = file.Length >= 34 && BinaryPrimitives.ReadUInt32LittleEndian(file[30..]) is not (0 or 3);
        var row = (width * bits + 31) / 32 * 4;
        return new("BMP", width, height, width > 0 && height > 0 && (compressed ? pixels < file.Length : pixels + row * height <= file.Length));
    }

    /// <summary>Reads the first image directory of TIFF 6.0 and checks that every strip or tile lies within the file.</summary>
    private static ImageHeader Tiff(ReadOnlySpan<byte> file, bool littleEndian)
    {
        if (file.Length < 8) return new("TIFF", 0, 0, false);
        var directory = U32(file, 4, littleEndian);
        if (directory + 2 > file.Length) return new("TIFF", 0, 0, false);
        var entries = U16(file, directory, littleEndian);
        if (directory + 2 + 12L * entries > file.Length) return new("TIFF", 0, 0, false);
        long width = 0, height = 0, bits = 0;
        (long Count, long At, int Size) offsets = default, counts = default;
        for (var i = 0; i < entries; i++)
        {
            var entry = directory + 2 + 12L * i;
            var size = U16(file, entry + 2, littleEndian) switch { 3 => 2, 4 => 4, _ => 1 };
            var count = U32(file, entry + 4, littleEndian);
            var at = count * size <= 4 ? entry + 8 : U32(file, entry + 8, littleEndian);
            if (at + count * size > file.Length) return new("TIFF", width, height, false);
            switch (U16(file, entry, littleEndian))
            {
                case 256: width = Value(file, at, size, littleEndian); break;
                case 257: height = Value(file, at, size, littleEndian); break;
                case 258: bits = Value(file, at, size, littleEndian); break;
                case 273 or 324: offsets = (count, at, size); break;
                case 279 or 325: counts = (count, at, size); break;
            }
        }
        var complete = offsets.Count > 0 && offsets.Count == counts.Count;
        for (var i = 0L; complete && i < offsets.Count; i++)
            complete = Value(file, offsets.At + i * offsets.Size, offsets.Size, littleEndian) + Value(file, counts.At + i * counts.Size, counts.Size, littleEndian) <= file.Length;
        return new("TIFF", width, height, complete, (int)bits);
    }

    private static long Value(ReadOnlySpan<byte> file, long at, int size, bool littleEndian)
        => size switch { 2 => U16(file, at, littleEndian), 4 => U32(file, at, littleEndian), _ => 0 };

    private static int U16(ReadOnlySpan<byte> file, long at, bool littleEndian)
        => littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(file[(int)at..]) : BinaryPrimitives.ReadUInt16BigEndian(file[(int)at..]);

    private static long U32(ReadOnlySpan<byte> file, long at, bool littleEndian)
        => littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(file[(int)at..]) : BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]);
}
