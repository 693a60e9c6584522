using System.Globalization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>What a part costs that is not judged rightly, all in the same unit, and how common defects are on the line.</summary>
/// <param name="Escape">Cost of a defective part that passes, above 0.</param>
/// <param name="FalseReject">Cost of a good part that is rejected, above 0.</param>
/// <param name="Look">Cost of a part that a person looks at; he is taken to be right. Above 0.</param>
/// <param name="DefectShare">Share of defective parts on the line, above 0, below 1; that of the photos is another.</param>
public sealed record PartCosts(double Escape, double FalseReject, double Look, double DefectShare)
{
    /// <summary>Reads <c>ESCAPE:FALSE_REJECT:LOOK:DEFECT_SHARE</c>, such as <c>200:3:0.5:0.01</c>.</summary>
    public static Outcome<PartCosts> Parse(string text)
    {
        double[] values = [.. text.Split(':').Select(part => double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : double.NaN)];
        if (values.Length == 4 && values.All(v => v is > 0 and < 1e12) && values[3] < 1) return new PartCosts(values[0], values[1], values[2], values[3]);
        return new Failure("part-costs", $"'{text}' are not costs; give ESCAPE:FALSE_REJECT:LOOK:DEFECT_SHARE, the three costs of a part above 0 in the same unit, the share of defective parts on the line between 0 and 1, such as 200:3:0.5:0.01.");
    }

    /// <summary>The mean cost of a part.</summary>
    /// <param name="good">Scores of good parts, at least one.</param>
    /// <param name="defect">Scores of defective parts, at least one.</param>
    /// <param name="unsureAbove">A person looks at parts above this that are not rejected; at least the threshold where he looks at none.</param>
    /// <param name="threshold">Parts above this are rejected.</param>
    public double Of(IReadOnlyCollection<float> good, IReadOnlyCollection<float> defect, float unsureAbove, float threshold)
    {
        var lower = Math.Min(unsureAbove, threshold);
        double Share(IReadOnlyCollection<float> scores, float above, float upTo) => scores.Count(s => s > above && s <= upTo) / (double)scores.Count;
        return (DefectShare * ((Escape * Share(defect, float.NegativeInfinity, lower)) + (Look * Share(defect, lower, threshold))))
            + ((1 - DefectShare) * ((FalseReject * Share(good, threshold, float.PositiveInfinity)) + (Look * Share(good, lower, threshold))));
    }
}
