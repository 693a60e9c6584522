using Google.Protobuf;
using Inspection.Vision.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision.Tests.Teaching;

/// <summary>
/// What a taught graph costs beside its bare backbone, cut after the deepest level that it uses: one thread, both alternating. Time
/// of the processor: where other programs want it, a run that is longer than its turn waits, and a shorter one does not.
/// </summary>
internal static class GraphCost
{
    private const int Runs = 80, WarmUp = 10;

    /// <summary>Median time of the taught graph divided by that of the backbone.</summary>
    public static double Ratio(string model, InputSize size, ModelPrecision precision = ModelPrecision.Full)
    {
        var bare = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(TeachingFolder.Backbone, precision == ModelPrecision.Quantised ? Backbone.QuantisedFileName : Backbone.FileName)));
        bare.Graph.Output.Clear();
        bare.Graph.Output.Add(new ValueInfoProto { Name = Backbone.Levels[^1].Name });
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        ExactInt8.Set(options);
        using var taught = new InferenceSession(model, options);
        using var backbone = new InferenceSession(bare.ToByteArray(), options);
        var values = Enumerable.Range(0, 3 * size.Width * size.Height).Select(i => i % 251 / 250f).ToArray();
        using var input = OrtValue.CreateTensorValueFromMemory(values, [1, 3, size.Height, size.Width]);
        var took = (Taught: new double[Runs], Bare: new double[Runs]);
        for (var i = -WarmUp; i < Runs; i++)
        {
            var (one, other) = (Run(taught, input), Run(backbone, input));
            if (i >= 0) (took.Taught[i], took.Bare[i]) = (one, other);
        }
        return Median(took.Taught) / Median(took.Bare);
    }

    private static double Run(InferenceSession session, OrtValue input)
    {
        using var run = new RunOptions();
        var began = Environment.CpuUsage.TotalTime;
        using var outputs = session.Run(run, [session.InputNames[0]], [input], session.OutputNames);
        return (Environment.CpuUsage.TotalTime - began).TotalMilliseconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
