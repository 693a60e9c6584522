using Inspection.Panel.Feed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Inspection.Panel.Serving;

/// <summary>The last parts' pictures, out of memory: encoded once for all browsers.</summary>
internal static class LivePictures
{
    public static void Map(IEndpointRouteBuilder routes)
        => routes.MapGet("/live/{version:long}.jpg", (HttpContext http, PanelFeed feed, long version) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return feed.Picture(version, http.Request.Query["heat"] == "1") is { } bytes ? Results.Bytes(bytes, "image/jpeg") : Results.NotFound();
        });

    /// <summary>Where a part's picture is.</summary>
    public static string Address(long version, bool heat) => heat ? $"/live/{version}.jpg?heat=1" : $"/live/{version}.jpg";
}
