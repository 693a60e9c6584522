using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision.Tests.Teaching;

public sealed class TaughtGraphTests
{
    private const int Patches = 40;
    private static readonly InputSize Size = new(96, 64);
    private readonly TaughtGraph _graph = new(Backbone.Read(TeachingFolder.Backbone).Value!, Size);

    private float[] Ones => [.. Enumerable.Repeat(1f, _graph.Rows * _graph.Columns)];

    [Fact]
    public void Score_map_and_nearest_patch_are_those_of_distances_computed_one_by_one()
    {
        var image = new float[3 * Size.Width * Size.Height];
        ParityInput.Fill(image, 5, Size.Width, Size.Height);
        var patches = Run(_graph.ToPatches(), image, TaughtGraph.Patches)[0];
        var (channels, places) = (TaughtGraph.Channels, _graph.Rows * _graph.Columns);
        patches.Length.ShouldBe(channels * places);

        var random = new Random(1);
        float[] middle = [.. Enumerable.Range(0, channels).Select(_ => random.NextSingle())];
        float[] memory = [.. Enumerable.Range(0, Patches * channels).Select(_ => 6 * random.NextSingle() - 3)];
        // The memory's last patch is one of the picture's own: its distance must come out as nothing.
        for (var c = 0; c < channels; c++) memory[((Patches - 1) * channels) + c] = patches[(c * places) + 4] - middle[c];

        float[] scale = [.. Enumerable.Range(0, places).Select(_ => 1 + random.NextSingle())];

        var outputs = Run(_graph.WithMemory(memory, middle, [.. scale.Select(f => 1 / f)], "test"), image, TaughtGraph.Score, TaughtGraph.Map, TaughtGraph.Nearest);

        double highest = 0;
        var nearestOfHighest = -1;
        for (var p = 0; p < places; p++)
        {
            double Distance(int m) => Math.Sqrt(Enumerable.Range(0, channels).Sum(c => Math.Pow(patches[(c * places) + p] - middle[c] - memory[(m * channels) + c], 2)));
            var nearest = Enumerable.Range(0, Patches).MinBy(Distance);
            var distance = Distance(nearest) / scale[p];
            // Near nothing a distance loses half its digits, because it is the root of a difference.
            ((double)outputs[1][p]).ShouldBe(distance, p == 4 ? 0.1 : 1e-3 * distance, $"patch {p}");
            if (distance > highest) (highest, nearestOfHighest) = (distance, nearest);
        }
        ((double)outputs[0][0]).ShouldBe(highest, 1e-3 * highest);
        outputs[2][0].ShouldBe(nearestOfHighest);
    }

    [Fact]
    public void The_model_keeps_only_what_the_used_levels_need_and_says_what_is_inside()
    {
        var model = Onnx.ModelProto.Parser.ParseFrom(_graph.WithMemory(new float[TaughtGraph.Channels], new float[TaughtGraph.Channels], Ones, "part@3"));
        model.Graph.Name.ShouldBe("part@3");
        model.Graph.Output.Select(o => o.Name).ShouldBe(["score", "anomaly_map", "nearest"]);
        var read = model.Graph.Node.SelectMany(n => n.Input).ToHashSet();
        model.Graph.Initializer.ShouldAllBe(i => read.Contains(i.Name));
        model.Graph.Node.ShouldAllBe(n => n.Output.Any(read.Contains) || n.Output.Any(o => o == "score" || o == "anomaly_map" || o == "nearest"));
        model.MetadataProps.Single(p => p.Key == "backbone_sha256").Value.ShouldBe("3fb56220e014ae1d31fea794130306cb977651ac8f50ad050b0e85e13492ec8a");
    }

    [Fact]
    public void A_patch_is_what_the_levels_say_less_its_share_of_the_picture()
    {
        var image = new float[3 * Size.Width * Size.Height];
        ParityInput.Fill(image, 6, Size.Width, Size.Height);
        var patches = Run(_graph.ToPatches(), image, TaughtGraph.Patches)[0];
        var levels = Run(File.ReadAllBytes(Path.Combine(TeachingFolder.Backbone, Backbone.FileName)), image, "s16")[0];
        var (columns, rows) = (_graph.Columns, _graph.Rows);
        var (level, first) = (Backbone.Levels.Single(l => l.Name == "s16"), Backbone.Levels.TakeWhile(l => l.Name != "s16").Sum(l => l.Channels));
        for (var c = 0; c < level.Channels; c += 37)
        {
            double Pooled(int x, int y)
            {
                double sum = 0;
                for (var v = Math.Max(0, y - 1); v <= Math.Min(rows - 1, y + 1); v++)
                    for (var u = Math.Max(0, x - 1); u <= Math.Min(columns - 1, x + 1); u++) sum += levels[(((c * rows) + v) * columns) + u];
                return sum / 9;
            }

            var mean = Enumerable.Range(0, rows * columns).Average(p => Pooled(p % columns, p / columns));
            for (var p = 0; p < rows * columns; p++)
                ((double)patches[((first + c) * rows * columns) + p]).ShouldBe(Pooled(p % columns, p / columns) - (TaughtGraph.CommonShare * mean), 1e-3, $"channel {c}, patch {p}");
        }
    }

    [Fact]
    public void With_a_region_the_picture_is_what_the_region_holds_and_its_mean_that_of_the_region()
    {
        var image = new float[3 * Size.Width * Size.Height];
        ParityInput.Fill(image, 6, Size.Width, Size.Height);
        var region = new RegionOfInterest([.. Enumerable.Range(0, _graph.Rows * _graph.Columns).Select(p => p % _graph.Columns < 4)], _graph.Columns, _graph.Rows);
        var patches = Run(new TaughtGraph(Backbone.Read(TeachingFolder.Backbone).Value!, Size, region).ToPatches(), image, TaughtGraph.Patches)[0];

        for (var i = 0; i < image.Length; i++)
            if (i % Size.Width >= 4 * TaughtGraph.Stride) image[i] = 127 / 255f;
        var whole = Run(_graph.ToPatches(), image, TaughtGraph.Patches)[0];
        for (var c = 0; c < TaughtGraph.Channels; c += 41)
        {
            var first = c * region.Inside.Length;
            // What was taken off the patches of the whole picture leaves 0.3 of their mean.
            var mean = Enumerable.Range(0, region.Inside.Length).Average(p => whole[first + p]) / (1 - TaughtGraph.CommonShare);
            double Level(int p) => whole[first + p] + (TaughtGraph.CommonShare * mean);
            var regionMean = Enumerable.Range(0, region.Inside.Length).Where(p => region.Inside[p]).Average(Level);
            for (var p = 0; p < region.Inside.Length; p++)
                ((double)patches[first + p]).ShouldBe(Level(p) - (TaughtGraph.CommonShare * regionMean), 1e-3, $"channel {c}, patch {p}");
        }
    }

    [Theory]
    [InlineData(Backbone.FileName)]
    [InlineData(Backbone.QuantisedFileName)]
    public void The_committed_backbone_gives_the_values_that_came_with_it(string file)
    {
        // Formula and values: parity.json beside the net.
        using var parity = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TeachingFolder.Backbone, "parity.json")));
        var image = new float[3 * 64 * 96];
        for (var (c, i) = (0, 0); c < 3; c++)
            for (var y = 0; y < 64; y++)
                for (var x = 0; x < 96; x++) image[i++] = ((97 * c) + (31 * y) + (17 * x)) % 256 / 255f;
        string[] levels = ["s8", "s16", "s32"];
        var values = Run(File.ReadAllBytes(Path.Combine(TeachingFolder.Backbone, file)), image, levels);
        for (var l = 0; l < levels.Length; l++)
        {
            var expected = parity.RootElement.GetProperty("values").GetProperty(file).GetProperty(levels[l]);
            values[l].Average().ShouldBe(expected.GetProperty("mean").GetSingle(), 1e-3f, levels[l]);
            var first = expected.GetProperty("first4_channels_at_0_0").EnumerateArray().Select(v => v.GetSingle()).ToArray();
            var area = values[l].Length / Backbone.Levels[l].Channels;
            for (var c = 0; c < 4; c++) values[l][c * area].ShouldBe(first[c], 2e-3f, levels[l]);
        }
    }

    private static float[][] Run(byte[] model, float[] image, params string[] outputs)
    {
        using var options = new SessionOptions();
        ExactInt8.Set(options);
        using var session = new InferenceSession(model, options);
        using var input = OrtValue.CreateTensorValueFromMemory(image, [1, 3, Size.Height, Size.Width]);
        using var run = new RunOptions();
        using var values = session.Run(run, [Backbone.Input], [input], outputs);
        return [.. values.Select(v => v.GetTensorTypeAndShape().ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64
            ? v.GetTensorDataAsSpan<long>().ToArray().Select(i => (float)i).ToArray()
            : v.GetTensorDataAsSpan<float>().ToArray())];
    }
}
