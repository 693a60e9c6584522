using Inspection.Core;

namespace Inspection.Vision;

/// <summary>Photos whose label is known.</summary>
internal static class TestPhotos
{
    private const string Good = "good";

    /// <summary>Finds them.</summary>
    /// <param name="path">
    /// A <c>manifest.csv</c>, or a folder that holds one (rows of split <c>test</c>), or a folder that holds <c>good/</c>
    /// and other folders, each a class of defect.
    /// </param>
    public static Outcome<IReadOnlyList<TestPhoto>> In(string path)
    {
        if (File.Exists(path)) return OfManifest(path);
        var photos = PhotoFiles.In(path);
        if (!photos.Succeeded)
            return photos.Failure;
        var folder = Path.GetFullPath(path);
        if (!Directory.Exists(Path.Combine(folder, Good)))
            return File.Exists(Path.Combine(folder, PhotoManifest.FileName))
                ? OfManifest(Path.Combine(folder, PhotoManifest.FileName))
                : new Failure("labels-missing", $"{path} says nothing of its photos: it holds neither a folder good/ beside those of the defects nor a {PhotoManifest.FileName}. Sort the photos so, or name a manifest.");
        var found = new List<TestPhoto>();
        foreach (var file in photos.Value)
        {
            var relative = Path.GetRelativePath(folder, file).Replace('\\', '/');
            var slash = relative.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
                return new Failure("labels-missing", $"{relative} lies in no class folder, so nobody knows whether it is good. Move it to good/ or to the folder of its defect.");
            var label = relative[..slash];
            found.Add(new TestPhoto(relative, file, label == Good, label));
        }
        return found;
    }

    private static Outcome<IReadOnlyList<TestPhoto>> OfManifest(string path)
    {
        var manifest = PhotoManifest.Read(path);
        if (!manifest.Succeeded) return manifest.Failure;
        TestPhoto[] photos = [.. manifest.Value.Test.Select(p => new TestPhoto(p.Path, p.File, p.Good, p.Class))];
        return photos.Length > 0 ? photos : new Failure("labels-missing", $"{path} has no row of split test. Add the photos to test with.");
    }
}

/// <summary>A photo whose label is known.</summary>
/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="File">Full path.</param>
/// <param name="Good">True for a good part.</param>
/// <param name="Class"><c>good</c>, or the class of the defect.</param>
internal sealed record TestPhoto(string Path, string File, bool Good, string Class);
