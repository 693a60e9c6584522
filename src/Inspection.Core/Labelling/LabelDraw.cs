namespace Inspection.Core;

/// <summary>A part of a drawn sample.</summary>
/// <param name="Number">The inspection.</param>
/// <param name="Verdict">What the station had said: Pass or Reject. Never shown to whoever labels.</param>
public readonly record struct DrawnPart(InspectionNumber Number, VerdictKind Verdict);

/// <summary>A random sample, drawn once; labelled part by part in its order.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Judge">Whose verdicts.</param>
/// <param name="Seed">What it was drawn with, hexadecimal: see <see cref="SampleRank"/>.</param>
/// <param name="Parts">In the order in which they are shown.</param>
public sealed record LabelDraw(Guid Id, JudgingModel Judge, string Seed, IReadOnlyList<DrawnPart> Parts);

/// <summary>What was said of a drawn part.</summary>
/// <param name="Draw">The draw.</param>
/// <param name="Part">The part.</param>
/// <param name="Label">What was said.</param>
/// <param name="Who">Who said it; the station for a part that was left out.</param>
public sealed record GivenLabel(Guid Draw, DrawnPart Part, PartLabel Label, Who Who);
