using ScottPlot;

namespace Inspection.Vision;

/// <summary>The pictures of a report: PNG, because its letters look the same on every screen, at twice the page's size for print.</summary>
internal static class Plots
{
    /// <summary>Width of a plot in the page's pixels.</summary>
    public const int Width = 640;

    /// <summary>Height of a plot in the page's pixels.</summary>
    public const int Height = 400;

    // Okabe and Ito's colours, which people who confuse red and green tell apart; shapes differ as well.
    private static readonly Color Good = Color.FromHex("#0072B2");
    private static readonly Color Defect = Color.FromHex("#D55E00");
    private static readonly Color Limit = Color.FromHex("#222222");

    /// <summary>ROC curves, the first model's and perhaps a second's.</summary>
    /// <param name="curves">Name and points of each.</param>
    /// <param name="at">The first model's own threshold; null for no mark.</param>
    public static byte[] Roc(IReadOnlyList<(string Name, IReadOnlyList<CurvePoint> Points)> curves, (double FalseRejects, double Caught)? at)
        => Curves(curves, p => (p.FalseRejects, p.Caught), at, "share of good parts rejected", "share of defective parts caught", Alignment.LowerRight);

    /// <summary>A precision-recall curve.</summary>
    /// <param name="points">The points.</param>
    /// <param name="at">The model's own threshold; null for no mark.</param>
    public static byte[] Precision(IReadOnlyList<CurvePoint> points, (double Caught, double Precision)? at)
        => Curves([("", points)], p => (p.Caught, p.Precision), at, "recall: share of defective parts caught", "precision", Alignment.LowerLeft);

    /// <summary>How often each score occurs.</summary>
    /// <param name="histogram">The counts.</param>
    /// <param name="threshold">The model's threshold.</param>
    /// <param name="unsureAbove">The limit below it from which on parts are unsure; null: none.</param>
    /// <param name="note">What is claimed of the threshold; may be empty.</param>
    /// <param name="limits">Further scores of which the model's version claims something; may be empty.</param>
    public static byte[] Scores(Histogram histogram, float threshold, float? unsureAbove, string note, IReadOnlyList<UnsureLimit> limits)
    {
        var plot = Begin("score", "share of the parts of each kind");
        var highest = 0.0;
        void Steps(IReadOnlyList<int> counts, Color color, LinePattern pattern, string name)
        {
            double total = counts.Sum();
            if (total == 0) return;
            List<double> xs = [histogram.Edges[0]], ys = [0];
            for (var i = 0; i < counts.Count; i++)
            {
                xs.AddRange([histogram.Edges[i], histogram.Edges[i + 1]]);
                ys.AddRange([counts[i] / total, counts[i] / total]);
                highest = Math.Max(highest, counts[i] / total);
            }
            xs.Add(histogram.Edges[^1]);
            ys.Add(0);
            var line = plot.Add.ScatterLine(xs.ToArray(), ys.ToArray(), color);
            (line.LineWidth, line.LinePattern, line.LegendText) = (2, pattern, name);
            (line.FillY, line.FillYColor) = (true, color.WithAlpha(0.25));
        }
        Steps(histogram.Good, Good, LinePattern.Solid, "good parts");
        Steps(histogram.Defect, Defect, LinePattern.Dashed, "defective parts");
        var limit = plot.Add.VerticalLine(threshold, 2, Limit, LinePattern.Dotted);
        limit.LegendText = $"threshold {Figures.Score(threshold)}{note}";
        if (unsureAbove is { } lower) plot.Add.VerticalLine(lower, 1, Limit, LinePattern.DenselyDashed).LegendText = $"unsure above {Figures.Score(lower)}";
        foreach (var bounded in limits) plot.Add.VerticalLine(bounded.Score, 1, Good, LinePattern.Solid).LegendText = $"{Figures.Score(bounded.Score)}; at most {Figures.AtMost(bounded.Bound)} of good parts above";
        plot.Axes.SetLimitsX(Math.Min(histogram.Edges[0], unsureAbove ?? threshold), Math.Max(histogram.Edges[^1], threshold));
        plot.Axes.SetLimitsY(0, 1.1 * highest);
        return End(plot, Alignment.UpperRight);
    }

    /// <summary>Scores one after the other.</summary>
    /// <param name="photos">In their order, all with a score.</param>
    /// <param name="threshold">The model's threshold.</param>
    /// <param name="unsureAbove">The limit below it from which on parts are unsure; null: none.</param>
    /// <param name="order">Names the order.</param>
    public static byte[] Order(IReadOnlyList<ScoredPhoto> photos, float threshold, float? unsureAbove, string order)
    {
        var plot = Begin(order, "score");
        void Marks(string label, Color color, MarkerShape shape, string name)
        {
            var at = Enumerable.Range(0, photos.Count).Where(i => photos[i].Label == label).ToArray();
            if (at.Length == 0) return;
            var marks = plot.Add.Markers(at.Select(i => i + 1.0).ToArray(), at.Select(i => (double)photos[i].Score!.Value).ToArray(), shape, 5, color);
            marks.LegendText = name;
        }
        Marks("good", Good, MarkerShape.FilledCircle, "good parts");
        Marks("defect", Defect, MarkerShape.OpenTriangleUp, "defective parts");
        plot.Add.HorizontalLine(threshold, 2, Limit, LinePattern.Dotted).LegendText = $"threshold {Figures.Score(threshold)}";
        if (unsureAbove is { } lower) plot.Add.HorizontalLine(lower, 1, Limit, LinePattern.DenselyDashed).LegendText = $"unsure above {Figures.Score(lower)}";
        return End(plot, Alignment.UpperLeft);
    }

    /// <summary>Two models' scores of the same parts.</summary>
    /// <param name="pairs">Label and both scores of each part.</param>
    /// <param name="first">The first model's name and threshold.</param>
    /// <param name="second">The second's.</param>
    public static byte[] Pairs(IReadOnlyList<ScoredPair> pairs, (string Name, float Threshold) first, (string Name, float Threshold) second)
    {
        var plot = Begin($"score of {first.Name}", $"score of {second.Name}");
        void Marks(bool good, Color color, MarkerShape shape, string name)
        {
            var some = pairs.Where(p => p.Good == good).ToArray();
            if (some.Length == 0) return;
            plot.Add.Markers(some.Select(p => (double)p.First).ToArray(), some.Select(p => (double)p.Second).ToArray(), shape, 5, color).LegendText = name;
        }
        Marks(true, Good, MarkerShape.FilledCircle, "good parts");
        Marks(false, Defect, MarkerShape.OpenTriangleUp, "defective parts");
        plot.Add.VerticalLine(first.Threshold, 2, Limit, LinePattern.Dotted).LegendText = "each model's threshold";
        plot.Add.HorizontalLine(second.Threshold, 2, Limit, LinePattern.Dotted);
        return End(plot, Alignment.LowerRight);
    }

    private static byte[] Curves(
        IReadOnlyList<(string Name, IReadOnlyList<CurvePoint> Points)> curves, Func<CurvePoint, (double X, double Y)> place,
        (double X, double Y)? at, string x, string y, Alignment legend)
    {
        var plot = Begin(x, y);
        (Color Color, LinePattern Pattern)[] styles = [(Good, LinePattern.Solid), (Defect, LinePattern.Dashed)];
        foreach (var (curve, style) in curves.Zip(styles))
        {
            var line = plot.Add.ScatterLine(curve.Points.Select(p => place(p).X).ToArray(), curve.Points.Select(p => place(p).Y).ToArray(), style.Color);
            (line.LineWidth, line.LinePattern, line.LegendText) = (2.5f, style.Pattern, curve.Name);
        }
        if (at is { } mark) plot.Add.Marker(mark.X, mark.Y, MarkerShape.FilledDiamond, 12, Limit).LegendText = "the model's own threshold";
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.04);
        return End(plot, legend);
    }

    private static Plot Begin(string x, string y)
    {
        var plot = new Plot { ScaleFactor = 2 };
        plot.XLabel(x);
        plot.YLabel(y);
        (plot.Axes.Bottom.Label.Bold, plot.Axes.Left.Label.Bold) = (false, false);
        return plot;
    }

    private static byte[] End(Plot plot, Alignment legend)
    {
        // Debian's fonts-dejavu-core comes with the GTK library that OpenCV needs.
        plot.Font.Set("DejaVu Sans");
        plot.ShowLegend(legend);
        return plot.GetImage(2 * Width, 2 * Height).GetImageBytes(ImageFormat.Png);
    }
}
