using Inspection.Core;
using Inspection.Vision;
using OpenCvSharp;

namespace Inspection.Station.Bench;

/// <summary>Yields pictures that are decoded already, over and over, as many as were asked for.</summary>
internal sealed class BenchSource : IFrameSource
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly MatFramePool _pool = new();
    private readonly object _gate = new();
    private IReadOnlyList<Mat> _pictures = [];
    private int _asked;
    private long _given;

    /// <summary>A source of which nothing is asked yet.</summary>
    public BenchSource(TimeProvider time) => _time = time;

    /// <inheritdoc />
    public string Camera => "bench";

    /// <inheritdoc />
    public bool Simulated => true;

    /// <inheritdoc />
    public bool WaitsForRoom => true;

    /// <inheritdoc />
    public bool Ended => false;

    /// <summary>Asks for the next frames.</summary>
    /// <param name="pictures">8-bit BGR; they cycle.</param>
    /// <param name="frames">How many frames.</param>
    public void Ask(IReadOnlyList<Mat> pictures, int frames)
    {
        lock (_gate)
        {
            (_pictures, _asked) = (pictures, frames);
            Monitor.PulseAll(_gate);
        }
    }

    /// <inheritdoc />
    public FrameArrival Next(CancellationToken stop)
    {
        Mat picture;
        lock (_gate)
        {
            if (_asked == 0) Monitor.Wait(_gate, Silence);
            if (_asked == 0) return FrameArrival.Idle(TimeSpan.Zero);
            _asked--;
            picture = _pictures[(int)(_given++ % _pictures.Count)];
        }
        var now = _time.GetUtcNow();
        var trigger = new Trigger(Identifiers.New(_time), "frame", now, _time.GetTimestamp());
        var description = new FrameDescription(Identifiers.New(_time), trigger, Camera, now, Simulated: true, Generated: false);
        var (width, height) = (picture.Width, picture.Height);
        MatFrame? frame;
        // Frames come back when their entry is durable; until then there is nothing to rent.
        while ((frame = _pool.TryRent(width, height, description)) is null)
            if (stop.WaitHandle.WaitOne(1)) return FrameArrival.Idle(TimeSpan.Zero);
        picture.CopyTo(frame.Pixels);
        return FrameArrival.Of(frame);
    }

    /// <inheritdoc />
    public void Dispose() => _pool.Dispose();
}
