using Inspection.Core;
using Inspection.Vision;
using OpenCvSharp;

namespace Inspection.Station.Bench;

/// <summary>The pictures of a bench, decoded into memory: as they are, and at the model's size.</summary>
internal sealed class Pictures : IDisposable
{
    /// <summary>No more than this many are decoded; they cycle.</summary>
    public const int Most = 50;

    private Pictures(List<Mat> decoded, List<Mat> sized) => (AsDecoded, AtModelSize) = (decoded, sized);

    /// <summary>As they are in their files, 8-bit BGR.</summary>
    public IReadOnlyList<Mat> AsDecoded { get; }

    /// <summary>At the model's input size.</summary>
    public IReadOnlyList<Mat> AtModelSize { get; }

    /// <summary>Decodes a folder's photos.</summary>
    /// <returns>The pictures, or why there are none.</returns>
    public static Outcome<Pictures> Read(string folder, int width, int height)
    {
        var files = PhotoFiles.In(folder);
        if (!files.Succeeded) return files.Failure;
        var (decoded, sized) = (new List<Mat>(), new List<Mat>());
        foreach (var file in files.Value.Take(Most))
        {
            var picture = ImageReader.Read(Path.Combine(folder, file));
            if (!picture.Succeeded) continue;
            decoded.Add(picture.Value);
            var small = new Mat();
            Cv2.Resize(picture.Value, small, new Size(width, height), 0, 0, InterpolationFlags.Area);
            sized.Add(small);
        }
        return decoded.Count > 0 ? new Pictures(decoded, sized) : new Failure("no-photos", $"There is no photo in '{folder}' that can be read.");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var picture in AsDecoded.Concat(AtModelSize)) picture.Dispose();
    }
}
