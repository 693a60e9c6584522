using Inspection.Testing;

namespace Inspection.Core.Tests.Judging;

public sealed class JudgeTests
{
    private static Verdict Decide(Detection detection, string? unreadable = null)
    {
        using var frame = Some.Frame(unreadable: unreadable);
        return Judge.Decide(frame, detection, Some.Recipe);
    }

    [Fact]
    public void A_score_at_the_threshold_passes_and_the_next_number_above_it_is_rejected()
    {
        Decide(Some.Detection(0.5f)).ShouldBe(Verdict.Pass);
        Decide(Some.Detection(MathF.BitIncrement(0.5f))).ShouldBe(Verdict.Reject);
    }

    [Theory]
    [InlineData(0.3f, VerdictReason.WithinThreshold)]
    [InlineData(0.30000004f, VerdictReason.Unsure)]
    [InlineData(0.5f, VerdictReason.Unsure)]
    [InlineData(0.50000006f, VerdictReason.AboveThreshold)]
    public void A_score_between_the_two_limits_is_Indeterminate_and_never_Pass(float score, VerdictReason reason)
    {
        var detection = Some.Detection(score);
        detection.UnsureAbove = 0.3f;
        Decide(detection).ShouldBe(reason switch
        {
            VerdictReason.WithinThreshold => Verdict.Pass,
            VerdictReason.AboveThreshold => Verdict.Reject,
            _ => Verdict.Indeterminate(VerdictReason.Unsure),
        });
    }

    [Fact]
    public void A_lower_limit_that_is_no_number_makes_every_part_unsure()
    {
        var detection = Some.Detection();
        detection.UnsureAbove = float.NaN;
        Decide(detection).ShouldBe(Verdict.Indeterminate(VerdictReason.Unsure));
        detection.Clear();
        detection.UnsureAbove.ShouldBeNull();
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_score_that_is_not_finite_is_Indeterminate(float score)
        => Decide(Some.Detection(score)).ShouldBe(Verdict.Indeterminate(VerdictReason.ScoreNotFinite));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_threshold_that_is_not_finite_is_Indeterminate(float threshold)
        => Decide(Some.Detection(0, threshold)).ShouldBe(Verdict.Indeterminate(VerdictReason.ScoreNotFinite));

    [Fact]
    public void A_part_that_was_not_found_is_Indeterminate_even_with_a_fine_score_and_a_dark_frame_is_told_first()
    {
        var detection = Some.Detection();
        detection.NotFound = "turned too far";
        Decide(detection).ShouldBe(Verdict.Indeterminate(VerdictReason.PartNotFound));
        detection.Health = Some.SoundHealth with { Mean = 1 };
        Decide(detection).ShouldBe(Verdict.Indeterminate(VerdictReason.DarkFrame));
        detection.Clear();
        detection.NotFound.ShouldBeNull();
    }

    [Fact]
    public void An_untouched_detection_is_Indeterminate() => Decide(new Detection()).Kind.ShouldBe(VerdictKind.Indeterminate);

    [Fact]
    public void A_verdict_that_nobody_gave_is_Indeterminate() => default(Verdict).Kind.ShouldBe(VerdictKind.Indeterminate);

    [Fact]
    public void An_unreadable_frame_is_Indeterminate_even_with_a_fine_score()
        => Decide(Some.Detection(), "part7.png is truncated").ShouldBe(Verdict.Indeterminate(VerdictReason.UnreadableFrame));

    [Fact]
    public void A_failed_detector_is_Indeterminate_even_with_a_fine_score()
    {
        var detection = Some.Detection();
        detection.Failure = "out of memory";
        Decide(detection).ShouldBe(Verdict.Indeterminate(VerdictReason.DetectorFailed));
    }

    public static TheoryData<FrameHealth, VerdictReason> Unfit => new()
    {
        { Some.SoundHealth with { Mean = 1 }, VerdictReason.DarkFrame },
        { Some.SoundHealth with { DarkShare = 1 }, VerdictReason.DarkFrame },
        { Some.SoundHealth with { SaturatedShare = 1 }, VerdictReason.SaturatedFrame },
        { Some.SoundHealth with { Sharpness = 0 }, VerdictReason.BlurredFrame },
        { Some.SoundHealth with { IdenticalFor = 3 }, VerdictReason.FrozenFrame },
        { Some.SoundHealth with { Mean = float.NaN }, VerdictReason.DarkFrame },
        { Some.SoundHealth with { Sharpness = float.NaN }, VerdictReason.BlurredFrame },
        { Some.SoundHealth with { SaturatedShare = float.NaN }, VerdictReason.SaturatedFrame },
        { default, VerdictReason.DarkFrame },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_frame_that_is_not_fit_to_be_judged_is_Indeterminate_with_its_reason(FrameHealth health, VerdictReason reason)
    {
        var detection = Some.Detection();
        detection.Health = health;
        Decide(detection).ShouldBe(Verdict.Indeterminate(reason));
    }
}
