using System.IO.Enumeration;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>The photos of a folder.</summary>
public static class PhotoFiles
{
    /// <summary>All photos in a folder and below it, in natural order (2 before 10). Links to folders are not followed.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Full paths, at least one; or <c>folder-missing</c>, <c>folder-empty</c>, <c>folder-unreadable</c>.</returns>
    public static Outcome<IReadOnlyList<string>> In(string folder) => Find(folder, static _ => false);

    /// <summary>
    /// The photos of a folder that may show good parts: without model versions, whose pictures have painted defects, and
    /// without known defects.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <returns>As <see cref="In"/> gives it.</returns>
    public static Outcome<IReadOnlyList<string>> OfGoodParts(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return IsNoGoodPart(full)
            ? new Failure("folder-no-good-parts", $"{folder} {(Path.GetFileName(full) == KnownDefects.FolderName ? "holds known defects" : "is a model version; its pictures have painted defects")}. Name a folder with photos of good parts.")
            : Find(folder, IsNoGoodPart);
    }

    private static bool IsNoGoodPart(string folder)
        => Path.GetFileName(folder) == KnownDefects.FolderName || File.Exists(Path.Combine(folder, ModelCard.FileName));

    private static Outcome<IReadOnlyList<string>> Find(string folder, Func<string, bool> skip)
    {
        if (!Directory.Exists(folder))
            return new Failure("folder-missing", File.Exists(folder) ? $"{folder} is a file, not a folder of photos." : $"The folder {folder} is not there. Check the path.");
        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false };
            // A link to a folder may lead back to where it stands, and then each photo would count many times.
            var files = new FileSystemEnumerable<string>(Path.GetFullPath(folder), static (ref FileSystemEntry entry) => entry.ToFullPath(), options)
            {
                ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory,
                ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0 && !skip(entry.ToFullPath()),
            };
            var photos = files.Where(ImageReader.IsPhotoName).Order(NaturalOrder.Paths).ToArray();
            if (photos.Length > 0) return photos;
            return new Failure("folder-empty", $"The folder {folder} holds no photo (.jpg, .png, .bmp, .tif), nor does any folder in it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("folder-unreadable", $"The folder {folder} cannot be read: {e.Message}");
        }
    }
}
