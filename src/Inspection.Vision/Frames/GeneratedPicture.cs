using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Picture files of what a program drew, for whoever has pixels and no frame: exports, thumbnails.</summary>
public static class GeneratedPicture
{
    /// <summary>Encodes with the AI-content label, visible and as metadata.</summary>
    /// <param name="pixels">BGR, 8 bit; not changed.</param>
    /// <param name="format">JPEG or PNG.</param>
    /// <param name="maxBytes">Upper limit of the file, at least 4,096.</param>
    /// <param name="id">Identifier of the content.</param>
    public static byte[] Encode(Mat pixels, PictureFormat format, int maxBytes, Guid id)
        => PictureEncoder.Encode(pixels, format, maxBytes, null, new AiLabel(id));
}
