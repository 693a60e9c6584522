namespace Inspection.Vision;

/// <summary>How like its template a part must be to count as found; it follows from the good parts that were taught.</summary>
internal static class LikenessLimit
{
    /// <summary>No good part may be less like the template than this: what is, could be anything (the models' README has what was seen).</summary>
    public const double Least = 0.4;

    // No limit is lower: other things than the part reached 0.34 (models' README).
    private const double LowestLimit = 0.35;

    // A later part may be less like it than all good parts so far, and by as much again as the worst of these.
    private const double LeastRoom = 0.1;

    /// <summary>The limit for the line.</summary>
    /// <param name="worst">The least likeness of the good parts, at least <see cref="Least"/>.</param>
    public static double From(double worst) => Math.Max(LowestLimit, worst - Math.Max(LeastRoom, 1 - worst));
}
