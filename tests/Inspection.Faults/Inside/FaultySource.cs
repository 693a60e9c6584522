using Inspection.Core;

namespace Inspection.Faults;

/// <summary>Defects of the source; they outlive it, since it is made anew when it fails.</summary>
internal sealed class SourceFaults
{
    private long _lateTicks;

    /// <summary>Whether each call throws.</summary>
    public volatile bool Throws;

    /// <summary>Holds the next frame back for so long.</summary>
    public void MakeNextLate(TimeSpan by) => Interlocked.Exchange(ref _lateTicks, by.Ticks);

    /// <summary>Takes the order to be late, once.</summary>
    public TimeSpan TakeLate() => TimeSpan.FromTicks(Interlocked.Exchange(ref _lateTicks, 0));
}

/// <summary>The station's own source with defects that can be switched on.</summary>
internal sealed class FaultySource(IFrameSource real, SourceFaults faults, TimeProvider time) : IFrameSource
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);

    private Frame? _held;
    private TimeSpan _late;

    /// <inheritdoc />
    public string Camera => real.Camera;

    /// <inheritdoc />
    public bool Simulated => real.Simulated;

    /// <inheritdoc />
    public bool WaitsForRoom => real.WaitsForRoom;

    /// <inheritdoc />
    public bool Ended => real.Ended;

    /// <inheritdoc />
    public FrameArrival Next(CancellationToken stop)
    {
        if (faults.Throws) throw new InvalidOperationException("injected: the source has a defect");
        if (_held is { } held)
        {
            if (time.GetElapsedTime(held.Trigger.Timestamp) < _late)
            {
                stop.WaitHandle.WaitOne(Wait);
                return FrameArrival.Idle(TimeSpan.Zero);
            }
            _held = null;
            return FrameArrival.Of(held);
        }
        var arrival = real.Next(stop);
        if (arrival.Frame is not { } frame || (_late = faults.TakeLate()) == TimeSpan.Zero) return arrival;
        _held = frame;
        return FrameArrival.Idle(TimeSpan.Zero);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _held?.Dispose();
        real.Dispose();
    }
}
