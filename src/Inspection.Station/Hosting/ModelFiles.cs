using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inspection.Core;
using Inspection.Store;
using Inspection.Vision;

namespace Inspection.Station.Hosting;

/// <summary>Models within the data folder: <c>models/NAME/VERSION/</c>, copied there once and never overwritten.</summary>
internal static class ModelFiles
{
    private const string Card = "model.json";

    /// <summary>Where a model's version stands.</summary>
    public static string FolderOf(DataFolder folder, string name, int version)
        => Path.Combine(folder.Models, name, version.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Copies a model into the data folder, unless the same is there already.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="source">A folder with <c>model.json</c> and the files that belong to it.</param>
    /// <returns>The model and its folder, or what is missing, or that this name and version is another model.</returns>
    public static Outcome<(ModelReference Model, string Folder)> Install(DataFolder folder, string source)
    {
        var identity = Identify(source);
        if (!identity.Succeeded) return identity.Failure;
        var target = FolderOf(folder, identity.Value.Name, identity.Value.Version);
        try
        {
            if (Path.GetFullPath(source) == target) return (identity.Value, target);
            if (!Directory.Exists(target)) return Copy(source, target) is { } refused ? refused : (identity.Value, target);
            if (Differs(source, target) is { } file)
            {
                return new Failure("model-version-taken",
                    $"The data folder has another model as {identity.Value.Name}@{identity.Value.Version}: {file} differs. Raise 'version' in '{Path.Combine(source, Card)}'; a version never changes. If the copy in the data folder is the damaged one, delete '{target}' and run this again.");
            }
            return (identity.Value, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("model-not-copied", $"The model in '{source}' could not be copied into the data folder: {e.Message}");
        }
    }

    private static Outcome<ModelReference> Identify(string source)
    {
        if (!Directory.Exists(source)) return new Failure("model-missing", $"There is no folder '{source}'. Name one with model.onnx and model.json.");
        var path = Path.Combine(source, Card);
        var bytes = CoreJson.ReadBytes(path);
        if (!bytes.Succeeded) return bytes.Failure;
        try
        {
            using var card = JsonDocument.Parse(bytes.Value);
            var name = card.RootElement.GetProperty("name").GetString();
            var version = card.RootElement.GetProperty("version").GetInt32();
            if (Recipe.IsName(name) && version >= 1) return new ModelReference { Name = name!, Version = version };
            return new Failure("model-card-malformed", $"'{path}': found name '{name}', version {version}; a name is 1–64 of a–z, 0–9, '-', '_', a version a whole number from 1.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new Failure("model-card-malformed", $"'{path}' is no model card: {e.Message} It needs at least schema, name, version, kind and threshold.");
        }
    }

    /// <summary>Copies a model that may judge; one that may not leaves nothing behind, so that it can be mended and tried again.</summary>
    private static Failure? Copy(string source, string target)
    {
        // Under another name first, so that a copy cut short never looks like a model.
        var aside = target + ".copying";
        if (Directory.Exists(aside)) Directory.Delete(aside, true);
        Directory.CreateDirectory(aside);
        foreach (var file in Directory.GetFiles(source))
        {
            var copy = Path.Combine(aside, Path.GetFileName(file));
            File.Copy(file, copy);
            DurableFile.Sync(copy);
        }
        var model = ModelFolder.Load(aside);
        if (!model.Succeeded)
        {
            Directory.Delete(aside, true);
            return model.Failure with { Message = model.Failure.Message.Replace(aside, Path.TrimEndingDirectorySeparator(source), StringComparison.Ordinal) };
        }
        model.Value.Dispose();
        DurableFile.SyncDirectory(aside);
        Directory.Move(aside, target);
        DurableFile.SyncDirectory(Path.GetDirectoryName(target)!);
        return null;
    }

    /// <summary>The first thing of the model that is not the same; the copied card may have been completed at its acceptance.</summary>
    private static string? Differs(string source, string target)
    {
        var other = Directory.GetFiles(source)
            .Where(file => Path.GetExtension(file) is ".onnx" or ".data")
            .Select(Path.GetFileName)
            .FirstOrDefault(name => !File.Exists(Path.Combine(target, name!)) || !Hash(Path.Combine(source, name!)).SequenceEqual(Hash(Path.Combine(target, name!))));
        if (other is not null) return other;
        var (given, kept) = (ReadCard(source), ReadCard(target));
        return given.Where(member => !JsonNode.DeepEquals(member.Value, kept[member.Key])).Select(member => $"'{member.Key}' in {Card}").FirstOrDefault();
    }

    private static JsonObject ReadCard(string folder) => JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, Card)))!.AsObject();

    /// <summary>SHA-256 of a file. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    internal static byte[] Hash(string path)
    {
        using var file = File.OpenRead(path);
        return SHA256.HashData(file);
    }
}
