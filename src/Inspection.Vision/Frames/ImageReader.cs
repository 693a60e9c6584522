using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Reads a photo file, whatever is in it, to 8-bit BGR.</summary>
/// <remarks>
/// 16-bit pictures keep their upper 8 bits, grey becomes three equal channels, alpha is dropped, and the orientation
/// that a phone's EXIF gives is applied. What is decoded is complete: OpenCV fills the missing part of a truncated file
/// with grey, so the file's structure is walked to its end first.
/// </remarks>
public static class ImageReader
{
    /// <summary>
    /// Greatest picture as three channels of its own depth; checked in the header, before anything is decoded. Teaching from
    /// six TIFF files of nearly this size took 0.54 GB of memory with 16 bits and 0.60 GB with 8.
    /// </summary>
    public const long MaxDecodedBytes = 150_000_000;

    /// <summary>Greatest picture with 8 bits a channel: 50 megapixels; with 16 bits it is half of it.</summary>
    public const long MaxPixels = MaxDecodedBytes / 3;

    /// <summary>Greatest file: 512 MiB.</summary>
    public const long MaxFileBytes = 512L << 20;

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff" };

    /// <summary>True for the names that photos have: .jpg, .jpeg, .png, .bmp, .tif, .tiff.</summary>
    public static bool IsPhotoName(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>Reads a photo.</summary>
    /// <param name="path">The file.</param>
    /// <returns>
    /// The pixels (<c>CV_8UC3</c>, BGR; the caller disposes of them), or one of the failures <c>image-missing</c>,
    /// <c>image-empty</c>, <c>image-too-large</c>, <c>image-format</c>, <c>image-truncated</c>, <c>image-unreadable</c>,
    /// whose message names the file.
    /// </returns>
    public static Outcome<Mat> Read(string path)
    {
        var bytes = Bytes(path);
        if (!bytes.Succeeded) return bytes.Failure;
        using var file = bytes.Value;
        return Decode(file.AsSpan<byte>(), Path.GetFileName(path));
    }

    /// <summary>
    /// The bytes of a photo's file, one row outside the managed heap, where a few large files would wait long for their
    /// collection; the caller disposes of them. The failures are those of <see cref="Read"/> that need no look into it.
    /// </summary>
    /// <param name="path">The file.</param>
    internal static Outcome<Mat> Bytes(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            var file = new FileInfo(path);
            // A link's own length is that of its text.
            if (file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
            if (!file.Exists) return new Failure("image-missing", $"{name} is not there. Check the path.");
            // Also what a pipe or a device says, which must not be opened: reading it might never end.
            if (file.Length == 0) return new Failure("image-empty", $"{name} is empty (0 bytes). Copy it again.");
            if (file.Length > MaxFileBytes)
                return new Failure("image-too-large", $"{name} has {file.Length >> 20} MiB; at most {MaxFileBytes >> 20} MiB are read. Save it smaller.");
            using var stream = file.OpenRead();
            var bytes = new Mat(1, (int)file.Length, MatType.CV_8UC1);
            try
            {
                stream.ReadExactly(bytes.AsSpan<byte>());
                return bytes;
            }
            catch
            {
                bytes.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("image-unreadable", $"{name} cannot be read: {e.Message}");
        }
    }

    /// <summary>Decodes a photo that is in memory; see <see cref="Read"/>.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">For messages.</param>
    public static Outcome<Mat> Decode(ReadOnlySpan<byte> file, string name)
    {
        var head = Head(file, name);
        if (!head.Succeeded) return head.Failure;
        var header = head.Value;
        try
        {
            var pixels = Cv2.ImDecode(file, ImreadModes.Color);
            if (!pixels.Empty() && pixels.Type() == MatType.CV_8UC3) return pixels;
            pixels.Dispose();
            return new Failure("image-unreadable", $"{name} looks like {header.Format} and cannot be decoded; it is damaged. Copy it again.");
        }
        catch (OpenCVException e)
        {
            return new Failure("image-unreadable", $"{name} looks like {header.Format} and cannot be decoded: {e.ErrMsg}. Copy it again.");
        }
    }

    /// <summary>What a photo says of itself, checked as far as that can be done without decoding it; see <see cref="Read"/>.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">For messages.</param>
    internal static Outcome<ImageHeader> Head(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length == 0) return new Failure("image-empty", $"{name} is empty (0 bytes). Copy it again.");
        if (ImageHeader.Read(file) is not { } header)
            return new Failure("image-format", $"{name} is not a picture of a known format, whatever its name says. Save it as JPEG, PNG, BMP or TIFF.");
        var most = header.Bits > 8 ? MaxPixels / 2 : MaxPixels;
        if (header.Width * header.Height > most)
            return new Failure("image-too-large", $"{name} has {header.Width} × {header.Height} = {header.Width * header.Height / 1e6:F0} megapixels{(header.Bits > 8 ? $" of {header.Bits} bits a channel" : "")}; at most {most / 1_000_000} are read, {MaxDecodedBytes / 1_000_000} MB decoded. Save it smaller{(header.Bits > 8 ? " or with 8 bits" : "")}.");
        if (header.Bits > 16)
            return new Failure("image-format", $"{name} has {header.Bits} bits a channel; 8 and 16 are read. Save it with 8 or 16 bits.");
        if (!header.Complete)
            return new Failure("image-truncated", $"{name} is truncated: the {header.Format} file ends before its picture does. Copy it again.");
        if (header.Width < 1 || header.Height < 1)
            return new Failure("image-unreadable", $"{name} looks like {header.Format} and has no size; it is damaged. Copy it again.");
        return header;
    }
}
