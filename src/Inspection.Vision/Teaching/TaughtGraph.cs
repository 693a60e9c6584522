using Inspection.Vision.Onnx;
using static Inspection.Vision.Onnx.TensorProto.Types;

namespace Inspection.Vision;

/// <summary>
/// The graph of a taught model: the backbone cut to three levels, each averaged over 3 × 3 and brought to stride 16, one
/// vector a patch, less its share of the whole picture; its distance to the nearest patch of the memory, divided by the
/// scale of its place; the highest is the score.
/// </summary>
/// <remarks>
/// <para>After PatchCore (Roth et al., arXiv:2106.08265). All patches against the whole memory are one product of matrices:
/// with x and m taken from the same middle, |x − m|² = |x|² − 2(x·m − |m|²/2), so the nearest patch has the highest
/// x·m − |m|²/2. The middle is the mean of the taught patches; it keeps the subtraction from losing digits. Patches are
/// rows, so that the reductions run along memory: across it they cost a quarter of the whole search.</para>
/// <para>The average counts the padding as zeros. That dampens the outermost patches, whose features depend on what the
/// padding does to the net and otherwise give most false rejects (the models' README has figures).</para>
/// </remarks>
internal sealed class TaughtGraph
{
    /// <summary>Pixels of the input for one patch, in both directions.</summary>
    public const int Stride = 16;

    /// <summary>
    /// The share of a picture's mean patch that is taken off each of its patches: light, soiling and wear that drift lie on
    /// the whole picture, a defect on a part of it. Not all of it, or a part of a wholly wrong colour would look good.
    /// </summary>
    public const float CommonShare = 0.7f;

    /// <summary>Name of the value that holds the patches: float32 [1, <see cref="Channels"/>, rows, columns].</summary>
    public const string Patches = "patches";

    /// <summary>Names of the model's outputs.</summary>
    public const string Score = "score", Map = "anomaly_map", Nearest = "nearest";

    private readonly Backbone _backbone;
    private readonly InputSize _size;
    private readonly RegionOfInterest? _region;

    /// <summary>A graph for inputs of one size.</summary>
    /// <param name="backbone">The net that it grows on.</param>
    /// <param name="size">The input.</param>
    /// <param name="region">The places that it looks at; null: all. What the others show changes nothing.</param>
    public TaughtGraph(Backbone backbone, InputSize size, RegionOfInterest? region = null) => (_backbone, _size, _region) = (backbone, size, region);

    /// <summary>Values of one patch.</summary>
    public static int Channels => Backbone.Levels.Sum(l => l.Channels);

    /// <summary>Columns of patches.</summary>
    public int Columns => _size.Width / Stride;

    /// <summary>Rows of patches.</summary>
    public int Rows => _size.Height / Stride;

    /// <summary>The part that teaching runs: from <c>image</c> to <see cref="Patches"/>.</summary>
    public byte[] ToPatches()
    {
        var graph = Begin();
        graph.Output(Patches, DataType.Float, 1, Channels, Rows, Columns);
        return graph.ToBytes("patches", "Patch features of the frozen backbone.");
    }

    /// <summary>The whole model.</summary>
    /// <param name="memory">The patches of the memory, one after the other, <paramref name="middle"/> taken off.</param>
    /// <param name="middle">The mean of each channel, taken off each patch before it is compared.</param>
    /// <param name="factors">What the distance at each place is multiplied by, row by row: 1 / <see cref="PlaceScale"/>.</param>
    /// <param name="name">The model's name and version, for whoever opens the file.</param>
    public byte[] WithMemory(ReadOnlySpan<float> memory, ReadOnlySpan<float> middle, ReadOnlySpan<float> factors, string name)
    {
        var count = memory.Length / Channels;
        var (columns, halves) = (new float[memory.Length], new float[count]);
        for (var i = 0; i < count; i++)
        {
            double sum = 0;
            for (var c = 0; c < Channels; c++)
            {
                var value = memory[(i * Channels) + c];
                columns[(c * count) + i] = value;
                sum += (double)value * value;
            }
            halves[i] = (float)(-sum / 2);
        }

        var graph = Begin();
        graph.Constant(TaughtMemory.PatchesName, columns, Channels, count);
        graph.Constant("distance.memory_halves", halves, count);
        graph.Constant(TaughtMemory.MiddleName, middle, Channels);
        graph.Constant(TaughtMemory.FactorsName, factors, Rows * Columns);
        graph.Constant("distance.two", [2f], 1);
        graph.Constant("distance.zero", [0f], 1);
        graph.Constant("distance.channels_by_patches", Channels, -1L);
        graph.Constant("distance.map_shape", 1, 1, Rows, Columns);

        graph.Node("Reshape", "distance.flat", [Patches, "distance.channels_by_patches"]);
        graph.Node("Transpose", "distance.rows", ["distance.flat"], OnnxGraph.Ints("perm", 1, 0));
        graph.Node("Sub", "distance.from_middle", ["distance.rows", TaughtMemory.MiddleName]);
        graph.Node("Gemm", "distance.closeness", ["distance.from_middle", TaughtMemory.PatchesName, "distance.memory_halves"]);
        graph.Node("ReduceMax", "distance.closest", ["distance.closeness"], OnnxGraph.Ints("axes", 1), OnnxGraph.Int("keepdims", 0));
        graph.Node("ReduceSumSquare", "distance.length", ["distance.from_middle"], OnnxGraph.Ints("axes", 1), OnnxGraph.Int("keepdims", 0));
        graph.Node("Mul", "distance.twice_closest", ["distance.closest", "distance.two"]);
        graph.Node("Sub", "distance.squared", ["distance.length", "distance.twice_closest"]);
        graph.Node("Max", "distance.squared_from_zero", ["distance.squared", "distance.zero"]);
        graph.Node("Sqrt", "distance.distances", ["distance.squared_from_zero"]);
        var scaled = graph.Node("Mul", "distance.scaled", ["distance.distances", TaughtMemory.FactorsName]);
        if (_region is not null)
        {
            // The factors there are 0.
            graph.Constant("distance.not_looked_at", [.. _region.Inside.Select(inside => inside ? 0 : Core.Overlay.NotLookedAt)], Rows * Columns);
            scaled = graph.Node("Add", "distance.in_region", [scaled, "distance.not_looked_at"]);
        }

        graph.Node("Reshape", Map, [scaled, "distance.map_shape"]);
        graph.Node("ReduceMax", Score, [scaled], OnnxGraph.Ints("axes", 0), OnnxGraph.Int("keepdims", 1));
        graph.Node("ArgMax", "distance.highest", [scaled], OnnxGraph.Int("axis", 0), OnnxGraph.Int("keepdims", 1));
        graph.Node("Gather", "distance.closeness_of_highest", ["distance.closeness", "distance.highest"], OnnxGraph.Int("axis", 0));
        graph.Node("ArgMax", Nearest, ["distance.closeness_of_highest"], OnnxGraph.Int("axis", 1), OnnxGraph.Int("keepdims", 0));

        graph.Output(Score, DataType.Float, 1);
        graph.Output(Map, DataType.Float, 1, 1, Rows, Columns);
        graph.Output(Nearest, DataType.Int64, 1);
        return graph.ToBytes(
            name, "Distance of an image's patches to those of good parts; score is the highest. Input: RGB, 0..1.",
            ("backbone", _backbone.Name), ("backbone_sha256", _backbone.Sha256));
    }

    private OnnxGraph Begin()
    {
        var graph = new OnnxGraph(_backbone.Model, [.. Backbone.Levels.Select(l => l.Name)]);
        graph.FixInput(Backbone.Input, 1, 3, _size.Height, _size.Width);
        if (_region is not null)
        {
            // A patch sees far beyond its own pixels. The net's own zero stands where it must not look.
            var pixels = _region.Pixels();
            graph.Constant("region.pixels", pixels, 1, 1, _size.Height, _size.Width);
            graph.Constant("region.fill", [.. pixels.Select(p => (1 - p) * Backbone.Zero)], 1, 1, _size.Height, _size.Width);
            graph.ScaleInput(Backbone.Input, "region.pixels", "region.fill");
        }
        graph.Constant("common.share", [CommonShare], 1);
        graph.Node("Concat", "common.levels", [.. Backbone.Levels.Select(level => AtCommonStride(graph, level))], OnnxGraph.Int("axis", 1));
        if (_region is null)
        {
            graph.Node("GlobalAveragePool", "common.mean", ["common.levels"]);
        }
        else
        {
            graph.Constant("common.weights", [.. _region.Inside.Select(inside => inside ? 1f / _region.Places : 0)], 1, 1, Rows, Columns);
            graph.Constant("common.axes", 2, 3);
            graph.Node("Mul", "common.weighted", ["common.levels", "common.weights"]);
            graph.Node("ReduceSum", "common.mean", ["common.weighted", "common.axes"], OnnxGraph.Int("keepdims", 1));
        }
        graph.Node("Mul", "common.taken", ["common.mean", "common.share"]);
        graph.Node("Sub", Patches, ["common.levels", "common.taken"]);
        return graph;
    }

    private static string AtCommonStride(OnnxGraph graph, Backbone.Level level)
    {
        var pooled = graph.Node("AveragePool", level.Name + ".pooled", [level.Name],
            OnnxGraph.Ints("kernel_shape", 3, 3), OnnxGraph.Ints("strides", 1, 1), OnnxGraph.Ints("pads", 1, 1, 1, 1), OnnxGraph.Int("count_include_pad", 1));
        if (level.Stride == Stride) return pooled;
        if (level.Stride < Stride)
        {
            var step = Stride / level.Stride;
            return graph.Node("AveragePool", level.Name + ".at16", [pooled], OnnxGraph.Ints("kernel_shape", step, step), OnnxGraph.Ints("strides", step, step));
        }
        var factor = (float)level.Stride / Stride;
        var scales = graph.Constant(level.Name + ".scales", [1, 1, factor, factor], 4);
        return graph.Node("Resize", level.Name + ".at16", [pooled, "", scales],
            OnnxGraph.Text("mode", "linear"), OnnxGraph.Text("coordinate_transformation_mode", "half_pixel"));
    }
}
