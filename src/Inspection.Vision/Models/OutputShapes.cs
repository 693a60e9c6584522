using Inspection.Core;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision;

/// <summary>The shapes that a model's outputs really have, found by one run, because many exports leave them open.</summary>
/// <param name="Score">Shape of the score.</param>
/// <param name="Map">Shape of the map; empty when there is none.</param>
internal readonly record struct OutputShapes(long[] Score, long[] Map)
{
    /// <summary>Columns of the map; 0 when there is none.</summary>
    public int MapWidth => Map.Length == 0 ? 0 : (int)Map[^1];

    /// <summary>Rows of the map; 0 when there is none.</summary>
    public int MapHeight => Map.Length == 0 ? 0 : (int)Map[^2];

    /// <summary>Runs the model once on a grey picture and checks what comes out.</summary>
    /// <exception cref="OnnxRuntimeException">The model does not run on this input.</exception>
    public static Outcome<OutputShapes> Probe(InferenceSession session, ModelSockets sockets, string path)
    {
        var grey = new float[sockets.InputShape.Aggregate(1L, (a, b) => a * b)];
        grey.AsSpan().Fill(0.5f);
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(grey, sockets.InputShape);
        string[] names = sockets.Map is null ? [sockets.Score] : [sockets.Score, sockets.Map];
        using var outputs = session.Run(options, [sockets.Input], [input], names);
        var score = outputs[0].GetTensorTypeAndShape().Shape;
        var scoreFits = score.Length switch
        {
            0 => sockets.Batch == 1,
            1 => score[0] == sockets.Batch,
            2 => score[0] == sockets.Batch && score[1] == 1,
            _ => false,
        };
        if (!scoreFits)
            return ModelSockets.Misfit($"{path}'s score '{sockets.Score}' came out as [{string.Join(", ", score)}]",
                $"[{sockets.Batch}] or [{sockets.Batch}, 1]", "Export the model with one score a picture.");
        if (sockets.Map is null) return new OutputShapes(score, []);

        var map = outputs[1].GetTensorTypeAndShape().Shape;
        var mapFits = map.Length is 3 or 4 && map[0] == sockets.Batch && (map.Length == 3 || map[1] == 1) && map[^1] is >= 1 and <= 4096 && map[^2] is >= 1 and <= 4096;
        if (!mapFits)
            return ModelSockets.Misfit($"{path}'s map '{sockets.Map}' came out as [{string.Join(", ", map)}]",
                $"[{sockets.Batch}, 1, height, width]", "Export the model with one map a picture, or without it.");
        return new OutputShapes(score, map);
    }
}
