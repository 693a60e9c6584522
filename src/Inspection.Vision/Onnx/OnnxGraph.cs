using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Inspection.Vision.Onnx;

/// <summary>Writes an ONNX graph, node by node; opset and IR version are those of the model that it grows on.</summary>
/// <remarks>Operators: github.com/onnx/onnx, docs/Operators.md, opset 17.</remarks>
internal sealed class OnnxGraph
{
    private readonly ModelProto _model;

    /// <summary>Grows on a copy of a model, cut to what the named values need; the outputs are left open.</summary>
    /// <param name="model">The model to grow on; not changed.</param>
    /// <param name="needed">Values that must still be computed.</param>
    public OnnxGraph(ModelProto model, IReadOnlyCollection<string> needed)
    {
        _model = model.Clone();
        Graph.Output.Clear();
        Graph.ValueInfo.Clear();
        Cut(needed);
    }

    private GraphProto Graph => _model.Graph;

    /// <summary>Fixes the shape of the only input.</summary>
    /// <param name="name">Its new name stays the old one; a mismatch is a bug of the caller.</param>
    /// <param name="shape">The shape.</param>
    public void FixInput(string name, params ReadOnlySpan<long> shape)
    {
        if (Graph.Input.Count != 1 || Graph.Input[0].Name != name) throw new InvalidOperationException($"The model has no single input '{name}'.");
        Graph.Input[0] = Value(name, TensorProto.Types.DataType.Float, shape);
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">The operator's name.</param>
    /// <param name="output">The value that it computes; returned.</param>
    /// <param name="inputs">The values that it reads.</param>
    /// <param name="attributes">Its attributes: <see cref="Ints"/>, <see cref="Int"/> and <see cref="Text"/> make them.</param>
    public string Node(string operation, string output, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = output };
        foreach (var input in inputs) node.Input.Add(input);
        node.Output.Add(output);
        foreach (var attribute in attributes) node.Attribute.Add(attribute);
        Graph.Node.Add(node);
        return output;
    }

    /// <summary>Puts a product and a sum between the input and all that reads it so far.</summary>
    /// <param name="input">The input.</param>
    /// <param name="factor">A constant that it is multiplied by.</param>
    /// <param name="summand">A constant that is then added.</param>
    public void ScaleInput(string input, string factor, string summand)
    {
        var scaled = input + ".scaled";
        foreach (var node in Graph.Node)
            for (var i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == input) node.Input[i] = scaled;
        Node("Mul", input + ".multiplied", [input, factor]);
        Node("Add", scaled, [input + ".multiplied", summand]);
        // A graph's nodes stand in topological order.
        var added = Graph.Node.TakeLast(2).ToArray();
        foreach (var node in added) Graph.Node.Remove(node);
        for (var i = 0; i < added.Length; i++) Graph.Node.Insert(i, added[i]);
    }

    /// <summary>Adds a constant of 32-bit floats.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
        => Constant(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds a constant of 64-bit integers, of one dimension.</summary>
    public string Constant(string name, params ReadOnlySpan<long> values)
        => Constant(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>Declares a value to be an output.</summary>
    public void Output(string name, TensorProto.Types.DataType type, params ReadOnlySpan<long> shape) => Graph.Output.Add(Value(name, type, shape));

    /// <summary>The model's file; the same graph gives the same bytes.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="about">What the model is, for whoever opens the file.</param>
    /// <param name="properties">Further facts that travel in the file.</param>
    public byte[] ToBytes(string name, string about, params ReadOnlySpan<(string Key, string Value)> properties)
    {
        _model.ProducerName = "Inspection";
        _model.ProducerVersion = typeof(OnnxGraph).Assembly.GetName().Version?.ToString(3) ?? "";
        _model.DocString = about;
        Graph.Name = name;
        _model.MetadataProps.Clear();
        foreach (var (key, value) in properties) _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return _model.ToByteArray();
    }

    /// <summary>An attribute of integers.</summary>
    public static AttributeProto Ints(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (var value in values) attribute.Ints.Add(value);
        return attribute;
    }

    /// <summary>An attribute of one integer.</summary>
    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>An attribute of text.</summary>
    public static AttributeProto Text(string name, string value)
        => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    private string Constant(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        foreach (var dimension in shape) tensor.Dims.Add(dimension);
        Graph.Initializer.Add(tensor);
        return name;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, ReadOnlySpan<long> shape)
    {
        var shapeProto = new TensorShapeProto();
        foreach (var dimension in shape) shapeProto.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dimension });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shapeProto } } };
    }

    private void Cut(IReadOnlyCollection<string> needed)
    {
        var wanted = new HashSet<string>(needed, StringComparer.Ordinal);
        var kept = new List<NodeProto>();
        // A graph's nodes stand in topological order (IR.md), so one pass from the end finds everything behind a value.
        foreach (var node in Graph.Node.Reverse())
        {
            if (!node.Output.Any(wanted.Contains)) continue;
            wanted.UnionWith(node.Input);
            kept.Add(node);
        }
        foreach (var name in needed)
            if (!kept.Any(n => n.Output.Contains(name))) throw new InvalidOperationException($"The model computes no '{name}'.");
        kept.Reverse();
        Graph.Node.Clear();
        Graph.Node.AddRange(kept);
        var constants = Graph.Initializer.Where(i => wanted.Contains(i.Name)).ToArray();
        Graph.Initializer.Clear();
        Graph.Initializer.AddRange(constants);
    }
}
