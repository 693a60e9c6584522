namespace Inspection.Gpio;

/// <summary>The moments at which an input became active, oldest first. Allocates nothing.</summary>
/// <param name="lines">The lines.</param>
/// <param name="name">The input; nothing comes where the map has none.</param>
internal sealed class PulseTimes(GpioLines lines, string name)
{
    private readonly Pin? _pin = lines.Map.Find(name);
    private readonly LineEdge[] _edges = new LineEdge[64];
    private readonly long[] _times = new long[1024];
    private int _count;
    private int _given;

    /// <summary>Takes what has come.</summary>
    /// <returns>How many edges were lost, on the chip or here.</returns>
    /// <exception cref="IOException">The chip refused.</exception>
    public int Take()
    {
        var lost = 0;
        if (_pin is not { } pin) return 0;
        int taken;
        do
        {
            taken = lines.TakeEdges(pin, _edges);
            for (var i = 0; i < taken; i++)
            {
                lost += _edges[i].Lost;
                if (!pin.IsActive(_edges[i].High)) continue;
                if (_count == _times.Length) lost++;
                else _times[_count++] = _edges[i].Timestamp;
            }
        }
        while (taken == _edges.Length && _count < _times.Length);
        return lost;
    }

    /// <summary>Those up to a moment.</summary>
    public ReadOnlySpan<long> Until(long moment)
    {
        _given = 0;
        while (_given < _count && _times[_given] <= moment) _given++;
        return _times.AsSpan(0, _given);
    }

    /// <summary>Forgets those that <see cref="Until"/> gave.</summary>
    public void Forget()
    {
        Array.Copy(_times, _given, _times, 0, _count - _given);
        _count -= _given;
    }
}
