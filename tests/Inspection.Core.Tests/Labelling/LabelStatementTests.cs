using Inspection.Testing;

namespace Inspection.Core.Tests.Labelling;

public sealed class LabelStatementTests
{
    private static readonly JudgingModel Judge = new(Some.Model, 13.7f);

    private static LabelStatement Of(long passed, long rejected, LabelTally passes, LabelTally rejects, params string[] people)
        => new(Judge, new(passed, rejected, passes, rejects, people));

    [Fact]
    public void The_limit_is_made_of_the_limits_of_three_shares_each_with_a_third_of_the_doubt()
    {
        var statement = Of(9_700, 300, new(60, 1, 0), new(5, 35, 0), "Ada", "Quinn");
        var pi = ShareLimit.Upper(300, 10_000, 0.05 / 3);
        var (goodRejects, goodPasses) = (ShareLimit.Upper(5, 40, 0.05 / 3), ShareLimit.Lower(60, 61, 0.05 / 3));
        statement.FalseRejectLimit.ShouldBe(pi * goodRejects / ((pi * goodRejects) + ((1 - pi) * goodPasses)), 1e-12);
        statement.EscapeLimit.ShouldBe(ShareLimit.Upper(1, 61, 0.05), 1e-12);
        var true0 = 300 * 5.0 / 40 / ((300 * 5.0 / 40) + (9_700 * 60.0 / 61));
        statement.FalseRejectLimit.ShouldBeInRange(true0, 4 * true0);
    }

    [Fact]
    public void What_a_person_cannot_tell_counts_against_the_station_on_both_sides()
    {
        Of(970, 30, new(50, 0, 2), new(4, 10, 3)).FalseRejectLimit.ShouldBe(Of(970, 30, new(50, 2, 0), new(7, 10, 0)).FalseRejectLimit);
        Of(970, 30, new(50, 0, 2), default).EscapeLimit.ShouldBe(Of(970, 30, new(50, 2, 0), default).EscapeLimit);
        LabelCounts.None.With(VerdictKind.Pass, PartLabel.LeftOut, Some.Person).ShouldBe(LabelCounts.None, "a part that was left out counts nowhere");
    }

    [Fact]
    public void Without_labels_nothing_is_claimed()
    {
        var none = Of(9_700, 300, default, default);
        (none.SaysFalseRejects, none.SaysEscapes).ShouldBe((false, false));
        none.Sentences().ShouldBe(
        [
            "Nothing is known yet of the good parts that demo-part@1 (threshold 13.7) rejects in production: 0 rejects and 0 passes are labelled.",
            "Nothing is known yet of the parts that demo-part@1 (threshold 13.7) passes although they are not good.",
            "Both hold for parts drawn alike and independently; a camera that moves or light that drifts is not covered.",
        ]);
        Of(0, 0, default, default).FalseRejectLimit.ShouldBe(1);
        Of(100, 0, new(0, 20, 0), default).FalseRejectLimit.ShouldBe(1, "when no pass is good, each good part may be a reject");
    }

    [Fact]
    public void The_sentences_say_whose_how_much_how_sure_and_from_what()
    {
        Of(9_700, 300, new(60, 0, 0), new(0, 40, 0), "Ada", "Quinn").Sentences().Take(2).ShouldBe(
        [
            "Of the good parts judged by demo-part@1 (threshold 13.7), at most 0.56 % are rejected (95 % confidence, however often this is looked at; 40 rejects and 60 passes labelled by 2 persons).",
            "Of the parts passed by demo-part@1 (threshold 13.7), at most 7.21 % are not good (95 % confidence in this sentence alone, however often it is looked at; 60 passes labelled).",
        ]);
        Of(9_700, 300, new(60, 0, 0), new(0, 40, 0), "Ada").Sentences()[0].ShouldEndWith("labelled by 1 person).");
    }

    [Theory]
    [InlineData(0.00521, 0.53)]
    [InlineData(0.0052, 0.52)]
    [InlineData(0.00520000001, 0.52)]
    [InlineData(1, 100)]
    public void A_promise_is_never_made_smaller_by_rounding(double share, double percent) => LabelStatement.RoundedUp(share).ShouldBe(percent);

    [Fact]
    public void Looked_at_after_every_label_the_true_share_is_ever_above_the_limit_no_more_often_than_stated_and_half_the_limit_is_exceeded_more_often()
    {
        const int walks = 80, labels = 200;
        const int allowed = 11; // the 99.9 % quantile of Binomial(80, 0.05)
        const double rejected = 0.05, goodRejects = 0.3, goodPasses = 0.99;
        var truth = rejected * goodRejects / ((rejected * goodRejects) + ((1 - rejected) * goodPasses));
        var random = new Random(7);
        int wrong = 0, halfWrong = 0;
        for (var walk = 0; walk < walks; walk++)
        {
            var (counts, lowest) = (LabelCounts.None, 1.0);
            for (var label = 0; label < labels; label++)
            {
                for (var part = 0; part < 20; part++)
                    counts = random.NextDouble() < rejected ? counts with { Rejected = counts.Rejected + 1 } : counts with { Passed = counts.Passed + 1 };
                var verdict = label % 2 == 0 ? VerdictKind.Reject : VerdictKind.Pass;
                var good = random.NextDouble() < (verdict == VerdictKind.Reject ? goodRejects : goodPasses);
                counts = counts.With(verdict, good ? PartLabel.Good : PartLabel.Bad, Some.Person);
                lowest = Math.Min(lowest, new LabelStatement(Judge, counts).FalseRejectLimit);
            }
            if (lowest < truth) wrong++;
            if (lowest / 2 < truth) halfWrong++;
        }
        wrong.ShouldBeLessThanOrEqualTo(allowed);
        halfWrong.ShouldBeGreaterThan(allowed);
    }
}
