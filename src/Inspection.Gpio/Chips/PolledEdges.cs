namespace Inspection.Gpio;

/// <summary>
/// Makes edges from an input's levels where its chip has no interrupts: as fine as somebody looks, and what comes and
/// goes between two looks is not seen.
/// </summary>
/// <param name="high">The level at the beginning.</param>
/// <param name="debounce">A level counts when it has stayed for so long; its edge has the time at which it began.</param>
/// <param name="time">The clock.</param>
internal sealed class PolledEdges(bool high, TimeSpan debounce, TimeProvider time)
{
    private long _since;

    /// <summary>Looks.</summary>
    /// <returns>1 when the level has changed and there is room, else 0.</returns>
    public int Take(bool level, Span<LineEdge> into)
    {
        if (level == high) _since = 0;
        if (level == high || into.IsEmpty) return 0;
        if (_since == 0) _since = time.GetTimestamp();
        if (time.GetElapsedTime(_since) < debounce) return 0;
        into[0] = new(_since, level, 0);
        (high, _since) = (level, 0);
        return 1;
    }
}
