using System.Text.Json;
using Inspection.Testing;
using Inspection.Vision.Tests.Frames;
using Inspection.Vision.Tests.Reporting;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Evaluation;

public sealed class ComparisonTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    // Scores are the brightest pixel, 0..1; the second model sees half as bright and so misses what the first finds.
    private readonly TemporaryModel _first = new(new TinyModel());
    private readonly TemporaryModel _second = new(new TinyModel { Gain = 0.5f }, TemporaryModel.FiveLines.Replace("\"foreign\"", "\"dim\"", StringComparison.Ordinal));
    private readonly TemporaryFolder _data = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void Verdicts_are_paired_by_photo_and_tested_apart_for_good_and_defective_parts()
    {
        for (var i = 0; i < 8; i++) Grey($"chip/{i}.png", (byte)(180 + i));
        for (var i = 0; i < 3; i++) Grey($"good/{i}.png", (byte)(20 + i));
        Grey("good/bright.png", 200);

        var comparison = Compare();

        comparison.Pairs.Count.ShouldBe(12);
        (comparison.Escapes with { P = 0 }).ShouldBe(new VerdictDifference(8, 0, 8, 0, 0));
        comparison.Escapes.P!.Value.ShouldBe(2.0 / 256, 1e-12);
        comparison.FalseRejects.ShouldBe(new VerdictDifference(4, 3, 0, 1, 1));
        // Half as bright leaves the order as it is.
        (comparison.Auroc!.Difference, comparison.Auroc.P).ShouldBe((0, null));
        var page = ComparisonPage.Of(comparison, "x", At);
        page.ShouldContain("Escapes: foreign@1 is better, beyond chance (p = 0.0078).");
        page.ShouldContain("False rejects: no difference beyond chance (p = 1.0000).");
        page.ShouldContain("AUROC: nothing to test.");
        page.ShouldContain("9 parts");
        EvaluationPageTests.OnlyItself(page);
        using var json = JsonDocument.Parse(comparison.ToJson());
        json.RootElement.GetProperty("escapes").GetProperty("onlyFirstRight").GetInt32().ShouldBe(8);
        json.RootElement.GetProperty("second").GetProperty("model").GetProperty("name").GetString().ShouldBe("dim");
        json.RootElement.GetProperty("auroc").GetProperty("p").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void A_defective_part_that_is_unsure_does_not_escape_and_a_good_one_does_not_pass()
    {
        Grey("chip/a.png", 180);
        Grey("good/b.png", 180);
        Vision.Evaluation Judged(string model, float unsureAbove) => new Evaluator(new HastyTime()) { UnsureAbove = unsureAbove }.Evaluate(model, _data.Path).Value!;
        // 0.71 is rejected by the first; half of it, 0.35, is unsure with the second.
        var comparison = Comparison.Of(Judged(_first.Folder, 0.4f), Judged(_second.Folder, 0.3f));
        (comparison.Escapes.BothRight, comparison.FalseRejects.BothRight, comparison.FalseRejects.OnlySecondRight).ShouldBe((1, 0, 0));
        var page = ComparisonPage.Of(comparison, "x", At);
        page.ShouldContain("<td>both</td>");
        page.ShouldContain("<td>neither</td>");
        page.ShouldContain("above 0.3; 1 and 1");
    }

    [Fact]
    public void A_part_that_one_model_cannot_score_is_in_no_test_and_the_page_says_so()
    {
        using var other = new TemporaryModel(new TinyModel { NanOnBlack = true });
        Grey("good/a.png", 20);
        Grey("good/black.png", 0);
        Grey("<b>chip/c.png", 250);
        var evaluator = new Evaluator(new HastyTime());
        var comparison = Comparison.Of(evaluator.Evaluate(_first.Folder, _data.Path).Value!, evaluator.Evaluate(other.Folder, _data.Path).Value!);
        comparison.Pairs.Select(p => p.Path).ShouldBe(["<b>chip/c.png", "good/a.png"], ignoreOrder: true);
        comparison.Auroc.ShouldBeNull();
        var page = ComparisonPage.Of(comparison, "x", At);
        page.ShouldContain("Both models scored 2 of 3 photos");
        page.ShouldContain("foreign@1 (second)");
        page.ShouldNotContain("<b>chip");
    }

    [Fact]
    public void Nothing_scored_still_makes_a_page()
    {
        _data.Write("good/a.png", "no picture");
        ComparisonPage.Of(Compare(), "x", At).ShouldContain("Both models scored 0 of 1 photos");
    }

    private Comparison Compare()
    {
        var evaluator = new Evaluator(new HastyTime());
        return Comparison.Of(evaluator.Evaluate(_first.Folder, _data.Path).Value!, evaluator.Evaluate(_second.Folder, _data.Path).Value!);
    }

    private void Grey(string name, byte value)
    {
        using var picture = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(value));
        Cv2.ImEncode(".png", picture, out var bytes);
        _data.Write(name, bytes);
    }
}
