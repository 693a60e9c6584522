using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Makes picture files of limited size for people and for the ledger.</summary>
internal static class PictureEncoder
{
    private const int BestQuality = 90;
    private const int LeastQuality = 50;
    private const double Smaller = 0.75;

    /// <summary>Encodes; the quality of a JPEG goes down first, then the size of the picture, until the file fits.</summary>
    /// <param name="pixels">BGR, 8 bit; not changed.</param>
    /// <param name="format">JPEG (from quality 90 downwards) or PNG.</param>
    /// <param name="maxBytes">Upper limit of the file, at least 4,096.</param>
    /// <param name="overlay">Drawn over a copy, or null.</param>
    /// <param name="label">The label of generated content, or null for a camera's picture.</param>
    public static byte[] Encode(Mat pixels, PictureFormat format, int maxBytes, Overlay? overlay, AiLabel? label)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 4096);
        using var full = overlay is null ? null : OverlayPainter.Paint(pixels, overlay);
        var picture = full ?? pixels;
        for (var scale = 1.0; ; scale *= Smaller)
        {
            using var sized = Sized(picture, scale, label);
            var file = format == PictureFormat.Png ? Png(sized ?? picture, label) : Jpeg(sized ?? picture, maxBytes, label);
            if (file.Length <= maxBytes || Math.Min(picture.Width, picture.Height) * scale < 2) return file;
        }
    }

    private static Mat? Sized(Mat picture, double scale, AiLabel? label)
    {
        if (scale == 1 && label is null) return null;
        var sized = scale == 1
            ? picture.Clone()
            : picture.Resize(new Size(Math.Max(1, picture.Width * scale), Math.Max(1, picture.Height * scale)), 0, 0, InterpolationFlags.Area);
        if (label is not null) AiLabel.Draw(sized);
        return sized;
    }

    private static byte[] Png(Mat picture, AiLabel? label)
    {
        Cv2.ImEncode(".png", picture, out var file);
        return label?.MarkPng(file) ?? file;
    }

    private static byte[] Jpeg(Mat picture, int maxBytes, AiLabel? label)
    {
        for (var quality = BestQuality; ; quality -= 20)
        {
            Cv2.ImEncode(".jpg", picture, out var file, [(int)ImwriteFlags.JpegQuality, quality]);
            file = label?.MarkJpeg(file) ?? file;
            if (file.Length <= maxBytes || quality <= LeastQuality) return file;
        }
    }
}
