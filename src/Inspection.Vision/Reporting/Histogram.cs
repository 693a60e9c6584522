namespace Inspection.Vision;

/// <summary>How often scores fall into classes of equal width.</summary>
/// <param name="Edges">Limits of the classes: one more than there are classes.</param>
/// <param name="Good">Good parts in each class: its lower limit belongs to it, and to the last class its upper one too.</param>
/// <param name="Defect">Defective parts likewise.</param>
internal sealed record Histogram(IReadOnlyList<double> Edges, IReadOnlyList<int> Good, IReadOnlyList<int> Defect)
{
    /// <summary>Counts.</summary>
    /// <param name="good">Scores of good parts.</param>
    /// <param name="defect">Scores of defective parts; at least one score in all.</param>
    /// <param name="classes">How many classes, 1 or more.</param>
    public static Histogram Of(IReadOnlyCollection<float> good, IReadOnlyCollection<float> defect, int classes = 24)
    {
        double low = good.Concat(defect).Min(), high = good.Concat(defect).Max();
        // Scores that are all equal still need a class with a width.
        if (high - low <= Math.Abs(low) * 1e-6) (low, high) = (low - 0.5, high + 0.5);
        var edges = Enumerable.Range(0, classes + 1).Select(i => low + ((high - low) * i / classes)).ToArray();
        int[] Count(IReadOnlyCollection<float> scores)
        {
            var counts = new int[classes];
            foreach (var score in scores) counts[Math.Clamp((int)((score - low) / (high - low) * classes), 0, classes - 1)]++;
            return counts;
        }
        return new(edges, Count(good), Count(defect));
    }
}
