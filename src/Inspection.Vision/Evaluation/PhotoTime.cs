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
        var exif = Exif.In(jpeg);
        if (exif.Length < 8) return null;
        var little = exif[0] == 'I';
        if (Exif.Entry(exif, Exif.U32(exif, 4, little), ExifDirectory, little) is not { } link) return null;
        if (Exif.Entry(exif, Exif.U32(exif, link + 8, little), Original, little) is not { } entry) return null;
        // "YYYY:MM:DD hh:mm:ss" and a zero.
        var text = Exif.U32(exif, entry + 8, little);
        if (Exif.U32(exif, entry + 4, little) < 19 || text + 19 > exif.Length) return null;
        return DateTime.TryParseExact(
            Encoding.ASCII.GetString(exif.Slice((int)text, 19)), "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }
}
