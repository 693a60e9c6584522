namespace Inspection.Vision.Tests.Frames;

/// <summary>Where the shared photos are, which are no part of the repository.</summary>
public static class SharedPhotos
{
    public const string WhyNot = "The shared photos are not there; set INSPECTION_TEST_DATA to their folder.";

    /// <summary>Their folder, or null.</summary>
    public static string? Root { get; } = Find();

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("INSPECTION_TEST_DATA");
        if (!string.IsNullOrEmpty(named)) return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Inspection.sln"))) continue;
            var beside = Path.GetFullPath("../shared/data", folder.FullName);
            return Directory.Exists(beside) ? beside : null;
        }
        return null;
    }
}
