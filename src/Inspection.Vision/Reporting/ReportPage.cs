using Inspection.Core;

namespace Inspection.Vision;

/// <summary>What all report pages share: one file that needs no other, no script and no network, for screens, phones and paper.</summary>
public static class ReportPage
{
    private const string Style = """
        :root{color-scheme:light}
        body{font:16px/1.5 system-ui,"DejaVu Sans",sans-serif;color:#1a1a1a;background:#fff;max-width:66rem;margin:0 auto;padding:0 1rem 3rem}
        h1{font-size:1.6rem;line-height:1.25;margin:1.5rem 0 .25rem}
        h2{font-size:1.2rem;margin:2.5rem 0 .5rem;border-bottom:2px solid #ddd;padding-bottom:.2rem}
        h3{font-size:1rem;margin:1.5rem 0 .25rem}
        p{max-width:46rem;overflow-wrap:anywhere}
        .quiet{color:#555}
        .gist{font-size:1.15rem}
        .warn{border-left:.4rem solid #D55E00;padding:.4rem .8rem;background:#fdf3ec}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;min-width:min(100%,24rem);margin:.75rem 0;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-weight:600;padding:.2rem 0}
        th,td{padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
        thead th{border-bottom:2px solid #888;white-space:nowrap}
        tbody th{font-weight:400;overflow-wrap:anywhere}
        img{max-width:100%;height:auto}
        .beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:0 2rem;align-items:start}
        .parts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,14rem),1fr));gap:1rem}
        figure{margin:0;break-inside:avoid}
        figcaption{font-size:.85rem;overflow-wrap:anywhere}
        .wrong{font-weight:600}
        summary{cursor:pointer;padding:.4rem 0}
        @media print{body{font-size:10pt;max-width:none;padding:0}h2,h3{break-after:avoid}table,img{break-inside:avoid}.wide{overflow:visible}
        .parts{grid-template-columns:repeat(4,1fr)}.beside{grid-template-columns:1fr 1fr}details::details-content{content-visibility:visible;block-size:auto}summary{display:none}}
        """;

    /// <summary>Begins a page; its end is <see cref="End"/>.</summary>
    /// <param name="title">The page's title and heading.</param>
    internal static Html Begin(string title)
    {
        // The policy keeps a page that somebody tampered with from reaching out.
        var page = new Html().Add($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none';img-src data:;style-src 'unsafe-inline'">
            <title>{title}</title><style>

            """);
        return page.Raw(Style).Add($"\n</style></head><body>\n<h1>{title}</h1>\n");
    }

    /// <summary>Ends it.</summary>
    /// <returns>The whole page.</returns>
    internal static string End(Html page) => page.Add($"</body></html>\n").ToString();

    /// <summary>Where a report may not be written; null where nothing is known to stand in its way.</summary>
    /// <param name="file">The page's file. What is there is replaced.</param>
    public static Failure? Refuse(string file)
    {
        var full = Path.GetFullPath(file);
        if (Directory.Exists(full)) return new Failure("file-not-writable", $"{file} is a folder. Name a file for the report, such as {Path.Combine(file, "report.html")}.");
        return Directory.Exists(Path.GetDirectoryName(full))
            ? null
            : new Failure("file-not-writable", $"The report cannot be written to {file}: the folder is not there. Make it, or name another.");
    }

    /// <summary>Writes a page: aside, fsync, rename, so that the file is the old one or the whole new one.</summary>
    /// <param name="file">What is there is replaced.</param>
    /// <param name="page">The page.</param>
    public static Failure? Write(string file, string page)
    {
        if (Refuse(file) is { } refused) return refused;
        var full = Path.GetFullPath(file);
        try
        {
            DurableFile.Write(full, System.Text.Encoding.UTF8.GetBytes(page));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(full + DurableFile.AsideSuffix);
            return new Failure("file-not-writable", $"The report could not be written to {file}: {e.Message} Free the place, or name another file.");
        }
    }

    private static void Discard(string aside)
    {
        try
        {
            File.Delete(aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where nothing can be deleted either, the failure that is told already says why.
        }
    }
}
