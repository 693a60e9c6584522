using System.Globalization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>A conveyor with parts that a program draws: the source that runs where no camera is named.</summary>
/// <remarks>
/// What part N looks like follows from seed and number alone, never from time. Frames are unmarked;
/// <see cref="Frame.Generated"/> makes every encoded copy carry the AI-content label.
/// </remarks>
public sealed class SimulatedLine : IFrameSource
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(20);

    // As much light as a room has when the lamp is out.
    private const double LampOut = 0.02;

    private readonly SimulatedOptions _options;
    private readonly SimulatedFaults _faults;
    private readonly MatFramePool _pool;
    private readonly TimeProvider _time;
    private readonly SimulatedScene _scene;
    private readonly long _began;
    private long _parts;
    private SimulatedPart? _frozen;

    /// <summary>A line whose first part comes at once.</summary>
    /// <param name="camera">The camera's name in the configuration.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="faults">Outlives the line.</param>
    /// <param name="pool">Where frames come from; outlives the line.</param>
    /// <param name="time">The clock.</param>
    public SimulatedLine(string camera, SimulatedOptions options, SimulatedFaults faults, MatFramePool pool, TimeProvider time)
    {
        (Camera, _options, _faults, _pool, _time) = (camera, options, faults, pool, time);
        _scene = new SimulatedScene(options);
        _began = time.GetTimestamp();
    }

    /// <inheritdoc />
    public string Camera { get; }

    /// <inheritdoc />
    public bool Simulated => true;

    /// <inheritdoc />
    public bool WaitsForRoom => false;

    /// <inheritdoc />
    public bool Ended => false;

    /// <inheritdoc />
    public FrameArrival Next(CancellationToken stop)
    {
        var due = TimeSpan.FromSeconds(_parts / _options.PartsPerSecond);
        var wait = due - _time.GetElapsedTime(_began);
        var (stalled, lost) = (_faults.Is(SimulatedFaults.Stall), _faults.Is(SimulatedFaults.Lost));
        var lastSign = _faults.LastSign(_began, stalled || lost ? null : _time.GetTimestamp());
        if (wait > TimeSpan.Zero) stop.WaitHandle.WaitOne(wait < LongestWait ? wait : LongestWait);
        else if (stalled || lost) stop.WaitHandle.WaitOne(LongestWait);

        var age = _time.GetElapsedTime(lastSign);
        if (lost) return FrameArrival.Lost(age, "simulated: the camera is unplugged");
        if (stalled) return FrameArrival.Idle(age);
        if (stop.IsCancellationRequested || _time.GetElapsedTime(_began) < due) return FrameArrival.Idle(TimeSpan.Zero);
        // After a stall the line goes on where the clock is: the parts in between were never seen.
        _parts = Math.Max(_parts + 1, (long)(_time.GetElapsedTime(_began).TotalSeconds * _options.PartsPerSecond) + 1);
        return FrameArrival.Of(Frame());
    }

    /// <inheritdoc />
    public void Dispose() => _scene.Dispose();

    private MatFrame Frame()
    {
        var number = _faults.TakePart();
        var part = _scene.Part(number);
        if (_faults.Is(SimulatedFaults.Freeze)) part = _frozen ??= part;
        else _frozen = part;

        if (_faults.Is(SimulatedFaults.Drop)) return _pool.Unreadable(Describe(number, part) with { Unreadable = "simulated: the frame was lost on its way" });
        if (_pool.TryReserve(_options.Width, _options.Height) is not { } frame)
            return _pool.Unreadable(Describe(number, part) with { Unreadable = "overrun: too many frames are held, so there was no memory for this one" });
        _scene.Render(part, frame.Pixels, _faults.Is(SimulatedFaults.Darken) ? LampOut : 1);
        frame.BeginLife(Describe(number, part));
        return frame;
    }

    private FrameDescription Describe(long number, in SimulatedPart part)
    {
        var now = _time.GetUtcNow();
        var trigger = new Trigger(Identifiers.New(_time), "simulated", now, _time.GetTimestamp());
        return new(
            Identifiers.New(_time), trigger, Camera, now, Simulated: true, Generated: true,
            TrueLabel: part.Label, PartId: "P" + number.ToString("D7", CultureInfo.InvariantCulture));
    }
}
