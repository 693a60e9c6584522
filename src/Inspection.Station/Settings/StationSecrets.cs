namespace Inspection.Station.Settings;

/// <summary><c>secrets.json</c>, mode 0600: what must not stand in <c>station.json</c>.</summary>
public sealed record StationSecrets
{
    /// <summary>The settings with their secrets in place.</summary>
    public StationSettings Into(StationSettings settings) => settings;
}
