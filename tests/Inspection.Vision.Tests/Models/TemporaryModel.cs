using Inspection.Core;

namespace Inspection.Vision.Tests;

/// <summary>A temporary folder of one model version.</summary>
internal sealed class TemporaryModel : IDisposable
{
    public TemporaryModel(TinyModel? model = null, string? card = FiveLines, string file = "model.onnx")
    {
        Folder = Directory.CreateTempSubdirectory("inspection-model-").FullName;
        model?.Write(PathOf(file));
        if (card is not null) File.WriteAllText(PathOf("model.json"), card);
    }

    /// <summary>All that a foreign model needs.</summary>
    public const string FiveLines = """
        { "schema": 1,
          "name": "foreign",
          "version": 1,
          "kind": "anomalib",
          "threshold": 0.5 }
        """;

    public string Folder { get; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Loads it and expects a refusal.</summary>
    public Failure Refusal()
    {
        var loaded = ModelFolder.Load(Folder);
        loaded.Value?.Dispose();
        return loaded.Failure.ShouldNotBeNull();
    }

    /// <summary>Loads it and expects it to be accepted.</summary>
    public LoadedModel Accepted()
    {
        var loaded = ModelFolder.Load(Folder);
        loaded.Failure.ShouldBeNull();
        return loaded.Value!;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
