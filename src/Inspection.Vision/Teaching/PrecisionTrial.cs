namespace Inspection.Vision;

/// <summary>Compares the models of both precisions by what they scored: the parts kept out, and the same painted defects.</summary>
internal static class PrecisionTrial
{
    /// <summary>One of the two models.</summary>
    /// <param name="KeptOut">Scores of the parts kept out, by the graph that the threshold follows from; both models' in one order.</param>
    /// <param name="Painted">What it caught of the painted defects, and in what time.</param>
    public readonly record struct Side(IReadOnlyList<float> KeptOut, CatchEstimate Painted);

    /// <summary>Compares.</summary>
    /// <param name="full">The float32 model.</param>
    /// <param name="quantised">The INT8 model, taught from the same parts.</param>
    public static PrecisionChoice Of(Side full, Side quantised) => full.Painted.Scores.Count == 0
        ? PrecisionChoice.NotCompared
        : PrecisionChoice.Of(
            full.Painted.Milliseconds, quantised.Painted.Milliseconds, Correlation([.. full.KeptOut, .. full.Painted.Scores], [.. quantised.KeptOut, .. quantised.Painted.Scores]),
            full.Painted.Scores.Count, full.Painted.Caught, quantised.Painted.Caught);

    /// <summary>Spearman's rank correlation; equal values share their mean rank.</summary>
    internal static double Correlation(IReadOnlyList<float> a, IReadOnlyList<float> b)
    {
        var (x, y) = (Ranks(a), Ranks(b));
        var middle = (x.Length - 1) / 2.0;
        double both = 0, xs = 0, ys = 0;
        for (var i = 0; i < x.Length; i++)
        {
            both += (x[i] - middle) * (y[i] - middle);
            xs += (x[i] - middle) * (x[i] - middle);
            ys += (y[i] - middle) * (y[i] - middle);
        }
        return both / Math.Sqrt(xs * ys);
    }

    private static double[] Ranks(IReadOnlyList<float> values)
        => [.. values.Select(v => values.Count(w => w < v) + ((values.Count(w => w == v) - 1) / 2.0))];
}
