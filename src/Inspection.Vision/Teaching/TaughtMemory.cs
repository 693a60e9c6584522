using System.Runtime.InteropServices;
using Google.Protobuf;
using Inspection.Core;
using Inspection.Vision.Onnx;

namespace Inspection.Vision;

/// <summary>The memory of a taught model, read back from its graph so that it can be extended without the old photos.</summary>
/// <param name="Patches">One patch after the other, <paramref name="Middle"/> taken off.</param>
/// <param name="Middle">What is taken off each channel.</param>
/// <param name="Factors">What the distance at each place is multiplied by, row by row.</param>
internal sealed record TaughtMemory(float[] Patches, float[] Middle, float[] Factors)
{
    /// <summary>Names of the graph's constants: the patches as columns, the middle, the factors.</summary>
    public const string PatchesName = "distance.memory", MiddleName = "distance.middle", FactorsName = "distance.factors";

    /// <summary>How many patches there are.</summary>
    public int Count => Patches.Length / Middle.Length;

    /// <summary>Reads a memory.</summary>
    /// <param name="path">A <c>model.onnx</c> of this program that was checked already.</param>
    public static Outcome<TaughtMemory> Read(string path)
    {
        try
        {
            var constants = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Initializer;
            float[] Values(string name) => MemoryMarshal.Cast<byte, float>(constants.Single(c => c.Name == name).RawData.Span).ToArray();
            var (columns, middle, factors) = (Values(PatchesName), Values(MiddleName), Values(FactorsName));
            var (channels, count) = (middle.Length, columns.Length / Math.Max(1, middle.Length));
            if (channels != TaughtGraph.Channels || count == 0 || columns.Length != count * channels) return Unknown(path);
            var patches = new float[columns.Length];
            for (var c = 0; c < channels; c++)
                for (var i = 0; i < count; i++) patches[(i * channels) + c] = columns[(c * count) + i];
            return new TaughtMemory(patches, middle, factors);
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidProtocolBufferException)
        {
            return Unknown(path);
        }
    }

    /// <summary>How near the parts that it was chosen from lie to it: the least distance of two of its patches.</summary>
    /// <remarks>In greedy k-center no patch that was left lies farther from the chosen ones than the last that was chosen.</remarks>
    public float Cover()
    {
        var least = float.PositiveInfinity;
        for (var i = 1; i < Count; i++)
            for (var j = 0; j < i; j++)
                least = Math.Min(least, Coreset.SquaredDistance(Patches.AsSpan(i * Middle.Length, Middle.Length), Patches.AsSpan(j * Middle.Length, Middle.Length)));
        return float.IsFinite(least) ? MathF.Sqrt(least) : 0;
    }

    private static Failure Unknown(string path)
        => new("extend-other-method", $"{path} does not hold the memory of a model that this version of the program teaches, so it cannot be extended. Teach it anew from photos.");
}
