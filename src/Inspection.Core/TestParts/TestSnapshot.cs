namespace Inspection.Core;

/// <summary>The test parts at one moment.</summary>
/// <param name="IsDue">A person is asked for test parts: the blue lamp.</param>
/// <param name="IsOverdue">The grace is used up, or a part was wrong: nothing is produced before all parts are right.</param>
/// <param name="Reasons">Why it is due: <c>never-passed</c>, <c>start-of-shift</c>, <c>change-over</c>, <c>bypass</c>, <c>camera-change</c>, <c>every</c>, <c>failed</c>.</param>
/// <param name="GraceLeft">How long the line may still run; zero when overdue.</param>
/// <param name="Parts">The parts, and which of them were right since it became due.</param>
/// <param name="Announced">The part that comes next, by a person's word; null where none is announced.</param>
/// <param name="AnnouncedLeft">The announcement is withdrawn after so long.</param>
/// <param name="LastPassed">The last test that passed; null where none is known.</param>
public sealed record TestSnapshot(
    bool IsDue, bool IsOverdue, IReadOnlyList<string> Reasons, TimeSpan GraceLeft, IReadOnlyList<(TestPart Part, bool Right)> Parts,
    TestPart? Announced, TimeSpan AnnouncedLeft, PassedTest? LastPassed)
{
    /// <summary>A part that was judged rightly and is on its way to the gate, which must do right, too; null where there is none.</summary>
    public TestPart? OnItsWay { get; init; }

    /// <summary>The part that is asked for next; null where none is.</summary>
    public TestPart? Next => IsDue && Announced is null && OnItsWay is null ? Parts.FirstOrDefault(p => !p.Right).Part : null;
}

/// <summary>A test part on its way through the inspection.</summary>
/// <param name="Part">Which.</param>
/// <param name="By">Who announced it.</param>
public sealed record TestRun(TestPart Part, Who By)
{
    /// <summary>Whether a verdict is the only right one.</summary>
    public bool IsRight(VerdictKind verdict) => verdict == Part.Wanted;
}
