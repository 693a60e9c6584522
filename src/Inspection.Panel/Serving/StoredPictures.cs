using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Inspection.Panel.Serving;

/// <summary>Stored pictures of rejects, and nothing else of the disk.</summary>
internal static class StoredPictures
{
    public static void Map(IEndpointRouteBuilder routes)
        => routes.MapGet("/pictures/{**path}", (HttpContext http, PanelContext context, string path) =>
        {
            if (Find(context.PicturesFolder, path) is not { } file) return Results.NotFound();
            // Named by its frame and never written again.
            http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
            return Results.File(file, file.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "image/jpeg");
        });

    /// <summary>Where a stored picture is.</summary>
    public static string Address(string path) => "/pictures/" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    /// <summary>A picture's file within the folder.</summary>
    /// <param name="folder">The pictures folder.</param>
    /// <param name="path">With forward slashes, relative; plain names only, so that nothing leads out of the folder.</param>
    /// <returns>Null for anything that is not a picture file within the folder.</returns>
    internal static string? Find(string folder, string path)
    {
        var names = path.Split('/');
        if (names.Length > 8 || !Array.TrueForAll(names, IsPlain)) return null;
        if (!names[^1].EndsWith(".jpg", StringComparison.Ordinal) && !names[^1].EndsWith(".png", StringComparison.Ordinal)) return null;
        var at = Path.GetFullPath(folder);
        foreach (var name in names)
        {
            at = Path.Combine(at, name);
            // A link could lead anywhere.
            if (new FileInfo(at).LinkTarget is not null) return null;
        }
        return File.Exists(at) ? at : null;
    }

    private static bool IsPlain(string name)
        => name.Length is > 0 and <= 128 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
