using Inspection.Core;

namespace Inspection.Vision;

/// <summary>The photos of a folder and below it, in natural order, or those of a manifest, in its order.</summary>
/// <remarks>
/// A <c>manifest.csv</c> in the folder, or in the one above it where it lists photos of this one, gives the true labels;
/// its masks are not played. A photo that cannot be read becomes a frame without pixels that names it.
/// </remarks>
public static class FolderSource
{
    /// <summary>Opens a folder.</summary>
    /// <param name="camera">The camera's name in the configuration.</param>
    /// <param name="folder">The folder, or a <c>manifest.csv</c>.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="pool">Where frames come from; outlives the source.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The source; or a failure of <see cref="PhotoFiles.In"/> or, for a manifest within the folder, of <see cref="PhotoManifest.Read"/>.</returns>
    public static Outcome<IFrameSource> Open(string camera, string folder, ReplayOptions options, MatFramePool pool, TimeProvider time)
    {
        if (File.Exists(folder)) return OpenManifest(camera, folder, options, pool, time);
        var found = PhotoFiles.In(folder);
        if (!found.Succeeded) return found.Failure;
        var root = Path.GetFullPath(folder);
        PhotoManifest? manifest = null;
        if (Path.Combine(root, PhotoManifest.FileName) is var own && File.Exists(own))
        {
            var read = PhotoManifest.Read(own);
            if (!read.Succeeded) return read.Failure;
            manifest = read.Value;
        }
        else if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(root)) is { } above && File.Exists(Path.Combine(above, PhotoManifest.FileName)))
        {
            // Nobody pointed at this one, so it helps where it can and is no reason to refuse the folder.
            manifest = PhotoManifest.Read(Path.Combine(above, PhotoManifest.FileName)).Value;
        }
        var masks = manifest?.Photos.Select(p => p.Mask).OfType<string>().ToHashSet(StringComparer.Ordinal) ?? [];
        var photos = found.Value.Where(p => !masks.Contains(p) && (options.Filter?.Invoke(Path.GetRelativePath(root, p)) ?? true)).ToArray();
        if (photos.Length == 0) return new Failure("folder-empty", $"The folder {folder} holds no photo that is to be played.");
        return new ReplaySource(camera, new FolderReplay(root, photos, manifest, options.PartsPerSecond), options, pool, time);
    }

    private static Outcome<IFrameSource> OpenManifest(string camera, string file, ReplayOptions options, MatFramePool pool, TimeProvider time)
    {
        var read = PhotoManifest.Read(file);
        if (!read.Succeeded) return read.Failure;
        var root = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var photos = read.Value.Photos.Select(p => p.File).Where(p => options.Filter?.Invoke(Path.GetRelativePath(root, p)) ?? true).ToArray();
        if (photos.Length == 0) return new Failure("folder-empty", $"{file} lists no photo that is to be played.");
        return new ReplaySource(camera, new FolderReplay(root, photos, read.Value, options.PartsPerSecond), options, pool, time);
    }

    private sealed class FolderReplay(string root, string[] photos, PhotoManifest? manifest, double perSecond) : IReplay
    {
        private int _next;
        private long _read;

        public ReplayedPicture? Read()
        {
            if (_next == photos.Length) return null;
            var photo = photos[_next++];
            var read = ImageReader.Read(photo);
            return new(read.Value, Path.GetRelativePath(root, photo), manifest?.Of(photo)?.Class, read.Failure?.Message, TimeSpan.FromSeconds(_read++ / perSecond));
        }

        public void Rewind() => _next = 0;

        public void Dispose()
        {
        }
    }
}
