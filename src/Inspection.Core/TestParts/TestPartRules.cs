namespace Inspection.Core;

/// <summary>
/// The recipe's section <c>testParts</c>: known parts that prove that the line sees, and when they are due. Absent: none
/// is ever asked for. With it a test is due whenever none is known to have passed.
/// </summary>
public sealed record TestPartRules
{
    /// <summary>The parts, in the order in which they are asked for: 2–20, at least one good and one bad.</summary>
    public required IReadOnlyList<TestPart> Parts { get; init; }

    /// <summary>
    /// Times of day at which a test is due, as the clock on the wall says: local time of the station's PC, summer time
    /// included. Up to 24. Default none.
    /// </summary>
    public IReadOnlyList<TimeOnly> StartOfShift { get; init; } = [];

    /// <summary>Due where another recipe, or another revision, inspected last. Default true.</summary>
    public bool ChangeOver { get; init; } = true;

    /// <summary>Due when a bypass has ended. Default true.</summary>
    public bool AfterBypass { get; init; } = true;

    /// <summary>Due when the source was lost and is back, or was made anew, as at each start of the program. Default true.</summary>
    public bool AfterCameraChange { get; init; } = true;

    /// <summary>Due so long after the last test that passed, 1–168 h; absent: never by time alone.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>The line may run so long in all between due and passed, 1–120 min. Default 15 min.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (Parts.Count is < 2 or > 20 || !Parts.Any(p => p.Kind == TestPartKind.Good) || !Parts.Any(p => p.Kind == TestPartKind.Bad))
            yield return new("recipe.testParts.parts", $"found {Parts.Count(p => p.Kind == TestPartKind.Good)} good and {Parts.Count(p => p.Kind == TestPartKind.Bad)} bad", "2–20 parts, at least one good and one bad");
        foreach (var part in Parts)
            if (!Person.IsName(part.Name))
                yield return new("recipe.testParts.parts.name", $"found '{part.Name}'", "1–64 characters, no control characters, no blanks at its ends");
        if (Parts.Select(p => p.Name).Distinct(StringComparer.Ordinal).Count() < Parts.Count)
            yield return new("recipe.testParts.parts.name", "found one twice", "each name once");
        if (StartOfShift.Count > 24) yield return new("recipe.testParts.startOfShift", $"found {StartOfShift.Count}", "at most 24 times of day");
        if (Every is { } every && (every.TotalHours < 1 || every.TotalHours > 168)) yield return new("recipe.testParts.every", $"found {every.TotalHours} h", "1–168 h, or absent");
        if (Grace.TotalMinutes is < 1 or > 120) yield return new("recipe.testParts.grace", $"found {Grace.TotalMinutes} min", "1–120 min");
    }
}

/// <summary>What a test part is known to be.</summary>
public enum TestPartKind
{
    /// <summary>Must be judged Pass.</summary>
    Good,

    /// <summary>Must be judged Reject.</summary>
    Bad,
}

/// <summary>A known real part.</summary>
public sealed record TestPart
{
    /// <summary>What is written on it: 1–64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What it is known to be.</summary>
    public required TestPartKind Kind { get; init; }

    /// <summary>The only verdict that is right; Indeterminate never is.</summary>
    internal VerdictKind Wanted => Kind == TestPartKind.Good ? VerdictKind.Pass : VerdictKind.Reject;
}
