using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Inspection.Panel.Serving;

/// <summary>Script, style and font, out of this assembly.</summary>
internal static class PanelAssets
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["panel.css"] = "text/css; charset=utf-8",
        ["panel.js"] = "text/javascript; charset=utf-8",
        ["blazor.web.js"] = "text/javascript; charset=utf-8",
        ["inter.woff2"] = "font/woff2",
        ["icon.svg"] = "image/svg+xml",
    };

    /// <summary>Changes with the assets' content, so that no browser mixes two releases.</summary>
    public static string Version { get; } = Hash();

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (name, type) in Types)
        {
            var bytes = Read(name);
            var path = name == "blazor.web.js" ? "/_framework/blazor.web.js" : "/assets/" + name;
            routes.MapGet(path, (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = http.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
                return Results.Bytes(bytes, type);
            }).AllowAnonymous();
        }
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("assets/" + name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string Hash()
        => Convert.ToHexStringLower(SHA256.HashData([.. Types.Keys.SelectMany(Read)]))[..12];
}
