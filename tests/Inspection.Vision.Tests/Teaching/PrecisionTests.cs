using System.Security.Cryptography;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Teaching;

public sealed class PrecisionTests : IDisposable
{
    private readonly TeachingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_INT8_model_remembers_what_the_INT8_net_sees_and_says_which_net_that_is()
    {
        var taught = TeachingFolder.Taught(Int8("simulated:9:3") with { MaxPatches = 1000 });

        taught.Card.Precision.ShouldBe(ModelPrecision.Quantised);
        taught.Card.Parity!.Tolerance.ShouldBe(ModelParity.MaxTolerance(ModelPrecision.Quantised));
        taught.Card.Taught!.BackboneSha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(TeachingFolder.Backbone, Backbone.QuantisedFileName)))));
        taught.Patches.ShouldBe(TeachRequest.MostQuantised, "of 9 x 48 patches");
        taught.PrecisionChoice.ShouldBeNull();
        var page = File.ReadAllText(Path.Combine(taught.Folder, "README.md"));
        page.ShouldContain("INT8 (the memory float32)");
        page.ShouldContain("--precision int8");

        var record = Record(taught);
        record.Settings.Precision.ShouldBe(ModelPrecision.Quantised);
        var memory = TaughtMemory.Read(Path.Combine(taught.Folder, "model.onnx")).Value.ShouldNotBeNull();
        var (origin, channels) = (record.Memory.Patches[0], TaughtGraph.Channels);
        float[] Seen(ModelPrecision precision)
        {
            using var parts = GoodParts.Open("simulated:9:3").Value.ShouldNotBeNull();
            using var photo = parts.Read(origin.Photo).Value.ShouldNotBeNull();
            var graph = new TaughtGraph(Backbone.Read(TeachingFolder.Backbone, precision).Value!, new InputSize(128, 96));
            using var run = new GraphRun(graph.ToPatches(), new InputSize(128, 96), TaughtGraph.Patches);
            float[] patches = [];
            run.Run(photo, values => patches = values.ToArray());
            var place = (origin.Row * graph.Columns) + origin.Column;
            return [.. Enumerable.Range(0, channels).Select(c => patches[(c * graph.Columns * graph.Rows) + place] - memory.Middle[c])];
        }

        Seen(ModelPrecision.Quantised).ShouldBe(memory.Patches[..channels]);
        Seen(ModelPrecision.Full).ShouldNotBe(memory.Patches[..channels]);
    }

    [Fact]
    public void The_threshold_of_an_INT8_model_is_the_highest_score_that_its_own_graph_gives_a_part_kept_out()
    {
        // So many parts that those kept out stay out, and the finished graph is the one that the threshold was found with.
        var request = Int8("simulated:305:3") with { Input = new InputSize(64, 64), MaxPatches = 40 };
        var taught = TeachingFolder.Taught(request);

        taught.KeptOutJoined.ShouldBeFalse();
        using var parts = GoodParts.Open(request.Good).Value.ShouldNotBeNull();
        using var run = new GraphRun(File.ReadAllBytes(Path.Combine(taught.Folder, "model.onnx")), request.Input.Value, TaughtGraph.Score);
        var scores = new List<float>();
        foreach (var (photo, i) in Record(taught).Photos.Select((p, i) => (p, i)).Where(p => p.p.Use == PhotoUse.KeptOut))
        {
            using var pixels = parts.Read(i).Value.ShouldNotBeNull();
            run.Run(pixels, values => scores.Add(values[0]));
            scores[^1].ShouldBe(photo.Score!.Value, photo.Score.Value * 1e-5f, photo.Name);
        }
        scores.Count.ShouldBe(102);
        scores.Max().ShouldBe(taught.Card.Threshold, taught.Card.Threshold * 1e-5f);
    }

    [Fact]
    public void The_same_parts_give_the_same_INT8_bytes_and_auto_those_of_the_precision_that_it_takes_and_records()
    {
        var first = TeachingFolder.Taught(Int8("simulated:9:3")).Card.Sha256;
        TeachingFolder.Taught(Int8("simulated:9:3") with { Out = _folder.PathOf("again/part/1") }).Card.Sha256.ShouldBe(first);
        var full = TeachingFolder.Taught(Int8("simulated:9:3") with { Out = _folder.PathOf("full/part/1"), Precision = TeachPrecision.Full }).Card.Sha256;
        full.ShouldNotBe(first);
        TeachingFolder.Taught(Int8("simulated:9:3") with { Out = _folder.PathOf("absent/part/1"), Precision = null }).Card.Sha256.ShouldBe(full, "float32 is the default");

        var auto = TeachingFolder.Taught(Int8("simulated:9:3") with { Out = _folder.PathOf("auto/part/1"), Precision = TeachPrecision.Auto });
        var choice = Record(auto).PrecisionChoice.ShouldNotBeNull();
        choice.ShouldBe(auto.PrecisionChoice);
        choice.Chosen.ShouldBe(auto.Card.Precision!.Value);
        auto.Card.Sha256.ShouldBe(choice.Chosen == ModelPrecision.Quantised ? first : full);
        choice.Float32Milliseconds.ShouldNotBeNull().ShouldBeGreaterThan(0);
        choice.Int8Milliseconds.ShouldNotBeNull().ShouldBeGreaterThan(0);
        choice.Painted.ShouldNotBeNull().ShouldBeInRange(50, 75);
        choice.RankCorrelation.ShouldNotBeNull().ShouldBeInRange(0.5, 1);
        var page = File.ReadAllText(Path.Combine(auto.Folder, "README.md"));
        page.ShouldContain($"| precision | {choice.Words} |");
        // Of two thresholds from the same 3 parts one was chosen, so each is found with half the doubt.
        auto.Card.Bound.ShouldNotBeNull().MaxFalseRejectRate.ShouldBe(1 - Math.Pow(0.025, 1 / 3.0), 1e-9);
        auto.Card.Bound.Confidence.ShouldBe(0.95);
        page.ShouldContain("With 95 % confidence at most 70.76 % of good parts like the 3 ");
        page.ShouldContain("For each of the two precisions it was found with 97.5 %, so that 95 % holds whichever is chosen.");
    }

    [Fact]
    public void An_extended_version_keeps_the_precision_and_none_can_be_named_for_it()
    {
        var first = TeachingFolder.Taught(Int8("simulated:9:3"));
        var request = Int8("simulated:8:5") with { Extend = first.Folder, Out = _folder.PathOf("part/2"), Input = null };
        TeachingFolder.Teach(request).Failure.ShouldNotBeNull().Message.ShouldContain("teach.precision");

        var second = TeachingFolder.Taught(request with { Precision = null });
        second.Card.Precision.ShouldBe(ModelPrecision.Quantised);
        second.Card.Taught!.BackboneSha256.ShouldBe(first.Card.Taught!.BackboneSha256);
        second.Patches.ShouldBeInRange(first.Patches + 1, TeachRequest.MostQuantisedExtended);
        Record(second).Settings.MaxPatches.ShouldBe(TeachRequest.MostQuantisedExtended);
    }

    [Fact]
    public void Where_the_INT8_net_sees_nothing_auto_takes_float32_and_says_why()
    {
        var backbone = _folder.PathOf("blind");
        Directory.CreateDirectory(backbone);
        File.Copy(Path.Combine(TeachingFolder.Backbone, Backbone.FileName), Path.Combine(backbone, Backbone.FileName));
        var blind = new Onnx.OnnxGraph(Backbone.Read(TeachingFolder.Backbone).Value!.Model, [.. Backbone.Levels.Select(l => l.Name)]);
        blind.Constant("blind.factor", [0f], 1);
        blind.Constant("blind.summand", [0.5f], 1);
        blind.ScaleInput(Backbone.Input, "blind.factor", "blind.summand");
        foreach (var level in Backbone.Levels) blind.Output(level.Name, Onnx.TensorProto.Types.DataType.Float, 1, level.Channels, 1, 1);
        File.WriteAllBytes(Path.Combine(backbone, Backbone.QuantisedFileName), blind.ToBytes("blind", ""));

        var request = _folder.With(photos: 9).Request() with { Backbone = backbone, Precision = TeachPrecision.Auto };
        var taught = TeachingFolder.Taught(request);
        taught.Card.Precision.ShouldBe(ModelPrecision.Full);
        taught.PrecisionChoice.ShouldNotBeNull().Words.ShouldStartWith("float32, because ");

        // To such a net a known defect looks like every other part, so it gives no model at all.
        Directory.CreateDirectory(_folder.PathOf("part/known-defects"));
        foreach (var (kind, pixels, mask) in SimulatedSet.Test(TeachingFolder.Line, good: 1, defective: 6))
            using (pixels)
            using (mask)
                if (kind == "foreign-body") Cv2.ImWrite(_folder.PathOf("part/known-defects/caught.png"), pixels);
        taught = TeachingFolder.Taught(request with { Out = _folder.PathOf("part/2") });
        (taught.Card.Precision, taught.KnownDefects).ShouldBe((ModelPrecision.Full, 1));
        taught.PrecisionChoice.ShouldNotBeNull().Words.ShouldStartWith("float32, because INT8 gave no model: ");

        File.Delete(Path.Combine(backbone, Backbone.QuantisedFileName));
        TeachingFolder.Teach(request with { Out = _folder.PathOf("part/3") }).Failure.ShouldNotBeNull().Code.ShouldBe("backbone-missing");
    }

    [Theory]
    [InlineData(9, 4, 0.97, 50, true, "INT8: the faster one")]
    [InlineData(4, 9, 0.97, 50, false, "float32: the faster one")]
    [InlineData(9, 4, 0.8, 45, true, "INT8: the faster one")]
    [InlineData(9, 4, 0.97, 44, false, "do not agree")]
    [InlineData(9, 4, 0.79, 50, false, "do not agree")]
    [InlineData(9, 4, double.NaN, 50, false, "do not agree")]
    public void The_faster_one_is_taken_where_both_rank_alike_and_INT8_misses_few_painted_defects_more(
        double full, double quantised, double correlation, int caughtInt8, bool taken, string why)
    {
        var choice = PrecisionChoice.Of(full, quantised, correlation, painted: 100, caughtFull: 50, caughtInt8);
        (choice.Chosen == ModelPrecision.Quantised).ShouldBe(taken);
        choice.Words.ShouldContain(why);
        choice.Words.ShouldContain($"of 100 painted defects float32 catches 50, INT8 {caughtInt8}.");
    }

    [Fact]
    public void Ranks_are_compared_whatever_the_scale_and_equal_values_share_theirs()
    {
        PrecisionTrial.Correlation([1, 2, 3, 4], [10, 20, 30, 4000]).ShouldBe(1, 1e-12);
        PrecisionTrial.Correlation([1, 2, 3, 4], [4, 3, 2, 1]).ShouldBe(-1, 1e-12);
        PrecisionTrial.Correlation([1, 2, 2, 4], [1, 3, 2, 4]).ShouldBe(4.5 / Math.Sqrt(4.5 * 5), 1e-12);
        double.IsNaN(PrecisionTrial.Correlation([1, 2, 3], [5, 5, 5])).ShouldBeTrue("all equal is no agreement");
    }

    private TeachRequest Int8(string good) => _folder.Request() with { Good = good, Precision = TeachPrecision.Quantised };

    private static TeachRecord Record(TaughtModel model) => TeachRecord.Read(Path.Combine(model.Folder, TeachRecord.FileName)).Value.ShouldNotBeNull();
}
