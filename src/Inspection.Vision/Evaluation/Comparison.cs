using System.Text.Json;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>Two models on the same photos.</summary>
public sealed record Comparison
{
    /// <summary>Version of the JSON's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The first model alone.</summary>
    public required Evaluation First { get; init; }

    /// <summary>The second model alone.</summary>
    public required Evaluation Second { get; init; }

    /// <summary>The parts that both scored, in the order of the photos.</summary>
    public required IReadOnlyList<ScoredPair> Pairs { get; init; }

    /// <summary>DeLong's test of the AUROC, first less second; null with fewer than two parts of a kind.</summary>
    public AurocDifference? Auroc => PairedTests.DeLong([.. Pairs.Where(p => p.Good).Select(p => (p.First, p.Second))], [.. Pairs.Where(p => !p.Good).Select(p => (p.First, p.Second))]);

    /// <summary>McNemar's test over the good parts: whose false rejects, unsure parts included, are fewer.</summary>
    public VerdictDifference FalseRejects => Verdicts(p => p.Good);

    /// <summary>McNemar's test over the defective parts: whose escapes are fewer.</summary>
    public VerdictDifference Escapes => Verdicts(p => !p.Good);

    /// <summary>Puts two evaluations of the same photos side by side.</summary>
    public static Comparison Of(Evaluation first, Evaluation second)
    {
        var others = second.Photos.Where(p => p.Score is not null).ToDictionary(p => p.Path, StringComparer.Ordinal);
        return new Comparison
        {
            First = first,
            Second = second,
            Pairs = [.. first.Photos.Where(p => p.Score is not null && others.ContainsKey(p.Path)).Select(p => new ScoredPair(
                p.Path, p.Class, p.Label == "good", p.Score!.Value, others[p.Path].Score!.Value, p.Verdict, others[p.Path].Verdict))],
        };
    }

    /// <summary>All but the single photos, as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new { Schema, First = First.Figures, Second = Second.Figures, Compared = Pairs.Count, Auroc, FalseRejects, Escapes }, Evaluation.WithNulls) + "\n";

    private VerdictDifference Verdicts(Func<ScoredPair, bool> which)
    {
        var parts = Pairs.Where(which).ToArray();
        var (first, second) = (parts.Count(p => p.FirstIsRight && !p.SecondIsRight), parts.Count(p => p.SecondIsRight && !p.FirstIsRight));
        return new(parts.Length, parts.Count(p => p.FirstIsRight && p.SecondIsRight), first, second, parts.Length == 0 ? null : PairedTests.McNemar(first, second));
    }
}

/// <summary>One part that both models scored.</summary>
/// <param name="Path">As in <see cref="ScoredPhoto.Path"/>.</param>
/// <param name="Class"><c>good</c>, or the class of the defect.</param>
/// <param name="Good">True for a good part.</param>
/// <param name="First">The first model's score.</param>
/// <param name="Second">The second model's score.</param>
/// <param name="FirstVerdict">The first model's verdict at its own threshold.</param>
/// <param name="SecondVerdict">The second model's.</param>
public sealed record ScoredPair(string Path, string Class, bool Good, float First, float Second, VerdictKind FirstVerdict, VerdictKind SecondVerdict)
{
    /// <summary>True where the first model's verdict is a right one: a good part passes, a defective one does not.</summary>
    public bool FirstIsRight => (FirstVerdict == VerdictKind.Pass) == Good;

    /// <summary>True where the second model's is.</summary>
    public bool SecondIsRight => (SecondVerdict == VerdictKind.Pass) == Good;
}

/// <summary>How the verdicts of two models differ on the same parts.</summary>
/// <param name="Parts">Parts compared.</param>
/// <param name="BothRight">Judged rightly by both.</param>
/// <param name="OnlyFirstRight">Judged rightly by the first alone.</param>
/// <param name="OnlySecondRight">Judged rightly by the second alone.</param>
/// <param name="P">See <see cref="PairedTests.McNemar"/>; null where there are no parts.</param>
public sealed record VerdictDifference(int Parts, int BothRight, int OnlyFirstRight, int OnlySecondRight, double? P);
