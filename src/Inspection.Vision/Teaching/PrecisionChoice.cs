using System.Globalization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>Which precision of the frozen net a model is taught on.</summary>
public enum TeachPrecision
{
    /// <summary>float32: scores agree between machines to 0.001 of the threshold. Default.</summary>
    Full,

    /// <summary>INT8: faster where the processor has instructions for it.</summary>
    Quantised,

    /// <summary>The faster one on this machine, where both agree.</summary>
    Auto,
}

/// <summary>How the precision of a model was chosen on the machine that taught it.</summary>
/// <param name="Chosen">The precision of the model.</param>
/// <param name="Words">Why, with the figures, for people.</param>
/// <param name="Float32Milliseconds">Time of one part by the float32 model, resize and measures included, one thread, fastest tenth; null where nothing was measured.</param>
/// <param name="Int8Milliseconds">Likewise by the INT8 model.</param>
/// <param name="RankCorrelation">Spearman's rank correlation of both graphs' scores, −1 to 1, over the parts kept out and the painted defects.</param>
/// <param name="Painted">Defects painted on the parts kept out.</param>
/// <param name="CaughtFloat32">How many of these the float32 model catches at its own threshold.</param>
/// <param name="CaughtInt8">Likewise the INT8 model.</param>
public sealed record PrecisionChoice(
    ModelPrecision Chosen, string Words, double? Float32Milliseconds = null, double? Int8Milliseconds = null,
    double? RankCorrelation = null, int? Painted = null, int? CaughtFloat32 = null, int? CaughtInt8 = null)
{
    /// <summary>The two agree from this rank correlation on; the models' README has what was seen.</summary>
    public const double LeastCorrelation = 0.8;

    /// <summary>The two agree where INT8 misses at most this share of the painted defects more than float32.</summary>
    public const double MostMissed = 0.05;

    /// <summary>The choice where INT8 gave no model.</summary>
    internal static PrecisionChoice Refused(Failure failure) => new(ModelPrecision.Full, $"float32, because INT8 gave no model: {failure.Message}");

    /// <summary>The choice where there is nothing to compare both on.</summary>
    internal static PrecisionChoice NotCompared => new(ModelPrecision.Full, "float32, because no defect could be painted within the region of interest to compare both on.");

    /// <summary>The choice from what was measured.</summary>
    /// <param name="full">Milliseconds of a part by the float32 model.</param>
    /// <param name="quantised">Milliseconds of a part by the INT8 model.</param>
    /// <param name="correlation">Rank correlation of the scores.</param>
    /// <param name="painted">Painted defects.</param>
    /// <param name="caughtFull">Of these caught by float32.</param>
    /// <param name="caughtQuantised">Of these caught by INT8.</param>
    internal static PrecisionChoice Of(double full, double quantised, double correlation, int painted, int caughtFull, int caughtQuantised)
    {
        // Written so that a NaN is no agreement.
        var agree = correlation >= LeastCorrelation && painted > 0 && caughtFull - caughtQuantised <= MostMissed * painted;
        var chosen = agree && quantised < full ? ModelPrecision.Quantised : ModelPrecision.Full;
        var why = chosen == ModelPrecision.Quantised ? "INT8: the faster one, and both agree"
            : agree ? "float32: the faster one, and both agree"
            : $"float32, because both do not agree (wanted are a rank correlation of {LeastCorrelation} and at most {MostMissed * 100:0} % of the painted defects missed in addition)";
        var words = string.Create(CultureInfo.InvariantCulture,
            $"{why}. A part took {full:0.00} ms in float32, {quantised:0.00} ms in INT8; rank correlation of the scores {correlation:0.000}; of {painted} painted defects float32 catches {caughtFull}, INT8 {caughtQuantised}.");
        return new(chosen, words, Math.Round(full, 3), Math.Round(quantised, 3), double.IsFinite(correlation) ? Math.Round(correlation, 4) : null, painted, caughtFull, caughtQuantised);
    }
}
