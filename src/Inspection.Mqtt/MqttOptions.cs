using System.Net;
using System.Text;
using Inspection.Core;

namespace Inspection.Mqtt;

/// <summary>Whose broker carries the messages.</summary>
public enum BrokerKind
{
    /// <summary>The station's own; receivers connect to it.</summary>
    Embedded,

    /// <summary>The plant's, MQTT 5; the station connects to it.</summary>
    External,
}

/// <summary>The section <c>mqtt</c> of the settings.</summary>
public sealed record MqttOptions
{
    /// <summary>Binds both loopback addresses, 127.0.0.1 and ::1.</summary>
    public const string Loopback = "loopback";

    /// <summary>Binds every address of this PC.</summary>
    public const string Any = "any";

    /// <summary>Whose broker. Default embedded.</summary>
    public BrokerKind Broker { get; init; } = BrokerKind.Embedded;

    /// <summary>Second level of every topic, 1–64 characters without / + #. Default <c>demo</c>.</summary>
    public string Site { get; init; } = "demo";

    /// <summary>Third level of every topic, as <see cref="Site"/>. Default <c>line1</c>.</summary>
    public string Line { get; init; } = "line1";

    /// <summary>Fourth level of every topic, as <see cref="Site"/>. Default <c>station1</c>.</summary>
    public string Station { get; init; } = "station1";

    /// <summary>Where the embedded broker listens: <c>loopback</c> (default), <c>any</c>, or one IP address of this PC.</summary>
    public string Bind { get; init; } = Loopback;

    /// <summary>TCP port, of the embedded broker or of the external one, 1–65535; 0 takes any free one (embedded only). Default 1883.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>The external broker's name or address; needed there, refused with the embedded one.</summary>
    public string? Host { get; init; }

    /// <summary>User at the external broker, or null.</summary>
    public string? User { get; init; }

    /// <summary>Its password, from <c>secrets.json</c>, or null.</summary>
    public string? Password { get; init; }

    /// <summary>Whether the external broker is reached by TLS. Default false.</summary>
    public bool Tls { get; init; }

    /// <summary>PEM file with the authority that signed the external broker's certificate; null trusts the system's authorities.</summary>
    public string? CaFile { get; init; }

    /// <summary>Client ids that are consumers of the embedded broker from the start and are never forgotten, at most 64.</summary>
    public IReadOnlyList<string> Consumers { get; init; } = [];

    /// <summary>Longest absence of an unnamed consumer before it is forgotten, 1 min–365 d. Default 7 d.</summary>
    public TimeSpan ConsumerExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The root topic: <c>inspection/{site}/{line}/{station}</c>.</summary>
    public string Root => $"inspection/{Site}/{Line}/{Station}";

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        foreach (var (name, level) in new[] { ("site", Site), ("line", Line), ("station", Station) })
        {
            if (!IsLevel(level))
                yield return new($"mqtt.{name}", $"found \"{level}\"", "1–64 printable characters without / + #, not starting with $");
        }
        if (!Enum.IsDefined(Broker)) yield return new("mqtt.broker", $"found {Broker}", "embedded, external");
        var lowest = Broker == BrokerKind.Embedded ? 0 : 1;
        if (Port < lowest || Port > 65535) yield return new("mqtt.port", $"found {Port}", $"{lowest}–65535");
        if (ConsumerExpiry < TimeSpan.FromMinutes(1) || ConsumerExpiry > TimeSpan.FromDays(365))
            yield return new("mqtt.consumerExpiry", $"found {ConsumerExpiry}", "1 min–365 d");
        if (Consumers.Count > 64) yield return new("mqtt.consumers", $"found {Consumers.Count} names", "at most 64");
        foreach (var consumer in Consumers.Where(c => !IsClientId(c)))
            yield return new("mqtt.consumers", $"found \"{consumer}\"", "client ids of 1–128 printable characters");
        foreach (var twice in Consumers.GroupBy(c => c, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return new("mqtt.consumers", $"\"{twice.Key}\" stands there {twice.Count()} times", "each client id once");
        foreach (var error in Broker == BrokerKind.External ? ExternalErrors() : EmbeddedErrors()) yield return error;
    }

    /// <summary>True for a client id that a consumer may have: 1–128 printable characters.</summary>
    public static bool IsClientId(string id) => id.Length is >= 1 and <= 128 && !id.Any(char.IsControl);

    private IEnumerable<SettingError> EmbeddedErrors()
    {
        if (Bind is not (Loopback or Any) && !IPAddress.TryParse(Bind, out _))
            yield return new("mqtt.bind", $"found \"{Bind}\"", "loopback, any, or one IP address of this PC");
        foreach (var (name, set) in new[] { ("host", Host is not null), ("user", User is not null), ("tls", Tls), ("caFile", CaFile is not null) })
        {
            if (set) yield return new($"mqtt.{name}", "is for an external broker", "nothing while mqtt.broker is embedded");
        }
    }

    private IEnumerable<SettingError> ExternalErrors()
    {
        if (string.IsNullOrWhiteSpace(Host) || Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return new("mqtt.host", Host is null ? "missing" : $"found \"{Host}\"", "the external broker's host name or IP address");
        if (Password is not null && User is null) yield return new("mqtt.user", "missing although there is a password", "the user at the external broker");
        if (CaFile is not null && !Tls) yield return new("mqtt.caFile", "is set but mqtt.tls is false", "a PEM file together with tls");
        if (CaFile is not null && !File.Exists(CaFile)) yield return new("mqtt.caFile", $"\"{CaFile}\" does not exist", "a PEM file that can be read");
        if (Consumers.Count > 0) yield return new("mqtt.consumers", "are for the embedded broker", "none while mqtt.broker is external");
    }

    private static bool IsLevel(string level)
        => level is { Length: >= 1 and <= 64 } && level[0] != '$' && Encoding.UTF8.GetByteCount(level) <= 128
           && !level.Any(c => c is '/' or '+' or '#' || char.IsControl(c));
}
