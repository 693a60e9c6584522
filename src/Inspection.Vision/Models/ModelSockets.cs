using Inspection.Core;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision;

/// <summary>Which of a model's inputs and outputs are used, and the size that is fed.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Batch">Rows that are fed: 1, or the batch that the export fixed.</param>
/// <param name="Width">Columns of the picture.</param>
/// <param name="Height">Rows of the picture.</param>
/// <param name="Score">The score's name.</param>
/// <param name="Map">The map's name, or null.</param>
internal sealed record ModelSockets(string Input, int Batch, int Width, int Height, string Score, string? Map)
{
    private const int MaxBatch = 8;
    private const string Wanted = "float32 [batch, 3, height, width], RGB, 0..1, normalisation inside the model";
    private static readonly string[] ScoreNames = ["score", "pred_score"];

    /// <summary>The shape that is fed.</summary>
    public long[] InputShape => [Batch, 3, Height, Width];

    /// <summary>Fits a card to a model.</summary>
    public static Outcome<ModelSockets> Find(InferenceSession session, ModelCard card, string path)
    {
        var inputs = session.InputMetadata;
        var name = card.Input?.Name ?? (inputs.Count == 1 ? inputs.Keys.First() : null);
        if (name is null || !inputs.TryGetValue(name, out var input))
            return Misfit($"{path} has the inputs {Describe(inputs)}", $"one input {(name is null ? "" : $"'{name}' ")}of {Wanted}",
                inputs.Count == 1 ? "Correct input.name in model.json." : "Export it with one image input, or name that in input.name of model.json.");
        if (inputs.Count > 1)
            return Misfit($"{path} has the inputs {Describe(inputs)}", "the image only", "Export it with one input.");
        if (!input.IsTensor || input.ElementDataType != Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float || input.Dimensions.Length != 4
            || input.Dimensions[1] is not (3 or -1))
            return Misfit($"{path}'s input is {Describe(name, input)}", Wanted, "Export it so.");
        var batch = input.Dimensions[0] < 0 ? 1 : input.Dimensions[0];
        if (batch is < 1 or > MaxBatch)
            return Misfit($"{path}'s input {Describe(name, input)} has a fixed batch of {batch}", $"a batch of 1–{MaxBatch}, or dynamic", "Export it for batch 1.");
        var height = Side(input.Dimensions[2], card.Input?.Height, "height", name, input, path);
        if (!height.Succeeded) return height.Failure;
        var width = Side(input.Dimensions[3], card.Input?.Width, "width", name, input, path);
        if (!width.Succeeded) return width.Failure;

        var outputs = session.OutputMetadata;
        var score = card.Outputs?.Score ?? ScoreNames.FirstOrDefault(outputs.ContainsKey);
        if (score is null || !outputs.TryGetValue(score, out var scoreOutput))
            return Misfit($"{path} has the outputs {Describe(outputs)}", $"a score named {score ?? "score or pred_score"}: float32 [batch] or [batch, 1]",
                "Name the score's output in outputs.score of model.json, or export the model with one.");
        if (!IsFloat(scoreOutput)) return Misfit($"{path}'s score is {Describe(score, scoreOutput)}", "float32 [batch] or [batch, 1]", "Export it in float32.");
        var map = card.Outputs?.Map ?? (outputs.ContainsKey("anomaly_map") ? "anomaly_map" : null);
        if (map is not null && !outputs.TryGetValue(map, out _))
            return Misfit($"{path} has the outputs {Describe(outputs)}", $"a map named '{map}'", "Correct outputs.map in model.json, or leave it out.");
        if (map is not null && !IsFloat(outputs[map]))
            return Misfit($"{path}'s map is {Describe(map, outputs[map])}", "float32 [batch, 1, height, width]", "Export it in float32.");
        if (card.Outputs?.Nearest is { } nearest && !outputs.ContainsKey(nearest))
            return Misfit($"{path} has the outputs {Describe(outputs)}", $"'{nearest}' as outputs.nearest says", "Correct outputs.nearest in model.json.");
        return new ModelSockets(name, batch, width.Value, height.Value, score, map);
    }

    /// <summary>The failure that tells what was found, what was expected, and the remedy.</summary>
    public static Failure Misfit(string found, string expected, string remedy)
        => new("model-shape", $"{found}; expected is {expected}. {remedy}");

    private static Outcome<int> Side(int inFile, int? inCard, string side, string name, NodeMetadata input, string path)
    {
        if (inFile < 0 && inCard is null)
            return Misfit($"{path}'s input {Describe(name, input)} leaves its {side} open", "a size",
                $"Write the size that the model was trained with into model.json as \"input\": {{ \"width\": …, \"height\": … }}, or export it with input_size; "
                + "an export that resizes inside scores differently from what was trained, so resizing here to the training size is what keeps its scores.");
        if (inFile >= 0 && inCard is not null && inFile != inCard)
            return Misfit($"{path}'s input {Describe(name, input)} has {side} {inFile}", $"{side} {inCard} as model.json says", $"Correct input.{side} in model.json.");
        var value = inFile < 0 ? inCard!.Value : inFile;
        if (value is < 16 or > 4096)
            return Misfit($"{path}'s input {Describe(name, input)} has {side} {value}", "16–4096 pixels in NCHW order", "Export it with channels first and a size in that range.");
        return value;
    }

    private static bool IsFloat(NodeMetadata node)
        => node.IsTensor && node.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float;

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> nodes)
        => nodes.Count == 0 ? "none" : string.Join(", ", nodes.Take(12).Select(n => Describe(n.Key, n.Value)));

    private static string Describe(string name, NodeMetadata node)
    {
        if (!node.IsTensor) return $"'{name}' (no tensor)";
        var dimensions = node.Dimensions.Select((d, i) => d >= 0 ? $"{d}" : i < node.SymbolicDimensions.Length && node.SymbolicDimensions[i].Length > 0 ? node.SymbolicDimensions[i] : "?");
        var type = node.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float ? "float32" : node.ElementDataType.ToString().ToLowerInvariant();
        return $"'{name}' {type} [{string.Join(", ", dimensions)}]";
    }
}
