namespace Inspection.Station.CommandLine;

/// <summary>Where the data folder is when nobody says.</summary>
internal static class DataPath
{
    /// <summary>The folder named on the command line, else <c>var</c> at the root of the sources that this program was built from, else <c>./var</c>.</summary>
    public static string Resolve(string? typed) => Path.GetFullPath(typed ?? Path.Combine(SourceRoot() ?? ".", "var"));

    private static string? SourceRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Inspection.sln"))) return folder.FullName;
        return null;
    }
}
