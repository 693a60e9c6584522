using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// A bounded store of frames. Renting one of a size that was rented and returned before allocates nothing. Thread-safe.
/// </summary>
/// <remarks>
/// Frames may outlive the pool's disposal, since a source is closed while its last parts are still shown: their memory
/// is freed as each comes back.
/// </remarks>
public sealed class MatFramePool : IDisposable
{
    /// <summary>Frames that a channel (8), the loop, the screen and pictures under way (8) can hold at once, with room to spare.</summary>
    public const int DefaultFrames = 32;

    /// <summary>Default limit of the pixels' memory: 512 MiB, which is 32 frames of 5 megapixels.</summary>
    public const long DefaultBytes = 512L << 20;

    private readonly Lock _gate = new();
    private readonly List<MatFrame> _idle;
    private readonly int _frames;
    private readonly long _bytes;
    private int _made;
    private long _madeBytes;
    private int _outstanding;
    private bool _closed;

    /// <summary>An empty pool.</summary>
    /// <param name="frames">Greatest number of frames with pixels, 1 or more.</param>
    /// <param name="bytes">Greatest memory of their pixels in bytes; a single frame may be larger than this.</param>
    public MatFramePool(int frames = DefaultFrames, long bytes = DefaultBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        (_frames, _bytes) = (frames, bytes);
        _idle = new List<MatFrame>(frames);
    }

    /// <summary>Frames that were handed out and are not back yet; 0 at the end, or a holder forgot to dispose.</summary>
    public int Outstanding
    {
        get
        {
            lock (_gate) return _outstanding;
        }
    }

    /// <summary>A frame with one holder, whose pixels are whatever they were in its last life.</summary>
    /// <param name="width">Width in pixels, 1 or more.</param>
    /// <param name="height">Height in pixels, 1 or more.</param>
    /// <param name="description">All but the pixels.</param>
    /// <returns>Null when the pool is exhausted: too many frames are held elsewhere, so the part is an overrun.</returns>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public MatFrame? TryRent(int width, int height, in FrameDescription description)
    {
        var frame = TryReserve(width, height);
        frame?.BeginLife(description);
        return frame;
    }

    /// <summary>A frame whose life has not begun, for a source that describes it when its pixels are there.</summary>
    internal MatFrame? TryReserve(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var frame = TakeIdle(width, height) ?? TryMake(width, height);
            if (frame is not null) _outstanding++;
            return frame;
        }
    }

    /// <summary>A frame without pixels for a part that could not be read; always available.</summary>
    /// <param name="description">With <see cref="FrameDescription.Unreadable"/> set.</param>
    public MatFrame Unreadable(in FrameDescription description)
    {
        ArgumentException.ThrowIfNullOrEmpty(description.Unreadable);
        var frame = new MatFrame(this, 0, 0);
        lock (_gate) _outstanding++;
        frame.BeginLife(description);
        return frame;
    }

    /// <summary>Frees the frames that are back; the others are freed as they come back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var frame in _idle) frame.Free();
            _idle.Clear();
        }
    }

    internal void Return(MatFrame frame)
    {
        lock (_gate)
        {
            _outstanding--;
            if (!frame.HasPixels) return;
            if (_closed) frame.Free();
            else _idle.Add(frame);
        }
    }

    private MatFrame? TakeIdle(int width, int height)
    {
        // The last one returned is the likeliest to be in the processor's cache.
        for (var i = _idle.Count - 1; i >= 0; i--)
        {
            var frame = _idle[i];
            if (frame.Width != width || frame.Height != height) continue;
            _idle.RemoveAt(i);
            return frame;
        }
        return null;
    }

    private MatFrame? TryMake(int width, int height)
    {
        var needed = 3L * width * height;
        while (_made > 0 && (_made == _frames || _madeBytes + needed > _bytes))
        {
            if (_idle.Count == 0) return null;
            var other = _idle[0];
            _idle.RemoveAt(0);
            _made--;
            _madeBytes -= other.Bytes;
            other.Free();
        }
        var frame = new MatFrame(this, width, height);
        _made++;
        _madeBytes += needed;
        return frame;
    }
}
