namespace Inspection.Gpio;

/// <summary>
/// A thread that does one thing at a fixed period, on an absolute schedule: a late turn does not delay those after it,
/// and turns that were missed are not made up for. Waits on an event, allocates nothing.
/// </summary>
public sealed class Ticker : IDisposable
{
    private readonly ManualResetEvent _stop = new(false);
    private readonly TimeProvider _time;
    private readonly long _period;
    private readonly Action _tick;
    private readonly Thread _thread;

    /// <summary>Starts.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="period">1 ms or more.</param>
    /// <param name="time">Clock.</param>
    /// <param name="tick">Must not throw: an exception ends the process, which releases the lines.</param>
    public Ticker(string name, TimeSpan period, TimeProvider time, Action tick)
    {
        (_time, _tick) = (time, tick);
        _period = (long)(period.TotalSeconds * time.TimestampFrequency);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Stops, and returns when the last turn is done.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        var next = _time.GetTimestamp() + _period;
        while (!_stop.WaitOne(MillisecondsUntil(next)))
        {
            _tick();
            next += _period;
            var now = _time.GetTimestamp();
            if (next <= now) next += (((now - next) / _period) + 1) * _period;
        }
    }

    private int MillisecondsUntil(long next)
        => (int)Math.Max(0, Math.Ceiling((next - _time.GetTimestamp()) * 1000.0 / _time.TimestampFrequency));
}
