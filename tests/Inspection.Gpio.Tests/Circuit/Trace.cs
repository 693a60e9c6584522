using System.Globalization;

namespace Inspection.Gpio.Tests.Circuit;

/// <summary>What one simulation gave: time, coil current, gate voltage and current from the supply, point by point.</summary>
internal sealed class Trace
{
    private readonly double[][] _points;

    private Trace(double[][] points) => _points = points;

    public IEnumerable<(double At, double Coil, double Gate)> Points => _points.Select(point => (point[0], point[1], point[2]));

    /// <summary>Time of the last point.</summary>
    public double End => _points[^1][0];

    public static Trace Read(string file)
        => new([.. File.ReadLines(file).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())]);

    /// <summary>The largest coil current in a time.</summary>
    public double MostCoil(double from, double to) => Between(from, to).Max(point => Math.Abs(point[1]));

    /// <summary>The largest current out of the supply in a time.</summary>
    public double MostSupply(double from, double to) => Between(from, to).Max(point => Math.Abs(point[3]));

    /// <summary>The mean gate voltage in a time, weighted by time.</summary>
    public double MeanGate(double from, double to)
    {
        var (area, points) = (0.0, Between(from, to).ToArray());
        for (var at = 1; at < points.Length; at++) area += (points[at][0] - points[at - 1][0]) * (points[at][2] + points[at - 1][2]) / 2;
        return area / (points[^1][0] - points[0][0]);
    }

    /// <summary>When the coil current first reaches a value, or null.</summary>
    public double? Reaches(double ampere, double from, double to) => Between(from, to).FirstOrDefault(point => point[1] >= ampere)?[0];

    /// <summary>When the coil current is first below a value, or null.</summary>
    public double? FallsBelow(double ampere, double from, double to) => Between(from, to).FirstOrDefault(point => point[1] < ampere)?[0];

    /// <summary>When the coil current is last above a value, or null where it is so to the end.</summary>
    public double? LastAbove(double ampere, double from, double to)
    {
        var last = Between(from, to).LastOrDefault(point => point[1] > ampere)?[0] ?? from;
        return last > to - 0.002 ? null : last;
    }

    private IEnumerable<double[]> Between(double from, double to) => _points.Where(point => point[0] >= from && point[0] <= to);
}
