using Microsoft.Extensions.Logging;

namespace Inspection.Core;

/// <summary>
/// Runs a frame source on its own thread and hands its frames to the loop through a bounded channel. A source that
/// throws, hangs or gives no sign of life is disposed of and made anew with back-off; the loop goes on turning meanwhile.
/// </summary>
/// <remarks>The channel is a ring under one monitor, because the framework's channels allocate when a reader waits.</remarks>
public sealed class Capture : IDisposable
{
    /// <summary>The loop waits no longer than this for a frame.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromMilliseconds(50);

    private const int MaxMissed = 1024;

    /// <summary>Hung sources that keep a thread each; while there are so many, none is made anew.</summary>
    private const int MostLeftBehind = 3;

    /// <summary>A folder on a slow disk takes its time to be listed.</summary>
    private static readonly TimeSpan LongestOpening = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    private readonly Func<IFrameSource> _open;
    private readonly CaptureOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<Trigger> _triggered;
    private readonly Alarms _alarms;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();

    // Shared, under _ring's monitor.
    private readonly object _ring = new();
    private readonly Frame?[] _frames;
    private int _head;
    private int _count;
    private int _pictures;
    private long _lastSign;
    private string? _lostReason;
    private bool _ended;
    private bool _presentsAtTake;
    private int _life;
    private int _sources;
    private long _overruns;
    private long _forgotten;

    // The supervisor's own.
    private Thread? _supervisor;

    /// <summary>A capture that is not started yet.</summary>
    /// <param name="open">Makes the source anew; may throw.</param>
    /// <param name="triggered">
    /// Takes each part's trigger as soon as it is known: when the source yields the part, or, of a
    /// source whose parts wait for room, when the loop takes it. Must return at once.
    /// </param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="time">The clock.</param>
    /// <param name="alarms">Takes <c>source-failed</c>.</param>
    /// <param name="log">For engineers.</param>
    public Capture(Func<IFrameSource> open, Action<Trigger> triggered, CaptureOptions options, TimeProvider time, Alarms alarms, ILogger log)
    {
        (_open, _triggered, _options, _time, _alarms, _log) = (open, triggered, options, time, alarms, log);
        _frames = new Frame?[options.Capacity + MaxMissed];
        _lastSign = time.GetTimestamp();
    }

    /// <summary>Frames that found the channel full since the start; each became an Indeterminate part.</summary>
    public long Overruns
    {
        get
        {
            lock (_ring) return _overruns;
        }
    }

    /// <summary>How many sources were made so far: one, and one more for each that failed.</summary>
    public int Sources => Volatile.Read(ref _sources);

    /// <summary>True when a replay that is played once has ended, or the source was stopped, and the channel is empty.</summary>
    public bool Drained
    {
        get
        {
            lock (_ring) return _ended && _count == 0;
        }
    }

    /// <summary>Starts the threads.</summary>
    public void Start()
    {
        _supervisor = new Thread(Supervise) { IsBackground = true, Name = "capture" };
        _supervisor.Start();
    }

    /// <summary>The next frame, or Idle or Lost within 50 ms. For the loop's thread only; allocates nothing.</summary>
    public FrameArrival Take()
    {
        Frame frame;
        bool presents;
        lock (_ring)
        {
            if (_count == 0) Monitor.Wait(_ring, MaxSilence);
            if (_count == 0) return Nothing();
            frame = Dequeue();
            Monitor.PulseAll(_ring);
            presents = _presentsAtTake;
        }
        if (presents)
        {
            frame.Present(_time);
            _triggered(frame.Trigger);
        }
        return FrameArrival.Of(frame);
    }

    private FrameArrival Nothing()
    {
        var age = _time.GetElapsedTime(_lastSign);
        if (_lostReason is not null && age > _options.LostAfter) return FrameArrival.Lost(age, _lostReason);
        return age > _options.LostAfter && !_ended ? FrameArrival.Lost(age, "no sign of life from the source") : FrameArrival.Idle(age);
    }

    /// <summary>Ends the source; what waits in the channel can still be taken, and then it is drained.</summary>
    public void StopSource()
    {
        _stop.Cancel();
        _supervisor?.Join(TimeSpan.FromSeconds(2));
        lock (_ring)
        {
            _life++;
            _ended = true;
        }
    }

    /// <summary>Ends the source and drops what waits in the channel; <see cref="TakeForgotten"/> then tells how much that was.</summary>
    public void Dispose()
    {
        StopSource();
        lock (_ring)
        {
            _forgotten += _count;
            while (_count > 0) Dequeue().Dispose();
        }
    }

    private void Supervise()
    {
        var backOff = FirstBackOff;
        var leftBehind = new List<Thread>();
        while (!_stop.IsCancellationRequested)
        {
            leftBehind.RemoveAll(static thread => !thread.IsAlive);
            if (leftBehind.Count < MostLeftBehind)
            {
                var began = _time.GetTimestamp();
                var failure = RunOneLife(leftBehind);
                if (_stop.IsCancellationRequested) return;
                if (_time.GetElapsedTime(began) > LongestBackOff) backOff = FirstBackOff;
                _log.LogError("The source failed and is made anew in {BackOff}: {Failure}", backOff, failure);
                _alarms.Raise("source-failed", AlarmPriority.High, failure, "Check the camera's cable and power, or the file; the station tries again by itself.");
            }
            using (var over = new CancellationTokenSource(backOff, _time)) WaitHandle.WaitAny([_stop.Token.WaitHandle, over.Token.WaitHandle]);
            backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
        }
    }

    /// <summary>Runs a source until it fails, hangs or gives no sign of life; a hung one is left behind with its thread.</summary>
    private string RunOneLife(List<Thread> leftBehind)
    {
        int life;
        lock (_ring) life = ++_life;
        string? failure = null;
        var began = _time.GetTimestamp();
        var lastCall = began;
        var opened = false;
        var reader = new Thread(() =>
        {
            try
            {
                using var source = _open();
                Interlocked.Increment(ref _sources);
                Volatile.Write(ref lastCall, _time.GetTimestamp());
                Volatile.Write(ref opened, true);
                while (!_stop.IsCancellationRequested && Current(life))
                {
                    var arrival = source.Next(_stop.Token);
                    do Volatile.Write(ref lastCall, _time.GetTimestamp());
                    while (!TryAccept(life, source, arrival));
                }
            }
#pragma warning disable CA1031 // a source's failure must never take the process down
            catch (Exception e)
#pragma warning restore CA1031
            {
                Volatile.Write(ref failure, e.Message);
            }
        })
        { IsBackground = true, Name = "source" };
        reader.Start();
        string? given = null;
        while (given is null && !_stop.IsCancellationRequested && !reader.Join(MaxSilence))
        {
            var limit = Volatile.Read(ref opened) ? _options.HungAfter : LongestOpening;
            if (_time.GetElapsedTime(Volatile.Read(ref lastCall)) > limit) given = $"the source did not answer for {limit.TotalSeconds:F0} s";
            else if (Volatile.Read(ref opened) && IsSilent(began)) given = LostReason ?? $"the source gave no sign of life for {_options.HungAfter.TotalSeconds:F0} s";
        }
        if (given is not null) leftBehind.Add(reader);
        var reason = given ?? Volatile.Read(ref failure) ?? "the source ended";
        lock (_ring)
        {
            if (_life == life) _life++;
            _lostReason = reason;
        }
        return reason;
    }

    private string? LostReason
    {
        get
        {
            lock (_ring) return _lostReason;
        }
    }

    /// <summary>True when a source that still answers has nothing behind it any more.</summary>
    private bool IsSilent(long began)
    {
        lock (_ring) return !_ended && _time.GetElapsedTime(Math.Max(_lastSign, began)) > _options.HungAfter;
    }

    private bool Current(int life)
    {
        lock (_ring) return _life == life;
    }

    /// <summary>Takes what the source yielded; false when a frame must wait for room, after at most 50 ms.</summary>
    private bool TryAccept(int life, IFrameSource source, in FrameArrival arrival)
    {
        if (arrival.Frame is { } part && !source.WaitsForRoom && Current(life)) _triggered(part.Trigger);
        lock (_ring)
        {
            if (_life != life || _stop.IsCancellationRequested)
            {
                // A part that a hung source yields late, or the end cuts off, was there all the same.
                if (arrival.Frame is not null && !source.WaitsForRoom) _forgotten++;
                arrival.Frame?.Dispose();
                return true;
            }
            switch (arrival.Kind)
            {
                case ArrivalKind.Lost:
                    _lostReason = arrival.Reason;
                    return true;
                case ArrivalKind.Idle:
                    if (arrival.SignOfLifeAge <= _options.LostAfter) Alive(_time.GetTimestamp() - (long)(arrival.SignOfLifeAge.TotalSeconds * _time.TimestampFrequency));
                    _ended = source.Ended;
                    return true;
            }
            Alive(_time.GetTimestamp());
            if (source.WaitsForRoom && _pictures == _options.Capacity)
            {
                Monitor.Wait(_ring, MaxSilence);
                return false;
            }
            _presentsAtTake = source.WaitsForRoom;
            Enqueue(arrival.Frame!);
            return true;
        }
    }

    private void Alive(long at)
    {
        _lastSign = at;
        if (_lostReason is null) return;
        _lostReason = null;
        _alarms.Clear("source-failed");
    }

    /// <summary>
    /// Puts a frame up. Where the channel is full, the newest part is the one that cannot be judged in time: it keeps its
    /// place in the order and loses its pixels.
    /// </summary>
    private void Enqueue(Frame frame)
    {
        if (_pictures == _options.Capacity)
        {
            _overruns++;
            using (frame)
            {
                if (_count == _frames.Length) _forgotten++;
                else _frames[(_head + _count++) % _frames.Length] = new MissedFrame(frame);
            }
        }
        else
        {
            _pictures++;
            _frames[(_head + _count++) % _frames.Length] = frame;
        }
        Monitor.PulseAll(_ring);
    }

    private Frame Dequeue()
    {
        var frame = _frames[_head]!;
        _frames[_head] = null;
        _head = (_head + 1) % _frames.Length;
        _count--;
        if (frame is not MissedFrame) _pictures--;
        return frame;
    }

    /// <summary>Parts since the last call that found not even room for their description: all that is left of them is their number.</summary>
    public long TakeForgotten()
    {
        lock (_ring)
        {
            var forgotten = _forgotten;
            _forgotten = 0;
            return forgotten;
        }
    }
}

/// <summary>Settings of the capture.</summary>
public sealed record CaptureOptions
{
    /// <summary>Frames that can wait for the loop, 1–64. Default 8.</summary>
    public int Capacity { get; init; } = 8;

    /// <summary>No sign of life for longer than this is a lost camera, 200–60000 ms. Default 300 ms: with the relay's 42 ms the line stands within 500 ms.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>A source that does not answer, or gives no sign of life, for so long is made anew, 500–60000 ms. Default 3000 ms.</summary>
    public TimeSpan HungAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (Capacity is < 1 or > 64) yield return new("capture.capacity", $"found {Capacity}", "1–64 frames");
        if (LostAfter.TotalMilliseconds is < 200 or > 60_000) yield return new("capture.lostAfter", $"found {LostAfter.TotalMilliseconds} ms", "200–60000 ms");
        if (HungAfter.TotalMilliseconds is < 500 or > 60_000) yield return new("capture.hungAfter", $"found {HungAfter.TotalMilliseconds} ms", "500–60000 ms");
    }
}
