using Microsoft.AspNetCore.Http;

namespace Inspection.Panel.Serving;

/// <summary>What keeps other sites out of the page, and the page from loading anything of other sites.</summary>
internal static class PageSecurity
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
        "base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers and refuses requests that a page of another site made.</summary>
    public static Task Guard(HttpContext http, RequestDelegate next)
    {
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

    private static bool SameOrigin(string origin, HostString host)
        => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase);
}
