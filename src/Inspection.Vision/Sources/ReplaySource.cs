using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// Plays a replay. Reading and decoding, which may take longer than a source may be silent, happen on a thread of its
/// own, two pictures ahead.
/// </summary>
internal sealed class ReplaySource : IFrameSource
{
    private const int Ahead = 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(20);

    // A picture of 50 megapixels on a slow disk takes a few seconds; longer than this the disk hangs.
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(10);

    private readonly IReplay _replay;
    private readonly ReplayOptions _options;
    private readonly MatFramePool _pool;
    private readonly TimeProvider _time;
    private readonly Thread _reader;

    // Shared, under the gate.
    private readonly object _gate = new();
    private readonly Queue<(MatFrame Frame, TimeSpan Due)> _ready = new(Ahead);
    private Exception? _failure;
    private long _readingSince;
    private bool _reading;
    private bool _readerEnded;
    private bool _closed;

    // The capture thread's own.
    private long? _began;

    public ReplaySource(string camera, IReplay replay, ReplayOptions options, MatFramePool pool, TimeProvider time)
    {
        (Camera, _replay, _options, _pool, _time) = (camera, replay, options, pool, time);
        _reader = new Thread(ReadAll) { IsBackground = true, Name = "replay" };
        _reader.Start();
    }

    public string Camera { get; }

    public bool Simulated => true;

    public bool WaitsForRoom => _options.AsFastAsPossible;

    public bool Ended { get; private set; }

    public FrameArrival Next(CancellationToken stop)
    {
        TimeSpan due;
        lock (_gate)
        {
            if (_ready.Count == 0) Monitor.Wait(_gate, LongestWait);
            if (_ready.Count == 0)
            {
                if (_failure is { } failure) throw new InvalidOperationException(failure.Message, failure);
                Ended = _readerEnded;
                var age = _reading ? _time.GetElapsedTime(_readingSince) : TimeSpan.Zero;
                return age > LongestRead ? FrameArrival.Lost(age, "the disk does not answer") : FrameArrival.Idle(TimeSpan.Zero);
            }
            due = _ready.Peek().Due;
        }
        if (!_options.AsFastAsPossible && !WaitUntil(due, stop)) return FrameArrival.Idle(TimeSpan.Zero);
        lock (_gate)
        {
            var (frame, _) = _ready.Dequeue();
            Monitor.PulseAll(_gate);
            Present(frame);
            return FrameArrival.Of(frame);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            while (_ready.TryDequeue(out var ready)) ready.Frame.Dispose();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits a while; true once the time has come.</summary>
    private bool WaitUntil(TimeSpan due, CancellationToken stop)
    {
        var began = _began ??= _time.GetTimestamp() - Ticks(due);
        var wait = due - _time.GetElapsedTime(began);
        if (wait <= TimeSpan.Zero)
        {
            // Far behind, it goes on at its pace from here instead of catching up in a burst.
            if (wait < -TimeSpan.FromSeconds(1)) _began = _time.GetTimestamp() - Ticks(due);
            return true;
        }
        return !stop.WaitHandle.WaitOne(wait < LongestWait ? wait : LongestWait) && _time.GetElapsedTime(began) >= due;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    /// <summary>The part is there now, not when its picture was read ahead.</summary>
    private void Present(MatFrame frame)
    {
        var now = _time.GetUtcNow();
        frame.BeginLife(new FrameDescription(
            frame.Id, frame.Trigger with { At = now, Timestamp = _time.GetTimestamp() }, Camera, now,
            Simulated: true, Generated: false, frame.Origin, frame.TrueLabel, null, frame.Unreadable));
    }

    private void ReadAll()
    {
        try
        {
            var readInThisLap = false;
            while (true)
            {
                lock (_gate)
                {
                    while (_ready.Count >= Ahead && !_closed) Monitor.Wait(_gate);
                    if (_closed) return;
                    (_reading, _readingSince) = (true, _time.GetTimestamp());
                }
                var picture = _replay.Read();
                if (picture is null)
                {
                    if (_options.Once) return;
                    if (!readInThisLap) throw new InvalidOperationException("The replay holds nothing any more.");
                    readInThisLap = false;
                    _replay.Rewind();
                    continue;
                }
                readInThisLap = true;
                if (!TryOffer(picture.Value)) return;
            }
        }
#pragma warning disable CA1031 // handed to the capture thread, which makes the source anew
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_gate) _failure = e;
        }
        finally
        {
            // Here, because nothing else may touch what is being read.
            _replay.Dispose();
            lock (_gate)
            {
                (_reading, _readerEnded) = (false, true);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits for memory, then puts the picture up; false when the source was closed meanwhile.</summary>
    private bool TryOffer(in ReplayedPicture picture)
    {
        using var pixels = picture.Pixels;
        while (true)
        {
            // Outside the gate: copying a large picture takes longer than the capture thread may wait.
            var frame = TryFrame(picture);
            lock (_gate)
            {
                _reading = false;
                if (_closed)
                {
                    frame?.Dispose();
                    return false;
                }
                if (frame is not null)
                {
                    _ready.Enqueue((frame, picture.Due));
                    Monitor.PulseAll(_gate);
                    return true;
                }
                // Frames come back on other threads, without a word to this one.
                Monitor.Wait(_gate, LongestWait);
            }
        }
    }

    private MatFrame? TryFrame(in ReplayedPicture picture)
    {
        var now = _time.GetUtcNow();
        var trigger = new Trigger(Identifiers.New(_time), "frame", now, _time.GetTimestamp());
        var description = new FrameDescription(
            Identifiers.New(_time), trigger, Camera, now, Simulated: true, Generated: false, picture.Origin, picture.TrueLabel, null, picture.Unreadable);
        if (picture.Pixels is null) return _pool.Unreadable(description);
        var frame = _pool.TryRent(picture.Pixels.Width, picture.Pixels.Height, description);
        if (frame is not null) picture.Pixels.CopyTo(frame.Pixels);
        return frame;
    }
}
