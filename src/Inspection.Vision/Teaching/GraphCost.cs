using Google.Protobuf;
using Inspection.Core;
using Inspection.Vision.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision;

/// <summary>
/// What a taught graph costs beside its bare backbone: the net of the same precision, cut after the deepest level that the
/// graph uses; one thread, both alternating. Time of the processor: where other programs want it, a run that is longer
/// than its turn waits, and a shorter one does not. Nothing else may run in the process.
/// </summary>
/// <param name="Graph">Median of the whole graph, milliseconds.</param>
/// <param name="Backbone">Median of the bare backbone, milliseconds.</param>
public sealed record GraphCost(double Graph, double Backbone)
{
    private const int Runs = 80, WarmUp = 10;

    /// <summary>The one over the other.</summary>
    public double Ratio => Math.Round(Graph / Backbone, 4);

    /// <summary>Takes both times.</summary>
    /// <param name="model">The file of a model that this program taught.</param>
    /// <param name="backbone">Folder of the backbone.</param>
    /// <param name="size">The model's input.</param>
    /// <param name="card">The model's card.</param>
    public static Outcome<GraphCost> Measure(string model, string backbone, InputSize size, ModelCard card)
    {
        var net = Vision.Backbone.Read(backbone, card.Precision ?? ModelPrecision.Full);
        if (!net.Succeeded) return net.Failure;
        if (net.Value.Sha256 != card.Taught?.BackboneSha256)
            return new Failure("backbone-other", $"{backbone} holds another net than that on which {card.Name}@{card.Version} was taught. Compare it with its own.");
        var bare = net.Value.Model;
        bare.Graph.Output.Clear();
        bare.Graph.Output.Add(new ValueInfoProto { Name = Vision.Backbone.Levels[^1].Name });
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        ExactInt8.Set(options);
        using var taught = new InferenceSession(model, options);
        using var cut = new InferenceSession(bare.ToByteArray(), options);
        float[] values = [.. Enumerable.Range(0, 3 * size.Width * size.Height).Select(i => i % 251 / 250f)];
        using var input = OrtValue.CreateTensorValueFromMemory(values, [1, 3, size.Height, size.Width]);
        var took = (Taught: new double[Runs], Bare: new double[Runs]);
        for (var i = -WarmUp; i < Runs; i++)
        {
            var (one, other) = (Run(taught, input), Run(cut, input));
            if (i >= 0) (took.Taught[i], took.Bare[i]) = (one, other);
        }
        return new GraphCost(Median(took.Taught), Median(took.Bare));
    }

    private static double Run(InferenceSession session, OrtValue input)
    {
        using var run = new RunOptions();
        var began = Environment.CpuUsage.TotalTime;
        using var outputs = session.Run(run, [session.InputNames[0]], [input], session.OutputNames);
        return (Environment.CpuUsage.TotalTime - began).TotalMilliseconds;
    }

    private static double Median(double[] values) => Math.Round(values.Order().ElementAt(values.Length / 2), 4);
}
