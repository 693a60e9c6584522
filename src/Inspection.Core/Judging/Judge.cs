namespace Inspection.Core;

/// <summary>Turns what was seen into a verdict. Anything that is not plainly sound is Indeterminate.</summary>
public static class Judge
{
    /// <summary>Judges a frame by the recipe's limits.</summary>
    public static Verdict Decide(Frame frame, Detection detection, Recipe recipe)
    {
        if (frame.Unreadable is not null) return Verdict.Indeterminate(VerdictReason.UnreadableFrame);
        if (detection.Failure is not null) return Verdict.Indeterminate(VerdictReason.DetectorFailed);
        var unfit = Unfit(detection.Health, recipe.Frames);
        if (unfit is { } reason) return Verdict.Indeterminate(reason);
        // After the frame's own faults: on a dark picture nothing can be found.
        if (detection.NotFound is not null) return Verdict.Indeterminate(VerdictReason.PartNotFound);
        if (!float.IsFinite(detection.Score) || !float.IsFinite(detection.Threshold))
            return Verdict.Indeterminate(VerdictReason.ScoreNotFinite);
        if (detection.Score > detection.Threshold) return Verdict.Reject;
        // Written so that a limit that is no number makes the part unsure, too.
        return detection.UnsureAbove is { } limit && !(detection.Score <= limit) ? Verdict.Indeterminate(VerdictReason.Unsure) : Verdict.Pass;
    }

    private static VerdictReason? Unfit(in FrameHealth health, FrameLimits limits)
    {
        // Written so that a NaN measure is unfit too.
        if (!(health.Mean >= limits.MinMean) || !(health.DarkShare <= limits.MaxDarkShare)) return VerdictReason.DarkFrame;
        if (!(health.SaturatedShare <= limits.MaxSaturatedShare)) return VerdictReason.SaturatedFrame;
        if (!(health.Sharpness >= limits.MinSharpness)) return VerdictReason.BlurredFrame;
        if (health.IdenticalFor >= limits.MaxIdentical) return VerdictReason.FrozenFrame;
        return null;
    }
}
