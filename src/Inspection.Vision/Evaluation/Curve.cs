namespace Inspection.Vision;

/// <summary>What every possible threshold gives, from rejecting nothing to rejecting all.</summary>
internal static class Curve
{
    /// <summary>The points of the ROC curve; parts of equal score stand on the same side of every threshold.</summary>
    /// <param name="good">Scores of good parts, at least one.</param>
    /// <param name="defect">Scores of defective parts, at least one.</param>
    /// <returns>The first point rejects nothing, the last all.</returns>
    public static IReadOnlyList<CurvePoint> Of(IReadOnlyCollection<float> good, IReadOnlyCollection<float> defect)
    {
        var points = new List<CurvePoint> { new(0, 0, 1) };
        var (goodAbove, defectAbove) = (0, 0);
        foreach (var level in good.Select(s => (Score: s, Good: true)).Concat(defect.Select(s => (Score: s, Good: false))).GroupBy(s => s.Score).OrderByDescending(g => g.Key))
        {
            foreach (var (_, isGood) in level)
            {
                if (isGood) goodAbove++;
                else defectAbove++;
            }
            points.Add(new((double)goodAbove / good.Count, (double)defectAbove / defect.Count, (double)defectAbove / (goodAbove + defectAbove)));
        }
        return points;
    }

    /// <summary>
    /// Average precision: each step in the share of defects caught, times the precision there; no interpolation (Davis and
    /// Goadrich, ICML 2006, say why a straight line between two points would flatter).
    /// </summary>
    public static double AveragePrecision(IReadOnlyList<CurvePoint> points)
        => points.Skip(1).Zip(points, (after, before) => (after.Caught - before.Caught) * after.Precision).Sum();

    /// <summary>The precision at the highest threshold that catches so many defects.</summary>
    /// <param name="points">The curve.</param>
    /// <param name="caught">Share of defective parts, above 0, at most 1.</param>
    public static double PrecisionAt(IReadOnlyList<CurvePoint> points, double caught) => points.First(p => p.Caught >= caught).Precision;
}

/// <summary>One threshold's effect.</summary>
/// <param name="FalseRejects">Share of good parts above it.</param>
/// <param name="Caught">Share of defective parts above it.</param>
/// <param name="Precision">Share of the parts above it that are defective; 1 where there are none.</param>
internal readonly record struct CurvePoint(double FalseRejects, double Caught, double Precision);
