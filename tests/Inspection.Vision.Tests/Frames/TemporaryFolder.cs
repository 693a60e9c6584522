using OpenCvSharp;

namespace Inspection.Vision.Tests.Frames;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("inspection-test-").FullName;

    /// <summary>Writes bytes.</summary>
    /// <returns>The full path.</returns>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes text.</summary>
    /// <returns>The full path.</returns>
    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a picture of the format that the name says, with structure in it.</summary>
    /// <returns>The full path.</returns>
    public string Photo(string name, int width = 64, int height = 48, MatType? type = null, int seed = 0)
    {
        using var picture = Picture(width, height, type ?? MatType.CV_8UC3, seed);
        Cv2.ImEncode(System.IO.Path.GetExtension(name), picture, out var bytes);
        return Write(name, bytes);
    }

    public static Mat Picture(int width, int height, MatType type, int seed = 0)
    {
        var picture = new Mat(height, width, type);
        Cv2.Randu(picture, Scalar.All(0), Scalar.All(type.Depth == MatType.CV_16U ? 65535 : 255));
        picture.Circle(new Point(width / 2, height / 2), Math.Min(width, height) / 3, Scalar.All(50 + seed * 20), -1);
        return picture;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
