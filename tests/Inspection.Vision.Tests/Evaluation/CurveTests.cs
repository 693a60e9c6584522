namespace Inspection.Vision.Tests.Evaluation;

public sealed class CurveTests
{
    [Fact]
    public void A_hand_computed_curve_with_a_tie()
    {
        // From the top: a defect, a good part and a defect of equal score, a good part.
        var points = Curve.Of([2, 1], [3, 2]);
        points.ShouldBe([new(0, 0, 1), new(0, 0.5, 1), new(0.5, 1, 2.0 / 3), new(1, 1, 0.5)]);
        Curve.AveragePrecision(points).ShouldBe(0.5 + (0.5 * 2 / 3), 1e-12);
        Curve.PrecisionAt(points, 0.5).ShouldBe(1);
        Curve.PrecisionAt(points, 0.51).ShouldBe(2.0 / 3);
    }

    [Fact]
    public void The_area_under_every_curve_is_the_AUROC_and_its_points_hold_the_escapes()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            float[] Draw() => [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(12) / 4f)];
            var (good, defect) = (Draw(), Draw());
            var points = Curve.Of(good, defect);
            points.Skip(1).Zip(points, (b, a) => (b.FalseRejects - a.FalseRejects) * (a.Caught + b.Caught) / 2).Sum().ShouldBe(Rates.Auroc(good, defect)!.Value, 1e-12);
            points[^1].Caught.ShouldBe(1);
            points.Zip(points.Skip(1)).ShouldAllBe(p => p.First.FalseRejects <= p.Second.FalseRejects && p.First.Caught <= p.Second.Caught);
            foreach (var share in (decimal[])[0, 0.05m, 0.5m])
                (1 - points.Last(p => p.FalseRejects <= (double)share).Caught).ShouldBeLessThanOrEqualTo(Rates.EscapesAt(good, defect, share)!.Value + 1e-12);
        }
    }

    [Fact]
    public void Every_score_is_counted_once_in_a_histogram_also_where_all_are_equal()
    {
        var histogram = Histogram.Of([1, 2, 3, 3], [3, 7], 6);
        histogram.Edges.ShouldBe([1, 2, 3, 4, 5, 6, 7]);
        histogram.Good.ShouldBe([1, 1, 2, 0, 0, 0]);
        histogram.Defect.ShouldBe([0, 0, 1, 0, 0, 1]);
        Histogram.Of([5, 5, 5], []).Good.Sum().ShouldBe(3);
        Histogram.Of([], [0]).Defect.Sum().ShouldBe(1);
    }
}
