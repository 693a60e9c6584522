using System.Reflection;
using System.Text.Json;
using Inspection.Core;

namespace Inspection.Store;

/// <summary>
/// The schema number of what is stored. It is read before all else and leniently, because a newer program may have added
/// members; what is newer is refused with the version to install.
/// </summary>
public static class StoredSchema
{
    /// <summary>This program's version.</summary>
    public static string Program { get; }
        = typeof(StoredSchema).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The member <c>schema</c> of a JSON object.</summary>
    /// <returns>Null where there is none or the bytes are no JSON object.</returns>
    public static int? Of(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return parsed.RootElement.ValueKind == JsonValueKind.Object
                && parsed.RootElement.TryGetProperty("schema", out var schema)
                && schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out var number) ? number : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Refuses a file that a newer program wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="json">Its bytes.</param>
    /// <param name="current">The highest schema that this program reads.</param>
    /// <param name="dataFolder">The data folder that it belongs to; it knows the program's version.</param>
    /// <param name="code">The failure's code.</param>
    /// <returns>Null when it is not newer.</returns>
    public static Failure? Newer(string path, ReadOnlyMemory<byte> json, int current, string dataFolder, string code)
        => Of(json) is { } schema && schema > current ? new(code, NewerMessage($"'{path}'", schema, current, dataFolder)) : null;

    /// <summary>What a person is told of something newer.</summary>
    public static string NewerMessage(string what, int schema, int current, string dataFolder)
        => $"{what} has schema {schema}, of a newer program; this is Inspection {Program}, which reads up to schema {current}. Install {VersionToInstall(dataFolder)}.";

    /// <summary>The newest program that has written into a data folder, for <c>Install …</c>.</summary>
    public static string VersionToInstall(string dataFolder)
    {
        // Where the folder knows no newer program, the file came from elsewhere.
        var newest = NewestProgram(Path.Combine(dataFolder, "schema.json"));
        return newest is not null && IsNewer(newest, Program) ? $"Inspection {newest} or newer" : $"the version of Inspection that wrote it, newer than {Program}";
    }

    /// <summary>Whether one version comes after another; what is no version comes after none.</summary>
    internal static bool IsNewer(string version, string than)
        => Version.TryParse(version.Split('-')[0], out var one) && (!Version.TryParse(than.Split('-')[0], out var other) || one > other);

    /// <summary>The program that a folder's schema file names; null where it names none.</summary>
    internal static string? NewestProgram(string path)
    {
        var bytes = CoreJson.ReadBytes(path);
        if (!bytes.Succeeded) return null;
        try
        {
            using var json = JsonDocument.Parse(bytes.Value);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("writtenBy", out var by)
                && by.ValueKind == JsonValueKind.String ? by.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>An entry of a newer program was met where entries are read; the message names the version to install.</summary>
public sealed class NewerEntryException : IOException
{
    /// <summary>Makes one without a message.</summary>
    public NewerEntryException()
    {
    }

    /// <summary>Makes one that says which version to install.</summary>
    public NewerEntryException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with what caused it.</summary>
    public NewerEntryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
