using System.Text.Json.Nodes;
using Inspection.Core;
using Inspection.Mqtt;
using Inspection.Station.Hosting;

namespace Inspection.Station.Settings;

/// <summary>Nothing is simulated by accident, and nothing simulated acts on a plant by accident.</summary>
internal static class SimulationRules
{
    private const string Remedy = "a camera as the source, or --allow-simulated to try it all the same";

    /// <summary>With a configuration both source and chip must be named.</summary>
    public static IEnumerable<SettingError> Unnamed(JsonObject file, RunRequest request)
    {
        const string problem = "not named; with a station.json nothing is simulated unless it says so";
        if (!file.ContainsKey("source") && request.Source is null) yield return new("source", problem, SourceRules.Allowed);
        if ((file["gpio"] as JsonObject)?.ContainsKey("chip") != true) yield return new("gpio.chip", problem, "simulated, or gpiochip0–gpiochip255");
    }

    /// <summary>A simulated source works with a real chip or a foreign broker only when somebody says so.</summary>
    public static IEnumerable<SettingError> Unallowed(StationSettings settings, RunRequest request)
    {
        if (request.AllowSimulated || SourceRules.Parse(settings.Source) is not { } source) yield break;
        if (!settings.Gpio.IsSimulated)
            yield return new("gpio.chip", $"the real chip {settings.Gpio.Chip} with the source '{source}', which is no camera", Remedy);
        if (settings.Mqtt.Broker != BrokerKind.Embedded)
            yield return new("mqtt.broker", $"a foreign broker with the source '{source}', which is no camera", Remedy);
    }
}
