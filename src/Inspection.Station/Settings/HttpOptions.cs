using System.Net;
using Inspection.Core;

namespace Inspection.Station.Settings;

/// <summary>The section <c>http</c> of the settings: where the page is served.</summary>
public sealed record HttpOptions
{
    /// <summary>Binds both loopback addresses, 127.0.0.1 and ::1.</summary>
    public const string Loopback = "loopback";

    /// <summary>Binds every address of this PC.</summary>
    public const string Any = "any";

    /// <summary>
    /// Where the page is served: <c>loopback</c> (default), <c>any</c>, or one IP address of this PC, which is served
    /// besides loopback. A page that does not come by loopback starts, resets and bypasses nothing.
    /// </summary>
    public string Bind { get; init; } = Loopback;

    /// <summary>TCP port, 1–65535. Default 8080.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (Bind is not (Loopback or Any) && !IPAddress.TryParse(Bind, out _))
            yield return new("http.bind", $"found \"{Bind}\"", "loopback, any, or one IP address of this PC");
        if (Port is < 1 or > 65535) yield return new("http.port", $"found {Port}", "1–65535");
    }
}
