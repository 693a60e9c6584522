namespace Inspection.Gpio;

/// <summary>The edges of one simulated input; as the kernel does, it keeps the newest. No lock of its own; allocates nothing.</summary>
internal sealed class SimulatedEdges
{
    private readonly LineEdge[] _ring = new LineEdge[KernelEdges.Kept];
    private int _first;
    private int _count;
    private int _lost;

    /// <summary>Adds one; where there is no room the oldest is lost.</summary>
    public void Add(long timestamp, bool high)
    {
        if (_count == _ring.Length)
        {
            _lost++;
            (_first, _count) = ((_first + 1) % _ring.Length, _count - 1);
        }
        _ring[(_first + _count++) % _ring.Length] = new(timestamp, high, 0);
    }

    /// <summary>Takes the oldest.</summary>
    public int Take(Span<LineEdge> into)
    {
        var taken = Math.Min(into.Length, _count);
        for (var i = 0; i < taken; i++)
        {
            into[i] = _ring[_first] with { Lost = _lost };
            (_first, _count, _lost) = ((_first + 1) % _ring.Length, _count - 1, 0);
        }
        return taken;
    }
}
