using System.Text.Json;
using System.Text.Json.Nodes;
using Inspection.Core;
using Inspection.Mqtt;
using Inspection.Station.Hosting;
using Inspection.Store;
using Inspection.Vision;

namespace Inspection.Station.Settings;

/// <summary>Settings that were accepted, or all that is wrong with them.</summary>
/// <param name="Settings">The settings; only to be used without errors.</param>
/// <param name="Errors">All that is wrong, from every section.</param>
public sealed record SettingsReading(StationSettings Settings, IReadOnlyList<SettingError> Errors);

/// <summary>Reads <c>station.json</c> and <c>secrets.json</c> of a data folder, lays the command line over them and checks it all.</summary>
public static class SettingsFile
{
    private static readonly JsonDocumentOptions ForPeople = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        MaxDepth = 32,
    };

    /// <summary>Reads and checks everything; nothing is repaired and nothing falls back.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="request">What was typed.</param>
    public static SettingsReading Read(string data, RunRequest request)
    {
        var errors = new List<SettingError>();
        var file = ReadObject(Path.Combine(data, "station.json"), errors);
        var secrets = ReadObject(Path.Combine(data, "secrets.json"), errors);
        // What a newer program added would only look like mistakes.
        if (Newer(file, "schema", StationSettings.CurrentSchema, data) is { } station) return new(new(), [.. errors, station]);
        if (Newer(secrets, "secrets.schema", StationSecrets.CurrentSchema, data) is { } secret) return new(new(), [.. errors, secret]);
        if ((file?["mqtt"] as JsonObject)?.ContainsKey("password") == true)
            errors.Add(new("mqtt.password", "it stands in station.json", "in secrets.json: {\"mqtt\": {\"password\": …}}, mode 0600"));
        var settings = file is null ? new StationSettings() : StrictJson.Read<StationSettings>(file, "", errors);
        if (file is { Count: > 0 } || errors.Count == 0 && file is not null) errors.AddRange(SimulationRules.Unnamed(file, request));
        if (secrets is not null)
        {
            errors.AddRange(Exposed(Path.Combine(data, "secrets.json")));
            var read = StrictJson.Read<StationSecrets>(secrets, "secrets.", errors);
            if (read.Schema != StationSecrets.CurrentSchema) errors.Add(new("secrets.schema", $"found {read.Schema}", $"{StationSecrets.CurrentSchema}"));
            settings = read.Into(settings);
        }
        // From wherever the station is started, a relative file is the same one.
        if (settings.Gpio.PinMap is { } map) settings = settings with { Gpio = settings.Gpio with { PinMap = Path.Combine(data, map) } };
        settings = Over(settings, request);
        errors.AddRange(StrictJson.WithoutConsequences(settings.Errors(), [.. errors], ""));
        errors.AddRange(SimulationRules.Unallowed(settings, request));
        if (settings.Http.Port == settings.Mqtt.Port && settings.Mqtt.Broker == BrokerKind.Embedded)
            errors.Add(new("http.port", $"it is mqtt.port, {settings.Mqtt.Port}, too", "two different ports"));
        if (request.Once && SourceRules.Parse(settings.Source) is { Kind: SourceKind.Simulated })
            errors.Add(new("--once", "the simulated line has no end", "--source folder:PATH or --source video:PATH"));
        return new(settings, errors);
    }

    private static SettingError? Newer(JsonObject? file, string name, int current, string data)
        => file?["schema"] is JsonValue value && value.TryGetValue<int>(out var schema) && schema > current
            ? new(name, $"found {schema}, of a newer program", $"{current}; install {StoredSchema.VersionToInstall(data)}") : null;

    private static StationSettings Over(StationSettings settings, RunRequest request) => settings with
    {
        Source = request.Source ?? settings.Source,
        Recipe = request.Recipe ?? settings.Recipe,
        Mqtt = request.MqttPort is { } mqtt ? settings.Mqtt with { Port = mqtt } : settings.Mqtt,
        Http = request.HttpPort is { } http ? settings.Http with { Port = http } : settings.Http,
    };

    /// <summary>Secrets that others can read are none.</summary>
    private static IEnumerable<SettingError> Exposed(string path)
    {
        if (OperatingSystem.IsWindows()) yield break;
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(path) & others) != 0)
            yield return new("secrets.json", "other users of this machine can read it", $"mode 0600: chmod 600 '{path}'");
    }

    private static JsonObject? ReadObject(string path, List<SettingError> errors)
    {
        var name = Path.GetFileName(path);
        try
        {
            if (!File.Exists(path)) return null;
            if (JsonNode.Parse(File.ReadAllText(path), null, ForPeople) is JsonObject file)
                return file;
            errors.Add(new(name, "it holds no object", "one JSON object in braces"));
        }
        catch (JsonException e)
        {
            errors.Add(new(name, $"it is not JSON: {e.Message}", "one JSON object in braces"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new(name, e.Message, "a file that this user can read"));
        }
        // A broken configuration never counts as none: what it would have named is not simulated instead.
        return new JsonObject();
    }
}
