namespace Inspection.Station.Hosting;

/// <summary>What was typed after <c>run</c>.</summary>
/// <param name="Source">The source instead of the configured one, or null.</param>
/// <param name="Recipe">NAME or NAME@REVISION instead of the configured one, or null.</param>
/// <param name="Model">A model's folder that a recipe revision is made from, or null.</param>
/// <param name="Once">Plays the source once and ends.</param>
/// <param name="AllowSimulated">A simulated source may work with a real chip or a foreign broker.</param>
/// <param name="HttpPort">The page's port instead of the configured one, or null.</param>
/// <param name="MqttPort">The broker's port instead of the configured one, or null.</param>
/// <param name="Data">The data folder's full path.</param>
/// <param name="Json">The outcome as JSON on stdout.</param>
public sealed record RunRequest(
    string? Source, string? Recipe, string? Model, bool Once, bool AllowSimulated, int? HttpPort, int? MqttPort, string Data, bool Json);
