using System.Security.Cryptography;
using Google.Protobuf;
using Inspection.Core;
using Inspection.Vision.Onnx;

namespace Inspection.Vision;

/// <summary>The frozen feature net that teaching builds on, of one precision, as a file in <c>models/backbones/NAME/</c>.</summary>
internal sealed class Backbone
{
    /// <summary>The net's file in its folder, in float32 and in INT8.</summary>
    public const string FileName = "features.onnx", QuantisedFileName = "features-int8.onnx";

    /// <summary>Name of its input: float32 [batch, 3, height, width], RGB, 0..1.</summary>
    public const string Input = "image";

    /// <summary>The value of a pixel that the net's own normalisation, (255·x − 127) / 128, makes 0.</summary>
    public const float Zero = 127f / 255;

    /// <summary>
    /// The levels that teaching looks at. Shallow ones see small marks, deep ones see that a thing is missing; the
    /// models' README lists what others gave.
    /// </summary>
    public static readonly Level[] Levels = [new("s8", 40, 8), new("s16", 112, 16), new("s32", 192, 32)];

    private Backbone(string name, ModelPrecision precision, string sha256, ModelProto model) => (Name, Precision, Sha256, Model) = (name, precision, sha256, model);

    /// <summary>The folder's name.</summary>
    public string Name { get; }

    /// <summary>Its precision.</summary>
    public ModelPrecision Precision { get; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>The net.</summary>
    public ModelProto Model { get; }

    /// <summary>Reads the net.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="precision">Which of its two files.</param>
    public static Outcome<Backbone> Read(string folder, ModelPrecision precision = ModelPrecision.Full)
    {
        var path = Path.Combine(folder, precision == ModelPrecision.Quantised ? QuantisedFileName : FileName);
        try
        {
            if (!File.Exists(path))
                return new Failure("backbone-missing", $"There is no {path}; give the folder of the frozen backbone, models/backbones/efficientnet-lite0.");
            var bytes = File.ReadAllBytes(path);
            var model = ModelProto.Parser.ParseFrom(bytes);
            var computed = (model.Graph?.Node ?? []).SelectMany(n => n.Output).ToHashSet(StringComparer.Ordinal);
            if (model.Graph?.Input is not [{ Name: Input }] || Levels.FirstOrDefault(l => !computed.Contains(l.Name)) is { })
                return new Failure("backbone-wrong", $"{path} is not the expected net: it needs one input '{Input}' and the values {string.Join(", ", Levels.Select(l => l.Name))}. Take the one of this project.");
            return new Backbone(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), precision, Convert.ToHexStringLower(SHA256.HashData(bytes)), model);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            return new Failure("backbone-unreadable", $"{path} cannot be read: {e.Message} Copy the backbone's folder again.");
        }
    }

    /// <summary>One level of the net's features.</summary>
    /// <param name="Name">The value's name in the net.</param>
    /// <param name="Channels">Its channels.</param>
    /// <param name="Stride">Pixels of the input for one value, in both directions.</param>
    public sealed record Level(string Name, int Channels, int Stride);
}
