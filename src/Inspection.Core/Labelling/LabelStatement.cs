using System.Globalization;

namespace Inspection.Core;

/// <summary>
/// What labelled parts say of how a model judges in production. Both limits hold at every moment together with all earlier
/// and later ones, for parts drawn alike and independently.
/// </summary>
/// <remarks>
/// With π the share of rejects among the parts judged Pass or Reject, g_R the share of good parts among rejects and g_P
/// that among passes, the share of good parts that are rejected is π g_R / (π g_R + (1 − π) g_P). It rises with π and g_R and
/// falls with g_P, so one-sided limits of the three, each ever wrong with a third of the doubt, give one of it (Bonferroni).
/// </remarks>
/// <param name="Judge">Whose verdicts.</param>
/// <param name="Counts">What was counted.</param>
public sealed record LabelStatement(JudgingModel Judge, LabelCounts Counts)
{
    /// <summary>The confidence of each limit.</summary>
    public const double Confidence = 0.95;

    private const double Doubt = 1 - Confidence;

    /// <summary>The share of good parts that are rejected is at most this, 0–1; a part that nobody could tell counts as good among rejects, as not good among passes.</summary>
    public double FalseRejectLimit { get; } = FalseRejects(Counts);

    /// <summary>The share of parts that are not good among the passed ones is at most this, 0–1, with a confidence of its own.</summary>
    public double EscapeLimit { get; } = Escapes(Counts.Passes, Doubt);

    /// <summary>Whether the labels say anything of false rejects.</summary>
    public bool SaysFalseRejects => RoundedUp(FalseRejectLimit) < 100;

    /// <summary>Whether the labels say anything of escapes.</summary>
    public bool SaysEscapes => RoundedUp(EscapeLimit) < 100;

    /// <summary>The sentences, for people who type commands.</summary>
    public IReadOnlyList<string> Sentences()
    {
        var by = string.Create(CultureInfo.InvariantCulture, $"{Judge.Name} (threshold {Judge.Threshold:G6})");
        return
        [
            SaysFalseRejects
                ? string.Create(CultureInfo.InvariantCulture, $"Of the good parts judged by {by}, at most {RoundedUp(FalseRejectLimit):0.##} % are rejected (95 % confidence, however often this is looked at; {Counts.Rejects.All} rejects and {Counts.Passes.All} passes labelled by {Counts.People.Count} {(Counts.People.Count == 1 ? "person" : "persons")}).")
                : $"Nothing is known yet of the good parts that {by} rejects in production: {Counts.Rejects.All} rejects and {Counts.Passes.All} passes are labelled.",
            SaysEscapes
                ? string.Create(CultureInfo.InvariantCulture, $"Of the parts passed by {by}, at most {RoundedUp(EscapeLimit):0.##} % are not good (95 % confidence in this sentence alone, however often it is looked at; {Counts.Passes.All} passes labelled).")
                : $"Nothing is known yet of the parts that {by} passes although they are not good.",
            "Both hold for parts drawn alike and independently; a camera that moves or light that drifts is not covered.",
        ];
    }

    /// <summary>A share in per cent, rounded upwards to a hundredth.</summary>
    public static double RoundedUp(double share)
        // A promise is not made smaller than it is by rounding; a ten-thousandth of a per cent is the noise of the numbers.
        => Math.Ceiling((share * 10_000) - 1e-6) / 100;

    private static double FalseRejects(LabelCounts counts)
    {
        var rejects = ShareLimit.Upper(counts.Rejected, counts.Rejected + counts.Passed, Doubt / 3);
        var goodRejected = rejects * ShareLimit.Upper(counts.Rejects.Good + counts.Rejects.CannotTell, counts.Rejects.All, Doubt / 3);
        var goodPassed = (1 - rejects) * (1 - Escapes(counts.Passes, Doubt / 3));
        return goodPassed <= 0 ? 1 : goodRejected / (goodRejected + goodPassed);
    }

    private static double Escapes(LabelTally passes, double doubt) => ShareLimit.Upper(passes.Bad + passes.CannotTell, passes.All, doubt);
}
