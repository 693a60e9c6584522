using System.Globalization;
using System.Text;

namespace Inspection.Gpio.Tests.Circuit;

/// <summary>What a line does over time: its edges, in seconds.</summary>
internal sealed class Beats
{
    private const double Rise = 10e-6;

    private readonly List<(double At, bool High)> _edges = [];

    public double End { get; private set; }

    public bool High => _edges.Count > 0 && _edges[^1].High;

    /// <summary>Time of the last edge.</summary>
    public double LastEdge => _edges[^1].At;

    /// <summary>Holds the level that the line has.</summary>
    public Beats Hold(double seconds)
    {
        End += seconds;
        return this;
    }

    /// <summary>Goes to a level, if it is not there, and holds it.</summary>
    public Beats Level(bool high, double seconds)
    {
        if (high != High) _edges.Add((End, high));
        return Hold(seconds);
    }

    /// <summary>Toggles for a while; the first edge comes at once.</summary>
    public Beats At(double hertz, double seconds)
    {
        var edges = (int)Math.Round(seconds * hertz * 2);
        for (var edge = 0; edge < edges; edge++) Level(!High, 0.5 / hertz);
        // The last level is held by what follows, so that its hold counts from its edge.
        End = LastEdge;
        return this;
    }

    /// <summary>The piecewise linear source of the netlist.</summary>
    public string Source()
    {
        var text = new StringBuilder("PWL(0 0");
        foreach (var (at, high) in _edges)
        {
            var (from, to) = high ? ("0", "{level}") : ("{level}", "0");
            text.Append(CultureInfo.InvariantCulture, $"\n+ {at:0.000000} {from} {at + Rise:0.000000} {to}");
        }
        return text.Append(')').ToString();
    }
}
