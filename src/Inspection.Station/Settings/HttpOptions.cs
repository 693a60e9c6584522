using System.Net;
using Inspection.Core;

namespace Inspection.Station.Settings;

/// <summary>Where the page is served.</summary>
public sealed record HttpOptions
{
    /// <summary>The address to listen at; loopback unless the page is wanted on other machines. Default 127.0.0.1.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>TCP port, 1–65535. Default 8080.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (!IPAddress.TryParse(Address, out _)) yield return new("http.address", $"found '{Address}'", "an IP address of this machine, such as 127.0.0.1 or 0.0.0.0");
        if (Port is < 1 or > 65535) yield return new("http.port", $"found {Port}", "1–65535");
    }
}
