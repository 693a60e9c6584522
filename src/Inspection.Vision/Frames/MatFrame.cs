using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>A frame whose pixels lie in an OpenCV matrix of its pool, or that has none because it could not be read.</summary>
/// <remarks>Made by <see cref="MatFramePool"/> only; disposing of the last hold brings it back there.</remarks>
public sealed class MatFrame : Frame
{
    private readonly MatFramePool _pool;
    private readonly Mat? _pixels;
    private readonly InputArray? _input;
    private readonly int _width;
    private readonly int _height;

    internal MatFrame(MatFramePool pool, int width, int height)
    {
        (_pool, _width, _height) = (pool, width, height);
        if (width == 0) return;
        _pixels = new Mat(height, width, MatType.CV_8UC3);
        _input = InputArray.Create(_pixels);
    }

    /// <summary>The pixels: <c>CV_8UC3</c>, BGR, <see cref="Height"/> rows of <see cref="Width"/>.</summary>
    /// <exception cref="InvalidOperationException">The frame is unreadable, so it has no pixels.</exception>
    public Mat Pixels => _pixels ?? throw new InvalidOperationException("An unreadable frame has no pixels.");

    /// <summary>The same pixels as an argument of OpenCV's functions, made once so that a call allocates nothing.</summary>
    /// <exception cref="InvalidOperationException">The frame is unreadable, so it has no pixels.</exception>
    public InputArray Input => _input ?? throw new InvalidOperationException("An unreadable frame has no pixels.");

    /// <inheritdoc />
    public override int Width => _width;

    /// <inheritdoc />
    public override int Height => _height;

    internal bool HasPixels => _pixels is not null;

    internal long Bytes => 3L * _width * _height;

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The frame is unreadable, so it has no pixels.</exception>
    public override byte[] Encode(PictureFormat format, int maxBytes, Overlay? overlay = null)
    {
        var label = Generated || overlay is not null ? new AiLabel(Id) : null;
        return PictureEncoder.Encode(Pixels, format, maxBytes, overlay, label);
    }

    internal void BeginLife(in FrameDescription description) => Begin(description);

    internal void Free()
    {
        _input?.Dispose();
        _pixels?.Dispose();
    }

    /// <inheritdoc />
    protected override void Recycle() => _pool.Return(this);
}
