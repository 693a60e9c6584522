using System.Collections.Concurrent;
using Inspection.Core;

namespace Inspection.Testing;

/// <summary>A source that yields what a test gives it, and Idle otherwise.</summary>
public sealed class ScriptedSource : IFrameSource
{
    private readonly BlockingCollection<Func<FrameArrival>> _script = [];
    private int _disposed;

    public string Camera => "camera1";

    public bool Simulated => true;

    public bool WaitsForRoom { get; init; }

    public bool Ended { get; set; }

    /// <summary>How often it was disposed of.</summary>
    public int Disposals => Volatile.Read(ref _disposed);

    /// <summary>What it yields while nothing was given.</summary>
    public Func<FrameArrival> Otherwise { get; set; } = static () => FrameArrival.Idle(TimeSpan.Zero);

    /// <summary>Yields a frame next.</summary>
    public void Give(Frame frame) => _script.Add(() => FrameArrival.Of(frame));

    /// <summary>Does something next: yields, throws or blocks.</summary>
    public void Do(Func<FrameArrival> next) => _script.Add(next);

    public FrameArrival Next(CancellationToken stop)
    {
        try
        {
            return _script.TryTake(out var next, 20, stop) ? next() : Otherwise();
        }
        catch (OperationCanceledException)
        {
            return FrameArrival.Idle(TimeSpan.Zero);
        }
    }

    public void Dispose() => Interlocked.Increment(ref _disposed);
}
