namespace Inspection.Core;

/// <summary>What became of a part of a drawn sample; its code in entries is kebab-case.</summary>
public enum PartLabel
{
    /// <summary>A person sees no defect.</summary>
    Good,

    /// <summary>A person sees a defect.</summary>
    Bad,

    /// <summary>A person cannot tell; counted against the station: a reject as good, a pass as not good.</summary>
    CannotTell,

    /// <summary>The station left it out, because its picture is gone or damaged; never counted.</summary>
    LeftOut,
}

/// <summary>Whose verdicts are spoken of: one version of a model at one threshold.</summary>
/// <param name="Model">The model, by name, version and hash.</param>
/// <param name="Threshold">The limit applied: another one is another judge.</param>
public sealed record JudgingModel(ModelIdentity Model, float Threshold)
{
    /// <summary>As <c>NAME@VERSION</c>.</summary>
    public string Name => $"{Model.Name}@{Model.Version}";
}

/// <summary>How the labelled parts of one verdict were labelled.</summary>
/// <param name="Good">Good ones.</param>
/// <param name="Bad">Bad ones.</param>
/// <param name="CannotTell">Those that a person could not tell.</param>
public readonly record struct LabelTally(int Good, int Bad, int CannotTell)
{
    /// <summary>All of them.</summary>
    public int All => Good + Bad + CannotTell;

    /// <summary>One more; a part that was left out counts nowhere.</summary>
    public LabelTally With(PartLabel label) => label switch
    {
        PartLabel.Good => this with { Good = Good + 1 },
        PartLabel.Bad => this with { Bad = Bad + 1 },
        PartLabel.CannotTell => this with { CannotTell = CannotTell + 1 },
        _ => this,
    };

    /// <summary>The larger of both in each.</summary>
    internal LabelTally AtLeast(LabelTally other) => new(Math.Max(Good, other.Good), Math.Max(Bad, other.Bad), Math.Max(CannotTell, other.CannotTell));
}

/// <summary>What was counted of one <see cref="JudgingModel"/>.</summary>
/// <param name="Passed">Production parts that it passed, labelled or not; overruled or not.</param>
/// <param name="Rejected">Production parts that it rejected, likewise.</param>
/// <param name="Passes">Labels of passes.</param>
/// <param name="Rejects">Labels of rejects.</param>
/// <param name="People">Who labelled, in the order in which they began.</param>
public sealed record LabelCounts(long Passed, long Rejected, LabelTally Passes, LabelTally Rejects, IReadOnlyList<string> People)
{
    /// <summary>Nothing was counted yet.</summary>
    public static LabelCounts None { get; } = new(0, 0, default, default, []);

    /// <summary>One more label.</summary>
    public LabelCounts With(VerdictKind verdict, PartLabel label, Who who)
    {
        if (label == PartLabel.LeftOut) return this;
        var people = People.Contains(who.Name) ? People : [.. People, who.Name];
        return verdict == VerdictKind.Reject ? this with { Rejects = Rejects.With(label), People = people } : this with { Passes = Passes.With(label), People = people };
    }

    /// <summary>These, with what a draw says was counted before it: of entries that were forgotten since only that is left.</summary>
    public LabelCounts AtLeast(LabelCounts before) => new(
        Math.Max(Passed, before.Passed), Math.Max(Rejected, before.Rejected), Passes.AtLeast(before.Passes), Rejects.AtLeast(before.Rejects),
        [.. before.People.Union(People)]);
}
