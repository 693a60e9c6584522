namespace Inspection.Vision;

/// <summary>
/// Shows the same painted defects to the model of each precision, and takes the time of both graphs alternately, so that
/// whatever else the machine does falls on both.
/// </summary>
internal static class PrecisionTrial
{
    private const int MostOfEach = 10;
    private const int WarmUps = 3;
    private const int Runs = 40;

    /// <summary>One of the two models.</summary>
    /// <param name="Model">The finished graph.</param>
    /// <param name="Threshold">Its own threshold.</param>
    /// <param name="KeptOut">Scores of the parts kept out, by the graph that the threshold follows from; both models' in one order.</param>
    public readonly record struct Side(byte[] Model, float Threshold, IReadOnlyList<float> KeptOut);

    /// <summary>Compares and measures.</summary>
    /// <param name="full">The float32 model.</param>
    /// <param name="quantised">The INT8 model, taught from the same parts.</param>
    /// <param name="size">The input of both.</param>
    /// <param name="parts">The good parts.</param>
    /// <param name="kept">Those kept out, to paint on.</param>
    /// <param name="region">Where the models look; null: everywhere.</param>
    /// <param name="template">By what parts are found; null: they are taken as they lie.</param>
    /// <param name="seed">Seed of the painted defects.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tell">Called with the number done and of all; may throw to cancel.</param>
    public static PrecisionChoice Of(
        Side full, Side quantised, InputSize size, GoodParts parts, IReadOnlyList<int> kept, RegionOfInterest? region, PartTemplate? template, int seed, TimeProvider time, Action<int, int> tell)
    {
        using var first = new GraphRun(full.Model, size, TaughtGraph.Score, template);
        using var second = new GraphRun(quantised.Model, size, TaughtGraph.Score, template);
        var (firstScores, secondScores) = (new List<float>(full.KeptOut), new List<float>(quantised.KeptOut));
        CatchEstimate.Paint(parts, kept, region, template, size, Math.Min(MostOfEach, CatchEstimate.OfEach(parts.Names.Count)), seed, tell, (_, _, painted, _) =>
        {
            first.Run(painted, values => firstScores.Add(values[0]));
            second.Run(painted, values => secondScores.Add(values[0]));
        });
        var painted = firstScores.Count - full.KeptOut.Count;
        var (firstTimes, secondTimes) = (new double[Runs], new double[Runs]);
        for (var i = -WarmUps; i < Runs; i++)
        {
            var (one, other) = (Took(first, time), Took(second, time));
            if (i >= 0) (firstTimes[i], secondTimes[i]) = (one, other);
        }
        return PrecisionChoice.Of(
            FastestTenth(firstTimes), FastestTenth(secondTimes), Correlation(firstScores, secondScores), painted,
            firstScores.Skip(full.KeptOut.Count).Count(s => s > full.Threshold), secondScores.Skip(full.KeptOut.Count).Count(s => s > quantised.Threshold));
    }

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

    private static double Took(GraphRun run, TimeProvider time)
    {
        var began = time.GetTimestamp();
        run.Again();
        return time.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>What else the machine does only adds.</summary>
    private static double FastestTenth(double[] times) => times.Order().ElementAt(times.Length / 10);
}
