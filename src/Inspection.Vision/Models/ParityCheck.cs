using Inspection.Core;

namespace Inspection.Vision;

/// <summary>Proves that a model scores here what it scored where it was made.</summary>
public static class ParityCheck
{
    /// <summary>Measures the scores of some parity inputs.</summary>
    /// <param name="session">The open model.</param>
    /// <param name="precision">Its precision, from which the tolerance follows.</param>
    /// <param name="seeds">Seeds of the inputs, 1–64.</param>
    public static Outcome<ModelParity> Measure(ModelSession session, ModelPrecision precision, params ReadOnlySpan<int> seeds)
    {
        ArgumentNullException.ThrowIfNull(session);
        var vectors = new List<ParityVector>();
        foreach (var seed in seeds)
        {
            var score = Score(session, seed, out var failure);
            if (failure is not null) return new Failure("model-refused", $"The model does not run: {failure} Export it again.");
            if (!float.IsFinite(score))
                return new Failure("model-refused", $"The model gives the score {score} for an ordinary texture; a sound model gives finite scores. Export or train it again.");
            vectors.Add(new ParityVector(seed, score));
        }
        return new ModelParity(ModelParity.MaxTolerance(precision), vectors);
    }

    /// <summary>Compares the scores with those that the card holds.</summary>
    /// <param name="session">The open model.</param>
    /// <param name="card">A card with <see cref="ModelCard.Parity"/>.</param>
    /// <returns>Null when every |score − stored| is within the tolerance × |threshold|, otherwise the refusal with its remedy.</returns>
    public static Failure? Verify(ModelSession session, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(card);
        var parity = card.Parity ?? throw new ArgumentException("The card has no parity vectors.", nameof(card));
        var precision = card.Precision ?? ModelPrecision.Full;
        // A threshold of zero gives no scale; then the last digits of float32 around one are the limit.
        var limit = Math.Min(parity.Tolerance, ModelParity.MaxTolerance(precision)) * (card.Threshold == 0 ? 0.001 : Math.Abs(card.Threshold));
        foreach (var vector in parity.Vectors)
        {
            var score = Score(session, vector.Seed, out var failure);
            var difference = Math.Abs((double)score - vector.Score);
            // Written so that a NaN is a mismatch too.
            if (failure is not null || !(difference <= limit))
                return new Failure("model-parity",
                    $"{card.Name}@{card.Version} scores {score:G6} for parity input {vector.Seed}, where it was made it scored {vector.Score:G6}; allowed is a difference of {limit:G3}. {failure}"
                    + (precision == ModelPrecision.Quantised
                        ? "This processor computes INT8 otherwise; use the float32 version of the model, or teach it on this machine."
                        : "The file, the runtime or this processor is not what it was made for; copy the version folder again, or teach the model on this machine."));
        }
        return null;
    }

    private static float Score(ModelSession session, int seed, out string? failure)
    {
        ParityInput.Fill(session.Input, seed, session.Width, session.Height);
        failure = session.Run();
        return session.Score;
    }
}
