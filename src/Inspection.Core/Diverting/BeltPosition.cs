namespace Inspection.Core;

/// <summary>Where the belt is, in ticks of its encoder, now and at each moment of the recent past. No lock of its own; allocates nothing.</summary>
/// <param name="time">The clock of the ticks' time stamps.</param>
internal sealed class BeltPosition(TimeProvider time)
{
    /// <summary>Ticks whose moments are remembered.</summary>
    public const int Kept = 4096;

    /// <summary>The belt stands still no earlier than this after a tick, however quick it was.</summary>
    public static readonly TimeSpan ShortestStill = TimeSpan.FromMilliseconds(50);

    private const int Intervals = 8;

    private readonly long[] _ticks = new long[Kept];

    /// <summary>Ticks so far.</summary>
    public long Count { get; private set; }

    /// <summary>The belt moved by one tick.</summary>
    public void Tick(long at) => _ticks[Count++ % Kept] = at;

    /// <summary>Ticks up to a moment; null where it is longer ago than is remembered.</summary>
    public long? At(long moment)
    {
        var (from, to) = (Math.Max(0, Count - Kept), Count);
        if (from > 0 && _ticks[from % Kept] > moment) return null;
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            if (_ticks[middle % Kept] <= moment) from = middle + 1;
            else to = middle;
        }
        return from;
    }

    /// <summary>
    /// Whether no tick came for four times the shortest of the last eight intervals, and for 50 ms at least: then the belt
    /// has stopped or the encoder has failed, and an open gate would stay open for whatever comes.
    /// </summary>
    public bool StandsStill(long now)
    {
        if (Count == 0) return true;
        var shortest = long.MaxValue;
        for (var i = Math.Max(1, Count - Intervals); i < Count; i++)
            shortest = Math.Min(shortest, _ticks[i % Kept] - _ticks[(i - 1) % Kept]);
        var still = time.GetElapsedTime(_ticks[(Count - 1) % Kept], now);
        return still > ShortestStill && (shortest == long.MaxValue || still > 4 * time.GetElapsedTime(0, shortest));
    }
}
