using System.Text.Json;
using System.Text.Json.Serialization;

namespace Inspection.Core;

/// <summary>
/// How the program reads and writes its own files: camelCase, kebab-case enumerations, durations with a unit; what is
/// unknown, twice there or null where it must not be is refused.
/// </summary>
public static class CoreJson
{
    /// <summary>No file of the program's own is longer, in bytes: 16 MiB.</summary>
    public const int MaxFileBytes = 16 * 1024 * 1024;

    /// <summary>The options.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>Reads a file.</summary>
    /// <returns>A failure with code <c>file-missing</c>, <c>file-unreadable</c>, <c>file-too-large</c> or <c>file-malformed</c> that names the file and the place.</returns>
    public static Outcome<T> ReadFile<T>(string path) where T : class
    {
        var bytes = ReadBytes(path);
        return bytes.Succeeded ? Parse<T>(bytes.Value, path) : bytes.Failure;
    }

    /// <summary>The bytes of a small file.</summary>
    /// <returns>A failure with code <c>file-missing</c>, <c>file-unreadable</c> or <c>file-too-large</c>.</returns>
    public static Outcome<byte[]> ReadBytes(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return new Failure("file-missing", $"There is no file '{path}'.");
            if (file.Length > MaxFileBytes)
                return new Failure("file-too-large", $"'{path}' has {file.Length} bytes; at most {MaxFileBytes} are read. Check that it is the right file.");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("file-unreadable", $"'{path}' could not be read: {e.Message} Check its owner and its permissions.");
        }
    }

    /// <summary>Reads a value.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">The file's name, for the message.</param>
    /// <returns>A failure with code <c>file-malformed</c> that says where and what.</returns>
    public static Outcome<T> Parse<T>(ReadOnlySpan<byte> json, string name) where T : class
    {
        if (json.IsEmpty) return new Failure("file-malformed", $"'{name}' is empty.");
        try
        {
            var value = JsonSerializer.Deserialize<T>(json, Options);
            return value is null ? new Failure("file-malformed", $"'{name}' holds only null.") : value;
        }
        catch (JsonException e)
        {
            return Malformed(e, name);
        }
    }

    /// <summary>What a reader's exception means to a person.</summary>
    public static Failure Malformed(JsonException e, string name)
    {
        var place = e.LineNumber is { } line ? $" in line {line + 1}" : "";
        var member = e.Path is { Length: > 1 } path ? $" at {path[2..]}" : "";
        // The framework adds its own count of the place, from 0.
        var end = e.Message.AsSpan().IndexOfAny(System.Buffers.SearchValues.Create([" Path:", " LineNumber:"], StringComparison.Ordinal));
        return new Failure("file-malformed", $"'{name}' is not valid{place}{member}: {(end < 0 ? e.Message : e.Message[..end])}");
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            WriteIndented = true,
            MaxDepth = 32,
            Converters = { new DurationJson(), new TimeOfDayJson(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
