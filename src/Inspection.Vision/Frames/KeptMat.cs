using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>
/// A picture over memory that lives as long as it does, with its array headers kept: OpenCvSharp would otherwise allocate
/// them anew at each call.
/// </summary>
/// <typeparam name="T">One value of one channel.</typeparam>
internal sealed class KeptMat<T> : IDisposable where T : struct
{
    private readonly T[] _values;

    /// <summary>Makes room for a picture.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="type">Its type; a value of one channel is a <typeparamref name="T"/>.</param>
    public KeptMat(int width, int height, MatType type)
    {
        Size = new Size(width, height);
        _values = GC.AllocateArray<T>(width * height * type.Channels, pinned: true);
        Mat = Mat.FromPixelData(height, width, type, Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0));
        Read = InputArray.Create(Mat);
        Write = OutputArray.Create(Mat);
    }

    /// <summary>Columns and rows.</summary>
    public Size Size { get; }

    /// <summary>The picture.</summary>
    public Mat Mat { get; }

    /// <summary>Its header to read from.</summary>
    public InputArray Read { get; }

    /// <summary>Its header to write to; only functions that give exactly its size and type.</summary>
    public OutputArray Write { get; }

    /// <summary>Its values, row by row.</summary>
    public Span<T> Values => _values;

    /// <inheritdoc />
    public void Dispose()
    {
        Read.Dispose();
        Write.Dispose();
        Mat.Dispose();
    }
}
