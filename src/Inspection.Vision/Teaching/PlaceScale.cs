namespace Inspection.Vision;

/// <summary>
/// By how much the distance at each place of the picture is divided: 1 where good parts are as much alike as usual, more
/// where they differ more (an oily groove, a printed date, an edge that moves), never less.
/// </summary>
/// <remarks>
/// A place's measure is mean + 3 standard deviations of the distances that good parts have there, none compared with its
/// own patches. Neighbouring places are averaged, because parts move, and few parts say little of single places: the
/// measures are drawn towards their mean as if <see cref="Doubt"/> further parts had shown it everywhere. That quiet places
/// do not count more than usual keeps a part that merely lies elsewhere from being rejected for its background.
/// </remarks>
internal static class PlaceScale
{
    /// <summary>How many parts it takes until their own measure of a place counts half.</summary>
    public const int Doubt = 50;

    private const double Deviations = 3;

    // Weights of a place and its neighbours at 1, 2 and 3 places: a Gaussian with a standard deviation of one place.
    private static readonly double[] Blur = [1, Math.Exp(-0.5), Math.Exp(-2), Math.Exp(-4.5)];

    /// <summary>The scale of each place, row by row.</summary>
    /// <param name="distances">Of each good part, the distances of its patches, row by row.</param>
    /// <param name="columns">Places in a row.</param>
    /// <param name="rows">Rows of places.</param>
    /// <returns>1 or more for each place; 1 everywhere where there are no parts, or all are equal.</returns>
    public static float[] Of(IReadOnlyCollection<float[]> distances, int columns, int rows)
    {
        var places = columns * rows;
        var (means, variances) = (new double[places], new double[places]);
        foreach (var part in distances)
            for (var p = 0; p < places; p++) means[p] += part[p] / (double)distances.Count;
        foreach (var part in distances)
            for (var p = 0; p < places; p++) variances[p] += (part[p] - means[p]) * (part[p] - means[p]) / distances.Count;
        means = Drawn(Blurred(means, columns, rows), distances.Count);
        variances = Drawn(Blurred(variances, columns, rows), distances.Count);

        double[] measures = [.. means.Zip(variances, (mean, variance) => mean + (Deviations * Math.Sqrt(variance)))];
        var usual = measures.Average();
        return [.. measures.Select(m => usual > 0 ? (float)Math.Max(1, m / usual) : 1)];
    }

    private static double[] Drawn(double[] values, int parts)
    {
        var mean = values.Average();
        return [.. values.Select(v => ((parts * v) + (Doubt * mean)) / (parts + Doubt))];
    }

    /// <summary>Averages along the rows, then along the columns; beyond an edge its own value goes on.</summary>
    private static double[] Blurred(double[] values, int columns, int rows)
    {
        double Along(double[] from, int place, int at, int count, int step)
        {
            double sum = 0, weights = 0;
            for (var d = 1 - Blur.Length; d < Blur.Length; d++)
            {
                var weight = Blur[Math.Abs(d)];
                sum += weight * from[place + ((Math.Clamp(at + d, 0, count - 1) - at) * step)];
                weights += weight;
            }
            return sum / weights;
        }

        double[] alongRows = [.. values.Select((_, p) => Along(values, p, p % columns, columns, 1))];
        return [.. alongRows.Select((_, p) => Along(alongRows, p, p / columns, rows, columns))];
    }
}
