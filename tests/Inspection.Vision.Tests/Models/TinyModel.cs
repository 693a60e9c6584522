using Google.Protobuf;
using Inspection.Vision.Onnx;
using DataType = Inspection.Vision.Onnx.TensorProto.Types.DataType;

namespace Inspection.Vision.Tests;

/// <summary>
/// Makes small real ONNX models: the score is the picture's highest mean over the channels, the map that mean, so a test
/// knows what must come out. The properties are the ways in which exports differ.
/// </summary>
internal sealed record TinyModel
{
    public int? Batch { get; init; } = 1;
    public int? Height { get; init; } = 32;
    public int? Width { get; init; } = 32;
    public int Channels { get; init; } = 3;
    public DataType InputType { get; init; } = DataType.Float;
    public bool ScoreIsColumn { get; init; }
    public bool WithMap { get; init; } = true;
    public bool WithLabels { get; init; } = true;
    public string ScoreName { get; init; } = "pred_score";
    public float? ClipAt { get; init; }
    public float Gain { get; init; } = 1;

    /// <summary>Name of the file that holds the weights, or null for the model itself.</summary>
    public string? ExternalFile { get; init; }

    /// <summary>Score comes out once for each pixel brighter than 0.9: another shape for each picture.</summary>
    public bool ScoreChangesShape { get; init; }

    /// <summary>0/0 wherever the picture is black.</summary>
    public bool NanOnBlack { get; init; }

    public void Write(string path)
    {
        var graph = new GraphProto { Name = "tiny" };
        graph.Input.Add(Value("input", InputType, Dim(Batch, "batch"), Channels, Dim(Height, "height"), Dim(Width, "width")));
        graph.Initializer.Add(GainTensor(Path.GetDirectoryName(path)!));
        Add(graph, "Cast", ["input"], "pixels", new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)DataType.Float });
        Add(graph, "Mul", ["pixels", "gain"], "bright");
        graph.Initializer.Add(Axes("channel", 1));
        Add(graph, "ReduceMean", ["bright", "channel"], "mean", Keep(true));
        if (NanOnBlack)
        {
            Add(graph, "Div", ["mean", "mean"], "one");
            Add(graph, "Mul", ["mean", "one"], "anomaly_map");
        }
        else
        {
            Add(graph, "Identity", ["mean"], "anomaly_map");
        }
        graph.Initializer.Add(Axes("spatial", ScoreIsColumn ? [2, 3] : [1, 2, 3]));
        Add(graph, "ReduceMax", ["anomaly_map", "spatial"], "highest", Keep(false));
        if (ScoreChangesShape) AddChangingScore(graph);
        else if (ClipAt is { } limit)
        {
            graph.Initializer.Add(Scalar("least", 0));
            graph.Initializer.Add(Scalar("most", limit));
            Add(graph, "Clip", ["highest", "least", "most"], "clipped");
            // As anomalib does: a constant chooses between the clipped and the raw score.
            graph.Initializer.Add(new TensorProto { Name = "normalise", DataType = (int)DataType.Bool, RawData = ByteString.CopyFrom(1) });
            Add(graph, "Where", ["normalise", "clipped", "highest"], ScoreName);
        }
        else Add(graph, "Identity", ["highest"], ScoreName);

        graph.Output.Add(ScoreChangesShape ? Value(ScoreName, DataType.Float, "found")
            : ScoreIsColumn ? Value(ScoreName, DataType.Float, Dim(Batch, "batch"), 1) : Value(ScoreName, DataType.Float, Dim(Batch, "batch")));
        if (WithLabels)
        {
            graph.Initializer.Add(Scalar("half", 0.5f));
            Add(graph, "Greater", [ScoreName, "half"], "pred_label");
            graph.Output.Add(Value("pred_label", DataType.Bool, "labels"));
        }
        if (WithMap) graph.Output.Add(Value("anomaly_map", DataType.Float, Dim(Batch, "batch"), 1, Dim(Height, "height"), Dim(Width, "width")));
        if (WithLabels)
        {
            Add(graph, "Greater", ["anomaly_map", "half"], "pred_mask");
            graph.Output.Add(Value("pred_mask", DataType.Bool, Dim(Batch, "batch"), 1, Dim(Height, "height"), Dim(Width, "width")));
        }
        var model = new ModelProto { IrVersion = 8, ProducerName = "tests", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 18 });
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private void AddChangingScore(GraphProto graph)
    {
        graph.Initializer.Add(Scalar("bright-limit", 0.9f));
        graph.Initializer.Add(new TensorProto { Name = "flat", DataType = (int)DataType.Int64, Dims = { 1 }, Int64Data = { -1 } });
        graph.Initializer.Add(Axes("inner", 2, 3));
        Add(graph, "ReduceMean", ["mean", "inner"], "average", Keep(true));
        Add(graph, "Concat", ["mean"], "values", new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 0 });
        Add(graph, "Reshape", ["values", "flat"], "list");
        Add(graph, "Greater", ["list", "bright-limit"], "isBright");
        Add(graph, "Compress", ["list", "isBright"], "brightOnes");
        Add(graph, "Reshape", ["average", "flat"], "averageList");
        // Always the average first, then every bright pixel.
        Add(graph, "Concat", ["averageList", "brightOnes"], ScoreName, new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 0 });
    }

    private TensorProto GainTensor(string folder)
    {
        var gain = new TensorProto { Name = "gain", DataType = (int)DataType.Float, Dims = { 1 } };
        var bytes = BitConverter.GetBytes(Gain);
        if (ExternalFile is null)
        {
            gain.RawData = ByteString.CopyFrom(bytes);
            return gain;
        }
        gain.DataLocation = TensorProto.Types.DataLocation.External;
        gain.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = ExternalFile });
        gain.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "0" });
        gain.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = "4" });
        if (Path.GetFileName(ExternalFile) == ExternalFile && ExternalFile != "..") File.WriteAllBytes(Path.Combine(folder, ExternalFile), bytes);
        return gain;
    }

    private static object Dim(int? size, string symbol) => size is { } known ? known : symbol;

    private static TensorProto Scalar(string name, float value) => new() { Name = name, DataType = (int)DataType.Float, FloatData = { value } };

    private static TensorProto Axes(string name, params long[] axes)
        => new() { Name = name, DataType = (int)DataType.Int64, Dims = { axes.Length }, Int64Data = { axes } };

    private static AttributeProto Keep(bool dimensions)
        => new() { Name = "keepdims", Type = AttributeProto.Types.AttributeType.Int, I = dimensions ? 1 : 0 };

    private static void Add(GraphProto graph, string type, string[] inputs, string output, params AttributeProto[] attributes)
        => graph.Node.Add(new NodeProto { OpType = type, Name = output, Input = { inputs }, Output = { output }, Attribute = { attributes } });

    private static ValueInfoProto Value(string name, DataType type, params object[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var d in dimensions)
            shape.Dim.Add(d is int size ? new TensorShapeProto.Types.Dimension { DimValue = size } : new TensorShapeProto.Types.Dimension { DimParam = (string)d });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }
}
