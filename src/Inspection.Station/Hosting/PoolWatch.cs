using Inspection.Core;
using Inspection.Gpio;

namespace Inspection.Station.Hosting;

/// <summary>
/// Proves to the interlock that the program's pool of threads runs, by a question that waits in the pool's own queue like
/// everything else. Asked from a thread of its own, because the pool's timers are served before those who wait there.
/// </summary>
internal sealed class PoolWatch : IThreadPoolWorkItem, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private readonly Interlock _interlock;
    private readonly Ticker _ticker;
    private int _asked;

    /// <summary>Asks from now on.</summary>
    public PoolWatch(Interlock interlock, TimeProvider time)
    {
        _interlock = interlock;
        _ticker = new Ticker("pool-watch", Period, time, Ask);
    }

    /// <inheritdoc />
    public void Execute()
    {
        Volatile.Write(ref _asked, 0);
        _interlock.PoolRuns();
    }

    /// <summary>Asks no more.</summary>
    public void Dispose() => _ticker.Dispose();

    private void Ask()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
