using Microsoft.Extensions.Logging;

namespace Inspection.Core;

/// <summary>
/// Runs a frame source on its own thread and hands its frames to the loop through a bounded channel. A source that
/// throws or hangs is disposed of and made anew with back-off; the loop goes on turning meanwhile.
/// </summary>
/// <remarks>The channel is a ring under one monitor, because the framework's channels allocate when a reader waits.</remarks>
public sealed class Capture : IDisposable
{
    /// <summary>The loop waits no longer than this for a frame.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    private readonly Func<IFrameSource> _open;
    private readonly CaptureOptions _options;
    private readonly TimeProvider _time;
    private readonly Alarms _alarms;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();

    // Shared, under _ring's monitor.
    private readonly object _ring = new();
    private readonly Frame?[] _frames;
    private int _head;
    private int _count;
    private long _lastSign;
    private string? _lostReason;
    private bool _ended;
    private bool _presentsAtTake;
    private int _life;
    private long _overruns;

    // The supervisor's own.
    private Thread? _supervisor;

    /// <summary>A capture that is not started yet.</summary>
    /// <param name="open">Makes the source anew; may throw.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="time">The clock.</param>
    /// <param name="alarms">Takes <c>source-failed</c>.</param>
    /// <param name="log">For engineers.</param>
    public Capture(Func<IFrameSource> open, CaptureOptions options, TimeProvider time, Alarms alarms, ILogger log)
    {
        (_open, _options, _time, _alarms, _log) = (open, options, time, alarms, log);
        _frames = new Frame?[options.Capacity];
        _lastSign = time.GetTimestamp();
    }

    /// <summary>Frames that found the channel full since the start; each became an Indeterminate part.</summary>
    public long Overruns => Interlocked.Read(ref _overruns);

    /// <summary>True when a replay that is played once has ended and the channel is empty.</summary>
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
        lock (_ring)
        {
            if (_count == 0) Monitor.Wait(_ring, MaxSilence);
            if (_count > 0)
            {
                var frame = _frames[_head]!;
                _frames[_head] = null;
                _head = (_head + 1) % _frames.Length;
                _count--;
                Monitor.PulseAll(_ring);
                if (_presentsAtTake) frame.Present(_time);
                return FrameArrival.Of(frame);
            }
            var age = _time.GetElapsedTime(_lastSign);
            if (_lostReason is not null && age > _options.LostAfter) return FrameArrival.Lost(age, _lostReason);
            return age > _options.LostAfter && !_ended ? FrameArrival.Lost(age, "no sign of life from the source") : FrameArrival.Idle(age);
        }
    }

    /// <summary>Stops the source and drops what waits in the channel.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _supervisor?.Join(TimeSpan.FromSeconds(2));
        lock (_ring)
        {
            _life++;
            for (; _count > 0; _count--)
            {
                _frames[_head]?.Dispose();
                _frames[_head] = null;
                _head = (_head + 1) % _frames.Length;
            }
        }
    }

    private void Supervise()
    {
        var backOff = FirstBackOff;
        while (!_stop.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            var failure = RunOneLife();
            if (_stop.IsCancellationRequested) return;
            if (_time.GetElapsedTime(began) > LongestBackOff) backOff = FirstBackOff;
            _log.LogError("The source failed and is made anew in {BackOff}: {Failure}", backOff, failure);
            _alarms.Raise("source-failed", AlarmPriority.High, failure, "Check the camera's cable and power, or the file; the station tries again by itself.");
            _stop.Token.WaitHandle.WaitOne(backOff);
            backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
        }
    }

    /// <summary>Runs a source until it fails or hangs; a hung one is abandoned with its thread.</summary>
    private string RunOneLife()
    {
        int life;
        lock (_ring) life = ++_life;
        string? failure = null;
        using var over = new ManualResetEventSlim();
        var lastCall = _time.GetTimestamp();
        var reader = new Thread(() =>
        {
            try
            {
                using var source = _open();
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
                failure = e.Message;
            }
            finally
            {
                over.Set();
            }
        })
        { IsBackground = true, Name = "source" };
        reader.Start();
        while (!over.Wait(MaxSilence))
        {
            if (_stop.IsCancellationRequested) break;
            if (_time.GetElapsedTime(Volatile.Read(ref lastCall)) > _options.HungAfter)
            {
                failure = $"the source did not answer for {_options.HungAfter.TotalSeconds:F0} s";
                break;
            }
        }
        lock (_ring)
        {
            if (_life == life) _life++;
            _lostReason = failure ?? "the source ended";
        }
        return failure ?? "the source ended";
    }

    private bool Current(int life)
    {
        lock (_ring) return _life == life;
    }

    /// <summary>Takes what the source yielded; false when a frame must wait for room, after at most 50 ms.</summary>
    private bool TryAccept(int life, IFrameSource source, in FrameArrival arrival)
    {
        lock (_ring)
        {
            if (_life != life || _stop.IsCancellationRequested)
            {
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
            if (source.WaitsForRoom && _count == _frames.Length)
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

    private void Enqueue(Frame frame)
    {
        if (_count == _frames.Length)
        {
            // The oldest waits longest already; the newest part is the one that cannot be judged in time.
            Overrun(frame);
            return;
        }
        _frames[(_head + _count) % _frames.Length] = frame;
        _count++;
        Monitor.PulseAll(_ring);
    }

    private readonly Queue<FrameDescription> _missed = new(MaxMissed);
    private const int MaxMissed = 1024;

    private void Overrun(Frame frame)
    {
        Interlocked.Increment(ref _overruns);
        if (_missed.Count < MaxMissed)
            _missed.Enqueue(new FrameDescription(
                frame.Id, frame.Trigger, frame.Camera, frame.CapturedAt, frame.Simulated, frame.Generated, frame.Origin, frame.TrueLabel, frame.PartId));
        frame.Dispose();
    }

    /// <summary>A part whose frame found the channel full; the loop makes an Indeterminate of it.</summary>
    public bool TryTakeMissed(out FrameDescription part)
    {
        lock (_ring) return _missed.TryDequeue(out part);
    }
}

/// <summary>Settings of the capture.</summary>
public sealed record CaptureOptions
{
    /// <summary>Frames that can wait for the loop, 1–64. Default 8.</summary>
    public int Capacity { get; init; } = 8;

    /// <summary>No sign of life for longer than this is a lost camera, 200–60000 ms. Default 1000 ms.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A source that does not answer for so long is made anew, 500–60000 ms. Default 3000 ms.</summary>
    public TimeSpan HungAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (Capacity is < 1 or > 64) yield return new("capture.capacity", $"found {Capacity}", "1–64 frames");
        if (LostAfter.TotalMilliseconds is < 200 or > 60_000) yield return new("capture.lostAfter", $"found {LostAfter.TotalMilliseconds} ms", "200–60000 ms");
        if (HungAfter.TotalMilliseconds is < 500 or > 60_000) yield return new("capture.hungAfter", $"found {HungAfter.TotalMilliseconds} ms", "500–60000 ms");
    }
}
