using System.Globalization;
using System.Text;

namespace Inspection.Gpio.Tests.Circuit;

/// <summary>Plots of simulated values as SVG, told apart by dashes as well as by shade.</summary>
internal static class Plot
{
    private const int Left = 60, Width = 560, Height = 190;

    private static readonly string[] Strokes = ["stroke='#000'", "stroke='#a00' stroke-dasharray='7 3'", "stroke='#06c' stroke-dasharray='2 3'"];

    /// <summary>Gate voltage and coil current after the last edge, stuck low.</summary>
    public static string DropOut(params Corner[] corners)
    {
        const double Before = 0.05, After = 0.45;
        var svg = Start(2 * (Height + 50) + 60);
        Axes(svg, 30, "gate of Q2, V", 8, 2);
        Axes(svg, 30 + Height + 50, "coil current, mA", 200, 50);
        for (var number = 0; number < corners.Length; number++)
        {
            var (run, trace, stuckLow) = WatchdogRun.Simulate(Netlist.Watchdog, corners[number]);
            var points = trace.Points.Where(point => point.At > stuckLow - Before && point.At < stuckLow + After).ToList();
            Curve(svg, 30, points.Select(point => ((point.At - stuckLow + Before) / (Before + After), point.Gate / 8)), Strokes[number]);
            Curve(svg, 30 + Height + 50, points.Select(point => ((point.At - stuckLow + Before) / (Before + After), point.Coil / 0.2)), Strokes[number]);
            Text(svg, Left + Width - 210, 46 + 16 * number, run.Corner.Name, "start");
            svg.Append(CultureInfo.InvariantCulture, $"<path d='M{Left + Width - 245} {42 + 16 * number} h30' {Strokes[number]}/>\n");
        }
        foreach (var top in new[] { 30, 30 + Height + 50 })
            for (var ms = -50; ms <= 450; ms += 50)
                Text(svg, Left + (ms + 50) / 500.0 * Width, top + Height + 15, ms.ToString(CultureInfo.InvariantCulture), "middle");
        Text(svg, Left + Width / 2.0, 2 * (Height + 50) + 48, "ms after the last edge of the heartbeat", "middle");
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Every corner's slower drop-out and the silence it bridges, sorted, with the goal.</summary>
    public static string Corners(IReadOnlyList<WatchdogRun> runs)
    {
        var svg = Start(Height + 95);
        Axes(svg, 30, "ms", 450, 50);
        double Y(double ms) => 30 + Height * (1 - ms / 450);
        svg.Append(CultureInfo.InvariantCulture, $"<path d='M{Left} {Y(400):0.0} h{Width}' stroke='#a00' stroke-width='2'/>\n");
        Text(svg, Left + 6, Y(400) - 4, "goal: 400 ms", "start");
        var sorted = runs.OrderBy(run => run.Slowest).ToList();
        for (var at = 0; at < sorted.Count; at++)
        {
            var x = Left + (at + 0.5) / sorted.Count * Width;
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx='{x:0.0}' cy='{Y(sorted[at].Slowest ?? 450):0.0}' r='1.6'/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<path d='M{x - 2:0.0} {Y(sorted[at].Bridged):0.0} h4' stroke='#06c'/>\n");
        }
        Text(svg, Left + Width / 2.0, Height + 50, $"{runs.Count} corners, sorted by drop-out", "middle");
        Text(svg, Left + Width / 2.0, Height + 68, "dots: last edge to open contact, the slower of stuck high and stuck low", "middle");
        Text(svg, Left + Width / 2.0, Height + 83, "dashes: silence that the relay does not notice", "middle");
        return svg.Append("</svg>\n").ToString();
    }

    private static StringBuilder Start(int height)
        => new StringBuilder().Append(CultureInfo.InvariantCulture, $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {Left + Width + 20} {height}' width='{Left + Width + 20}' height='{height}' font-family='sans-serif' font-size='11' fill='#000' stroke-width='1.4'>\n<rect width='100%' height='100%' fill='#fff'/>\n");

    private static void Axes(StringBuilder svg, int top, string title, double most, double step)
    {
        for (var value = 0.0; value <= most; value += step)
        {
            var y = top + Height * (1 - value / most);
            svg.Append(CultureInfo.InvariantCulture, $"<path d='M{Left} {y:0.0} h{Width}' stroke='#ccc' stroke-width='1'/>\n");
            Text(svg, Left - 6, y + 4, value.ToString("0.#", CultureInfo.InvariantCulture), "end");
        }
        Text(svg, Left, top - 8, title, "start");
    }

    private static void Curve(StringBuilder svg, int top, IEnumerable<(double X, double Y)> points, string stroke)
    {
        svg.Append("<polyline fill='none' ").Append(stroke).Append(" points='");
        var last = double.NegativeInfinity;
        // A point each half pixel is all that can be seen.
        foreach (var (x, y) in points.Where(point => point.X is >= 0 and <= 1))
        {
            if ((x - last) * Width < 0.5) continue;
            last = x;
            svg.Append(CultureInfo.InvariantCulture, $"{Left + x * Width:0.0},{top + Height * (1 - Math.Min(y, 1)):0.0} ");
        }
        svg.Append("'/>\n");
    }

    private static void Text(StringBuilder svg, double x, double y, string text, string anchor)
        => svg.Append(CultureInfo.InvariantCulture, $"<text x='{x:0.0}' y='{y:0.0}' text-anchor='{anchor}'>{text}</text>\n");
}
