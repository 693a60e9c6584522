using System.Text.Json;
using Inspection.Core;
using Inspection.Testing;
using Inspection.Vision.Tests.Frames;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Evaluation;

public sealed class EvaluatorTests : IDisposable
{
    // The tiny model's score is the brightest pixel's grey value, 0..1.
    private readonly TemporaryModel _model = new(new TinyModel());
    private readonly TemporaryFolder _data = new();

    public void Dispose()
    {
        _model.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void A_folder_with_good_and_other_classes_gives_rates_times_and_a_row_for_each_photo()
    {
        Grey("good/a.png", 51);
        Grey("good/b.png", 153);
        Grey("scratch/deep/c.png", 204);
        Grey("chip/d, \"old\".png", 102);

        var evaluation = Evaluate(_data.Path);

        evaluation.Threshold.ShouldBe(0.5f);
        (evaluation.GoodParts, evaluation.DefectParts, evaluation.Unscored).ShouldBe((2, 2, 0));
        evaluation.Auroc.ShouldBe(0.75);
        evaluation.FalseRejectRate.ShouldBe(0.5);
        evaluation.EscapeRate.ShouldBe(0.5);
        evaluation.EscapeRateAt["0.01"].ShouldBe(0.5);
        evaluation.MedianMilliseconds!.Value.ShouldBeGreaterThan(0);
        evaluation.P99Milliseconds!.Value.ShouldBeGreaterThanOrEqualTo(evaluation.MedianMilliseconds.Value);
        evaluation.Photos.ShouldContain(p => p.Path == "scratch/deep/c.png" && p.Class == "scratch" && p.Verdict == VerdictKind.Reject);
        var rows = evaluation.ToCsv().TrimEnd('\n').Split('\n');
        rows[0].ShouldBe("path,label,score,verdict");
        rows.Length.ShouldBe(5);
        rows.ShouldContain("\"chip/d, \"\"old\"\".png\",defect,0.4,Pass");
        rows.ShouldContain("good/b.png,good,0.6,Reject");
    }

    [Fact]
    public void An_unsure_part_is_neither_a_false_reject_nor_an_escape_and_stands_in_a_column_of_its_own()
    {
        Grey("good/a.png", 51);
        Grey("good/b.png", 102);
        Grey("chip/c.png", 110);
        Grey("chip/d.png", 30);
        var evaluator = new Evaluator(new HastyTime()) { UnsureAbove = 0.3f };

        var evaluation = evaluator.Evaluate(_model.Folder, _data.Path).Value.ShouldNotBeNull();

        (evaluation.GoodParts, evaluation.DefectParts, evaluation.Unscored, evaluation.GoodUnsure, evaluation.DefectUnsure).ShouldBe((2, 2, 0, 1, 1));
        (evaluation.FalseRejectRate, evaluation.EscapeRate).ShouldBe((0, 0.5));
        evaluation.EscapeInterval.ShouldBe(Interval.OfShare(1, 2));
        evaluation.ToCsv().ShouldContain("good/b.png,good,0.4,Indeterminate");
        var page = EvaluationPage.Of(evaluation, "x", DateTimeOffset.UnixEpoch);
        page.ShouldContain("A person would look at 1 of the good and 1 of the defective ones.");
        page.ShouldContain("<tr><th scope=\"row\">good</th><td>1</td><td>0</td><td>1</td><td>0</td></tr>");
        page.ShouldContain("<tr><th scope=\"row\">defective</th><td>1</td><td>0</td><td>1</td><td>0</td></tr>");
        new Evaluator(new HastyTime()) { UnsureAbove = 0.5f }.Evaluate(_model.Folder, _data.Path).Failure.ShouldNotBeNull().Message.ShouldContain("lower score");
    }

    [Fact]
    public void The_JSON_has_the_promised_members_and_says_null_where_there_is_no_rate()
    {
        Grey("good/a.png", 51);
        using var json = JsonDocument.Parse(Evaluate(_data.Path).ToJson());
        var root = json.RootElement;
        root.GetProperty("goodParts").GetInt32().ShouldBe(1);
        root.GetProperty("falseRejectRate").GetDouble().ShouldBe(0);
        foreach (var name in (string[])["auroc", "escapeRate"]) root.GetProperty(name).ValueKind.ShouldBe(JsonValueKind.Null);
        root.GetProperty("escapeRateAt").EnumerateObject().Select(p => p.Name).ShouldBe(["0.001", "0.01", "0.05"]);
        foreach (var name in (string[])["defectParts", "unscored", "medianMilliseconds", "p99Milliseconds"])
            root.GetProperty(name).ValueKind.ShouldBe(JsonValueKind.Number);
    }

    [Fact]
    public void A_photo_that_cannot_be_scored_is_Indeterminate_and_in_no_rate()
    {
        Grey("good/a.png", 51);
        var whole = File.ReadAllBytes(Grey("stain/b.png", 204));
        _data.Write("stain/cut.png", whole.AsSpan(0, whole.Length / 2));

        var evaluation = Evaluate(_data.Path);

        (evaluation.GoodParts, evaluation.DefectParts, evaluation.Unscored).ShouldBe((1, 1, 1));
        evaluation.EscapeRate.ShouldBe(0);
        var cut = evaluation.Photos.Single(p => p.Path == "stain/cut.png");
        (cut.Score, cut.Verdict, cut.Milliseconds).ShouldBe((null, VerdictKind.Indeterminate, null));
        cut.Reason.ShouldNotBeNull().ShouldContain("cut.png");
        evaluation.ToCsv().ShouldContain("stain/cut.png,defect,,Indeterminate\n");
    }

    [Fact]
    public void A_score_that_is_not_a_number_is_Indeterminate()
    {
        using var model = new TemporaryModel(new TinyModel { NanOnBlack = true });
        Grey("good/a.png", 51);
        Grey("stain/black.png", 0);
        var evaluation = Evaluate(_data.Path, model.Folder);
        evaluation.Unscored.ShouldBe(1);
        evaluation.Photos.Single(p => p.Path == "stain/black.png").Verdict.ShouldBe(VerdictKind.Indeterminate);
    }

    [Fact]
    public void Dark_and_equal_photos_are_scored_because_limits_belong_to_a_recipe()
    {
        for (var i = 0; i < 6; i++) Grey($"good/{i}.png", 3);
        Evaluate(_data.Path).GoodParts.ShouldBe(6);
    }

    [Fact]
    public void A_manifest_is_believed_where_there_is_a_folder_good_too_so_that_no_taught_photo_is_tested()
    {
        Grey("good/taught.png", 51);
        Grey("good/other.png", 60);
        Grey("bent/d.png", 204);
        _data.Write("manifest.csv", "path,split,label,class,mask\ngood/taught.png,train,good,good,\ngood/other.png,test,good,good,\nbent/d.png,test,defect,bent,\n");
        Evaluate(_data.Path).Photos.Select(p => p.Path).ShouldBe(["good/other.png", "bent/d.png"]);
        using var taught = GoodParts.Open(_data.Path).Value.ShouldNotBeNull();
        taught.Names.ShouldBe(["good/taught.png"]);
    }

    [Fact]
    public void A_manifest_gives_its_test_rows_and_its_classes()
    {
        foreach (var name in (string[])["t.png", "g.png", "d.png"]) Grey(name, name == "d.png" ? (byte)204 : (byte)51);
        var manifest = _data.Write("manifest.csv", "path,split,label,class,mask\nt.png,train,good,good,\ng.png,test,good,good,\nd.png,test,defect,bent,\n");
        foreach (var path in (string[])[manifest, _data.Path])
        {
            var evaluation = Evaluate(path);
            evaluation.Photos.Select(p => (p.Path, p.Class)).ShouldBe([("g.png", "good"), ("d.png", "bent")]);
            evaluation.Auroc.ShouldBe(1);
        }
    }

    [Fact]
    public void Photos_without_a_label_and_folders_without_photos_are_refused_with_what_to_do()
    {
        Refusal(Path.Combine(_data.Path, "nowhere")).Code.ShouldBe("folder-missing");
        Refusal(_data.Path).Code.ShouldBe("folder-empty");
        Grey("a.png", 51);
        Refusal(_data.Path).Message.ShouldContain("good/");
        Grey("good/b.png", 51);
        Refusal(_data.Path).Message.ShouldContain("a.png");
        var manifest = _data.Write("manifest.csv", "path,split,label,class,mask\na.png,train,good,good,\n");
        Refusal(manifest).Message.ShouldContain("test");
    }

    [Fact]
    public void A_model_that_may_not_judge_is_not_evaluated_either()
    {
        Grey("good/a.png", 51);
        File.WriteAllText(_model.PathOf("model.json"), "{}");
        new Evaluator(new HastyTime()).Evaluate(_model.Folder, _data.Path).Failure.ShouldNotBeNull().Code.ShouldBe("model-card-invalid");
    }

    [Fact]
    public void It_can_be_cancelled_and_tells_how_far_it_is()
    {
        for (var i = 0; i < 4; i++) Grey($"good/{i}.png", 51);
        using var cancel = new CancellationTokenSource();
        var seen = new List<EvaluationProgress>();
        var progress = new Told<EvaluationProgress>(p =>
        {
            seen.Add(p);
            if (p.Done == 2) cancel.Cancel();
        });
        Should.Throw<OperationCanceledException>(() => new Evaluator(new HastyTime()).Evaluate(_model.Folder, _data.Path, progress, cancel.Token));
        seen.ShouldBe([new(1, 4), new(2, 4)]);
    }

    private Vision.Evaluation Evaluate(string data, string? model = null)
    {
        var evaluation = new Evaluator(new HastyTime()).Evaluate(model ?? _model.Folder, data);
        evaluation.Failure.ShouldBeNull();
        return evaluation.Value!;
    }

    private Failure Refusal(string data) => new Evaluator(new HastyTime()).Evaluate(_model.Folder, data).Failure.ShouldNotBeNull();

    private string Grey(string name, byte value)
    {
        using var picture = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(value));
        Cv2.ImEncode(".png", picture, out var bytes);
        return _data.Write(name, bytes);
    }
}
