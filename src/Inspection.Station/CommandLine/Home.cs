namespace Inspection.Station.CommandLine;

/// <summary>Where the program's own folders are when nobody says.</summary>
internal static class Home
{
    /// <summary>The folder that holds <c>models/</c>: <c>INSPECTION_HOME</c>, else the sources that this program was built from, else the current directory.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("INSPECTION_HOME") is { Length: > 0 } home ? Path.GetFullPath(home) : SourceRoot() ?? Path.GetFullPath(".");

    /// <summary>The data folder: the one named on the command line, else <c>var</c> at home.</summary>
    public static string Data(string? typed) => typed is null ? Path.Combine(Folder, "var") : Path.GetFullPath(typed);

    /// <summary>The frozen backbone that teaching builds on.</summary>
    public static string Backbone => Path.Combine(Folder, "models", "backbones", "efficientnet-lite0");

    private static string? SourceRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Inspection.sln"))) return folder.FullName;
        return null;
    }
}
