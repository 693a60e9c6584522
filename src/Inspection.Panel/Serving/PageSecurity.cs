using System.Net;
using System.Net.NetworkInformation;
using Microsoft.AspNetCore.Http;

namespace Inspection.Panel.Serving;

/// <summary>What keeps other sites out of the page, and the page from loading anything of other sites.</summary>
internal static class PageSecurity
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
        "base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "localhost", Environment.MachineName, $"{Environment.MachineName}.local", $"{Environment.MachineName}.{IPGlobalProperties.GetIPGlobalProperties().DomainName}",
    };

    /// <summary>Sets the headers and refuses requests that a page of another site made.</summary>
    public static Task Guard(HttpContext http, RequestDelegate next)
    {
        if (!IsThisPc(http.Request.Host.Host))
        {
            http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return http.Response.WriteAsync($"Open the page by this PC's address, or by its name {Environment.MachineName}.");
        }
        // A web socket is not bound by the same-origin policy: without this any site that the operator's browser
        // visits could open a circuit.
        if (http.Request.Headers.Origin is [{ } origin] && !SameOrigin(origin, http.Request.Host))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(http);
    }

    // A name of somebody else's can be made to lead here (DNS rebinding), and its page would then count as the same
    // origin; an address cannot.
    private static bool IsThisPc(string host) => Names.Contains(host) || IPAddress.TryParse(host.Trim('[', ']'), out _);

    private static bool SameOrigin(string origin, HostString host)
        => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase);
}
