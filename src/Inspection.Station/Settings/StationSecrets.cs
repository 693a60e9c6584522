namespace Inspection.Station.Settings;

/// <summary><c>secrets.json</c>, mode 0600: what must not stand in <c>station.json</c>.</summary>
public sealed record StationSecrets
{
    /// <summary>The schema that this program writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Version of the file's shape; 1 where it is absent.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The broker's.</summary>
    public MqttSecrets Mqtt { get; init; } = new();

    /// <summary>The settings with their secrets in place.</summary>
    public StationSettings Into(StationSettings settings)
        => Mqtt.Password is null ? settings : settings with { Mqtt = settings.Mqtt with { Password = Mqtt.Password } };
}

/// <summary>What the external broker asks for.</summary>
public sealed record MqttSecrets
{
    /// <summary>The password of <c>mqtt.user</c>, or null.</summary>
    public string? Password { get; init; }
}
