using System.IO.Enumeration;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>The photos of a folder.</summary>
public static class PhotoFiles
{
    /// <summary>All photos in a folder and below it, in natural order (2 before 10). Links to folders are not followed.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Full paths, at least one; or <c>folder-missing</c>, <c>folder-empty</c>, <c>folder-unreadable</c>.</returns>
    public static Outcome<IReadOnlyList<string>> In(string folder)
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
                ShouldRecursePredicate = static (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
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
