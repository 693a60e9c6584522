namespace Inspection.Station.Commissioning;

/// <summary>Values that a person types and the program judges.</summary>
internal static class Readings
{
    /// <summary>What to type.</summary>
    public static string Prompt(IReadOnlyList<Quantity> quantities)
        => $"Measure {string.Join(", ", quantities.Select(q => $"{q.Name} in {q.Unit}"))}; type {(quantities.Count == 1 ? "the value" : $"the {quantities.Count} values, a space between them")} [or f NOTE / n REASON]";

    /// <summary>The values, or null where they are not so many numbers.</summary>
    public static double[]? Parse(IReadOnlyList<Quantity> quantities, string typed)
    {
        var values = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Quantity.Parse).ToArray();
        return values.Length == quantities.Count && Array.TrueForAll(values, value => value is not null) ? [.. values.Select(value => value!.Value)] : null;
    }

    /// <summary>The readings with their units.</summary>
    /// <exception cref="CheckEndedException">One is out of its range.</exception>
    public static IReadOnlyList<string> Judge(IReadOnlyList<Quantity> quantities, double[] values)
    {
        var shown = quantities.Zip(values, (quantity, value) => quantity.Show(value)).ToList();
        return quantities.Zip(values).Any(pair => !pair.First.Holds(pair.Second)) ? throw new CheckEndedException(CheckOutcome.Fail, string.Join("; ", shown)) : shown;
    }
}
