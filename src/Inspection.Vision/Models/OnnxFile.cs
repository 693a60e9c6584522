using System.Security.Cryptography;
using Google.Protobuf;
using Inspection.Core;
using Inspection.Vision.Onnx;

namespace Inspection.Vision;

/// <summary>What an ONNX file says of itself before any runtime opens it.</summary>
internal sealed class OnnxFile
{
    /// <summary>A protobuf message cannot be longer; larger models keep their weights in external data.</summary>
    private const long MaxBytes = int.MaxValue;

    private readonly ModelProto _model;

    private OnnxFile(string path, ModelProto model, IReadOnlyList<string> external)
        => (Path, _model, ExternalFiles, Sha256) = (path, model, external, Hash(path, external));

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>Names of the files beside it that hold its weights, in ordinal order; empty when it holds them itself.</summary>
    public IReadOnlyList<string> ExternalFiles { get; }

    /// <summary>SHA-256 as <see cref="ModelCard.Sha256"/> defines it: of the file, then its external files one after the other.</summary>
    public string Sha256 { get; }

    /// <summary>Reads and checks the file's structure and the places of its external data.</summary>
    public static Outcome<OnnxFile> Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return new Failure("model-file-missing", $"There is no {path}; copy the model's ONNX file there.");
            if (file.Length == 0) return new Failure("model-not-onnx", $"{path} is empty; copy the model's ONNX file again.");
            if (file.Length > MaxBytes)
                return new Failure("model-not-onnx", $"{path} has {file.Length} bytes, an ONNX file at most {MaxBytes}; export it with external data.");
            using var stream = file.OpenRead();
            var model = ModelProto.Parser.ParseFrom(stream);
            if (model.Graph is null || model.Graph.Node.Count == 0 || model.OpsetImport.Count == 0)
                return new Failure("model-not-onnx", $"{path} holds no ONNX graph; copy the file that the exporter wrote, complete and unchanged.");
            var names = ExternalNames(model).Distinct().Order(StringComparer.Ordinal).ToList();
            foreach (var name in names)
                if (Misplaced(path, name) is { } failure) return failure;
            return new OnnxFile(path, model, names);
        }
        catch (InvalidProtocolBufferException e)
        {
            return new Failure("model-not-onnx", $"{path} is truncated or no ONNX file: {e.Message} Copy the file that the exporter wrote again, complete.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("model-file-unreadable", $"{path} cannot be read: {e.Message} Check the file's permissions.");
        }
    }

    /// <summary>
    /// The value that an output can never exceed because the graph ends in a Clip, or null where none is seen. A threshold
    /// at or above it would let every part pass.
    /// </summary>
    /// <remarks>anomalib's exports choose between the clipped and the raw score with a constant, so constants are followed.</remarks>
    public float? UpperLimit(string output)
    {
        var producers = _model.Graph.Node.SelectMany(n => n.Output.Select(o => (o, n))).GroupBy(p => p.o).ToDictionary(g => g.Key, g => g.First().n);
        return Limit(output, depth: 0);

        float? Limit(string name, int depth)
        {
            if (Constant(name) is { } constant) return Single(constant);
            if (depth == 16 || !producers.TryGetValue(name, out var node)) return null;
            return node.OpType switch
            {
                "Clip" when node.Input.Count > 2 => Constant(node.Input[2]) is { } most ? Single(most) : null,
                "Clip" => node.Attribute.FirstOrDefault(a => a.Name == "max")?.F,
                "Sigmoid" => 1,
                "Identity" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" or "Cast" when node.Input.Count > 0 => Limit(node.Input[0], depth + 1),
                "Where" when node.Input.Count == 3 => (Constant(node.Input[0]) is { } condition ? Truth(condition) : null) switch
                {
                    true => Limit(node.Input[1], depth + 1),
                    false => Limit(node.Input[2], depth + 1),
                    null => Limit(node.Input[1], depth + 1) is { } one && Limit(node.Input[2], depth + 1) is { } other ? Math.Max(one, other) : null,
                },
                _ => null,
            };
        }

        TensorProto? Constant(string name) => _model.Graph.Initializer.FirstOrDefault(t => t.Name == name)
            ?? (producers.TryGetValue(name, out var node) && node.OpType == "Constant" ? node.Attribute.FirstOrDefault(a => a.Name == "value")?.T : null);
    }

    private static float? Single(TensorProto tensor)
    {
        if (tensor.DataType != (int)TensorProto.Types.DataType.Float) return null;
        if (tensor.FloatData.Count == 1) return tensor.FloatData[0];
        return tensor.RawData.Length == 4 ? BitConverter.ToSingle(tensor.RawData.Span) : null;
    }

    private static bool? Truth(TensorProto tensor)
    {
        if (tensor.DataType != (int)TensorProto.Types.DataType.Bool) return null;
        if (tensor.Int32Data.Count == 1) return tensor.Int32Data[0] != 0;
        return tensor.RawData.Length == 1 ? tensor.RawData[0] != 0 : null;
    }

    private static string Hash(string path, IReadOnlyList<string> external)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        var folder = System.IO.Path.GetDirectoryName(path) ?? "";
        foreach (var part in external.Select(n => System.IO.Path.Combine(folder, n)).Prepend(path))
        {
            using var stream = File.OpenRead(part);
            for (int n; (n = stream.Read(buffer)) > 0;) hash.AppendData(buffer, 0, n);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Failure? Misplaced(string modelPath, string name)
    {
        const string Remedy = "Export the model again into one file (external_data=False), or put the file beside it and name it without a path.";
        var shown = name.Length > 100 ? name[..100] + "…" : name;
        if (name.Length == 0 || System.IO.Path.GetFileName(name) != name || name is "." or ".." || name.Contains('\\', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
            return new Failure("model-external-data", $"{modelPath} keeps weights in '{shown}', which is not a plain file name in its own folder. {Remedy}");
        var folder = System.IO.Path.GetFullPath(System.IO.Path.GetDirectoryName(modelPath) ?? ".");
        var file = new FileInfo(System.IO.Path.Combine(folder, name));
        if (!file.Exists)
            return new Failure("model-external-data", $"{modelPath} keeps weights in '{shown}', which is not beside it. Copy that file there too, or export the model again into one file (external_data=False).");
        if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target && System.IO.Path.GetDirectoryName(target.FullName) != folder)
            return new Failure("model-external-data", $"{modelPath} keeps weights in '{shown}', a link that leaves its folder. Copy the file itself there.");
        return null;
    }

    private static IEnumerable<string> ExternalNames(ModelProto model)
    {
        foreach (var tensor in Tensors(model.Graph).Concat(model.Functions.SelectMany(f => f.Node).SelectMany(Tensors)))
            if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
                yield return tensor.ExternalData.FirstOrDefault(e => e.Key == "location")?.Value ?? "";
    }

    private static IEnumerable<TensorProto> Tensors(GraphProto graph)
        => graph.Initializer.Concat(graph.SparseInitializer.SelectMany(Parts)).Concat(graph.Node.SelectMany(Tensors));

    private static IEnumerable<TensorProto> Tensors(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
        {
            if (attribute.T is not null) yield return attribute.T;
            foreach (var tensor in attribute.Tensors) yield return tensor;
            foreach (var tensor in attribute.SparseTensors.SelectMany(Parts)) yield return tensor;
            if (attribute.SparseTensor is not null)
                foreach (var tensor in Parts(attribute.SparseTensor)) yield return tensor;
            if (attribute.G is not null)
                foreach (var tensor in Tensors(attribute.G)) yield return tensor;
            foreach (var tensor in attribute.Graphs.SelectMany(Tensors)) yield return tensor;
        }
    }

    private static IEnumerable<TensorProto> Parts(SparseTensorProto sparse)
        => new[] { sparse.Values, sparse.Indices }.Where(t => t is not null);
}
