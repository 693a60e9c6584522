using Inspection.Core;

namespace Inspection.Store;

/// <summary>
/// Deletes what a killed program left unfinished in a data folder, by the exact places that the program writes to and
/// nowhere else. Only for whoever holds the folder: nobody else is writing there then.
/// </summary>
internal static class Leftovers
{
    /// <summary>Ends the name of a model's folder that is not wholly copied.</summary>
    private const string CopyingSuffix = ".copying";

    /// <summary>Deletes them. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public static void Delete(DataFolder folder)
    {
        string[] flat = [folder.Root, folder.Ledger];
        string[] nested = [folder.Recipes, folder.Pictures];
        var versions = Folders(folder.Models).SelectMany(Folders).ToList();
        foreach (var within in flat.Concat(nested.SelectMany(Folders)).Concat(versions))
        {
            foreach (var file in new DirectoryInfo(within).EnumerateFiles("*" + DurableFile.AsideSuffix)) file.Delete();
        }
        foreach (var copy in versions.Where(f => f.EndsWith(CopyingSuffix, StringComparison.Ordinal)))
            Directory.Delete(copy, recursive: true);
    }

    // A link leads elsewhere, where nothing is ours.
    private static IEnumerable<string> Folders(string within)
        => Directory.EnumerateDirectories(within, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false });
}
