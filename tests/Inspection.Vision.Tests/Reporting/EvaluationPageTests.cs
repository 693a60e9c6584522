using System.Text.RegularExpressions;
using Inspection.Testing;
using Inspection.Vision.Tests.Evaluation;
using Inspection.Vision.Tests.Frames;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Reporting;

public sealed class EvaluationPageTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    // The tiny model's score is the brightest pixel's grey value, 0..1; its threshold 0.5.
    private readonly TemporaryModel _model = new(new TinyModel());
    private readonly TemporaryFolder _data = new();

    public void Dispose()
    {
        _model.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void The_page_holds_all_its_sections_plots_and_pictures_and_reaches_for_nothing_outside()
    {
        Grey("good/a.png", 51);
        Grey("good/b.png", 153);
        Grey("scratch/c.png", 204);
        Grey("chip/d.png", 102);

        var page = Page();

        page.ShouldContain("Of 2 good parts, 1 would be rejected (50.0 %). Of 2 defective parts, 1 would escape (50.0 %).");
        foreach (var said in (string[])["AUROC", "0.7500", "Precision and recall", "By class of defect", "Worst escapes", "Worst false rejects", "Score against order", "Speed", "states no bound", "no scored photo has a mask"])
            page.ShouldContain(said);
        page.ShouldContain("<tr><th scope=\"row\">chip</th><td>1</td><td>1</td><td>100 %</td>");
        // Without rejecting the good part of 153 the chip of 102 escapes, the scratch of 204 does not.
        page.ShouldMatch("<th scope=\"row\">chip</th>.*?<td>100 %</td><td>100 %</td><td>100 %</td></tr>");
        page.ShouldMatch("<th scope=\"row\">scratch</th>.*?<td>0 %</td><td>0 %</td><td>0 %</td></tr>");
        Regex.Count(page, "<img src=\"data:image/png;base64,").ShouldBe(4);
        Regex.Count(page, "<img src=\"data:image/jpeg;base64,").ShouldBe(4);
        Regex.Count(page, "<img [^>]*alt=\"[^\"]+\"").ShouldBe(8);
        OnlyItself(page);
        foreach (Match picture in Regex.Matches(page, "data:image/[a-z]+;base64,([^\"]+)\""))
        {
            using var pixels = Cv2.ImDecode(Convert.FromBase64String(picture.Groups[1].Value), ImreadModes.Color);
            pixels.Empty().ShouldBeFalse();
        }
    }

    [Fact]
    public void Hostile_names_of_files_and_classes_stay_text()
    {
        const string name = "<img src=x onerror=alert(1)>\"'&\u202Egnp";
        Grey($"good/{name}.png", 250);
        Grey($"<script>x<_script>/{name}.png", 51);
        _data.Write($"good/broken{name}.png", "no picture");

        var page = Page();

        page.ShouldNotContain("<img src=x");
        page.ShouldNotContain("<script>");
        page.ShouldNotContain("\u202E");
        page.ShouldContain("&lt;img src=x onerror=alert(1)&gt;");
        page.ShouldContain("class of defect");
        OnlyItself(page);
    }

    [Fact]
    public void Without_defects_without_good_parts_and_without_any_score_the_page_says_what_it_can()
    {
        Grey("good/a.png", 51);
        Page().ShouldContain("No defective part was scored, so nothing is known of escapes.");
        File.Delete(Path.Combine(_data.Path, "good/a.png"));
        Grey("chip/d.png", 102);
        Page().ShouldContain("No good part was scored, so nothing is known of false rejects.");
        File.Delete(Path.Combine(_data.Path, "chip/d.png"));
        _data.Write("good/a.png", "no picture");
        _data.Write("chip/b.png", "no picture");
        var page = Page();
        page.ShouldContain("2 of 2 photos could not be scored");
        page.ShouldContain("not a picture of a known format");
        page.ShouldEndWith("</html>\n");
    }

    [Fact]
    public void Marked_defects_give_pixel_figures_and_a_mask_that_cannot_be_read_is_left_out()
    {
        Spot("good.png", null);
        var spot = new Rect(8, 8, 10, 10);
        Spot("found.png", spot);
        Spot("lost.png", spot);
        using (var mask = new Mat(48, 64, MatType.CV_8UC1, Scalar.Black))
        {
            mask.Rectangle(spot, Scalar.White, -1);
            Cv2.ImEncode(".png", mask, out var bytes);
            _data.Write("mask.png", bytes);
        }
        _data.Write("broken.png", "no picture");
        _data.Write("manifest.csv", "path,split,label,class,mask\ngood.png,test,good,good,\nfound.png,test,defect,spot,mask.png\nlost.png,test,defect,spot,broken.png\n");

        var evaluation = Evaluate();

        (evaluation.MarkedParts, evaluation.DefectParts).ShouldBe((1, 2));
        // The map is the picture itself at 32 × 32, so only the spot's blurred rim can be mistaken.
        evaluation.PixelAuroc!.Value.ShouldBeGreaterThan(0.99);
        evaluation.RegionOverlap!.Value.ShouldBeGreaterThan(0.97);
        var page = EvaluationPage.Of(evaluation, "x", At);
        page.ShouldContain("pixel AUROC");
        page.ShouldContain("1 more of the defective parts have no mask");
    }

    [Fact]
    public void Photos_that_say_when_they_were_taken_stand_in_the_order_of_time()
    {
        var first = new DateTime(2026, 3, 1, 8, 0, 0, DateTimeKind.Unspecified);
        for (var i = 0; i < 5; i++) _data.Write($"good/{i}.jpg", PhotoTimeTests.WithTime(first.AddHours(5 - i), true));
        var evaluation = Evaluate();
        evaluation.OrderedByTime.ShouldBeTrue();
        evaluation.Ordered.Select(p => p.Path).ShouldBe(["good/4.jpg", "good/3.jpg", "good/2.jpg", "good/1.jpg", "good/0.jpg"]);
        EvaluationPage.Of(evaluation, "x", At).ShouldContain("2026-03-01 09:00 to 2026-03-01 13:00");
        Grey("good/z.png", 3);
        Evaluate().OrderedByTime.ShouldBeFalse();
    }

    [Fact]
    public void At_most_twenty_of_each_kind_are_shown_the_worst_first()
    {
        Grey("good/a.png", 3);
        for (var i = 0; i < 25; i++) Grey($"chip/{i:00}.png", (byte)(100 - i));
        var evaluation = Evaluate();
        evaluation.HeatMaps.Count.ShouldBe(21);
        evaluation.HeatMaps[0].Path.ShouldBe("chip/24.png");
        EvaluationPage.Of(evaluation, "x", At).ShouldContain("the 20 worst");
    }

    [Fact]
    public void More_false_rejects_than_the_card_promises_are_said_only_where_chance_does_not_explain_them()
    {
        for (var i = 0; i < 40; i++) Grey($"good/{i:00}.png", (byte)(i < 10 ? 200 : 51));
        var evaluation = Evaluate();
        string With(double bound) => EvaluationPage.Of(evaluation with { Bound = new ThresholdBound(bound, 0.95, 299, "At most so many.") }, "x", At);
        With(0.05).ShouldContain("chance hardly explains it");
        With(0.2).ShouldNotContain("chance hardly explains it");
    }

    [Fact]
    public void The_simulated_line_can_be_evaluated_and_says_so()
    {
        var evaluation = new Evaluator(new HastyTime()).Evaluate(_model.Folder, "simulated:2:6").Value.ShouldNotBeNull();
        (evaluation.Simulated, evaluation.GoodParts, evaluation.DefectParts, evaluation.MarkedParts).ShouldBe((true, 2, 6, 6));
        evaluation.Classes.Count().ShouldBe(6);
        EvaluationPage.Of(evaluation, "simulated:2:6", At).ShouldContain("all rendered by the simulated line");
        foreach (var wrong in (string[])["simulated:", "simulated:5", "simulated:0:0", "simulated:1:1:1:1:1", "simulated:-1:3", "simulated:99999:1"])
            new Evaluator(new HastyTime()).Evaluate(_model.Folder, wrong).Failure.ShouldNotBeNull().Code.ShouldBe("simulated-parts", wrong);
    }

    /// <summary>No address but those within the page, no script, and a policy that allows neither.</summary>
    internal static void OnlyItself(string page)
    {
        Regex.Matches(page, "\\b(?:src|href|action)=\"(?!data:image/|#).{0,60}").Select(m => m.Value).ShouldBeEmpty();
        page.ShouldNotContain("url(");
        page.ShouldNotContain("@import");
        page.ShouldContain("default-src 'none'");
        page.ShouldNotContain("<script");
        page.ShouldNotContain("<link");
    }

    private string Page() => EvaluationPage.Of(Evaluate(), _data.Path, At);

    private Vision.Evaluation Evaluate()
    {
        var evaluation = new Evaluator(new HastyTime()) { HeatMaps = EvaluationPage.Pictures }.Evaluate(_model.Folder, _data.Path);
        evaluation.Failure.ShouldBeNull();
        return evaluation.Value!;
    }

    private void Spot(string name, Rect? spot)
    {
        using var picture = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(20));
        if (spot is { } place) picture.Rectangle(place, Scalar.All(230), -1);
        Cv2.ImEncode(".png", picture, out var bytes);
        _data.Write(name, bytes);
    }

    private void Grey(string name, byte value)
    {
        using var picture = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(value));
        Cv2.ImEncode(".png", picture, out var bytes);
        _data.Write(name, bytes);
    }
}
