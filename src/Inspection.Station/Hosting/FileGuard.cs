using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>
/// Trips when the model or the recipe on disk is not the one any more that was checked: what judges could not be proved
/// afterwards. Start is refused from then on until the station is started anew, which checks them again.
/// </summary>
internal sealed class FileGuard
{
    private readonly List<Watched> _files;
    private bool _broken;

    /// <summary>Watches these files; each is as it should be now. Made before the model is loaded, so that what is replaced meanwhile is seen.</summary>
    public FileGuard(IEnumerable<string> files) => _files = [.. files.Select(file => new Watched(file) { Identity = FileIdentity.Of(file), Hash = Hash(file) })];

    /// <summary>The files of a model and of the recipe that names it.</summary>
    public static IEnumerable<string> FilesOf(DataFolder folder, RecipeAndModel chosen)
        => Directory.GetFiles(chosen.ModelFolder).Where(file => Path.GetExtension(file) is ".onnx" or ".data" or ".json").Append(new RecipeStore(folder.Recipes).PathOf(chosen.Recipe.Name, chosen.Recipe.Revision));

    /// <summary>Looks whether one has changed; some times a second. Reads a file only when the system says that it was touched.</summary>
    /// <param name="interlock">Trips, and refuses to start from then on.</param>
    public void Look(Interlock interlock)
    {
        if (_broken) return;
        foreach (var file in _files)
        {
            var identity = FileIdentity.Of(file.Path);
            if (identity == file.Identity && identity is not null) continue;
            file.Identity = identity;
            var hash = Hash(file.Path);
            if (hash is not null && file.Hash is not null && hash.AsSpan().SequenceEqual(file.Hash)) continue;
            _broken = true;
            var detail = $"{string.Join('/', file.Path.Split(Path.DirectorySeparatorChar).TakeLast(3))} {(hash is null ? "is gone or cannot be read" : "is not the file that was checked")}";
            // The obstacle first: a Start between the two would run on what was not checked.
            interlock.SetObstacle($"{detail}. Restore it, then start the station anew, which checks it again.", "files-changed");
            interlock.Trip(TripCause.ModelIntegrity, detail, Who.Station);
            return;
        }
    }

    private static byte[]? Hash(string path)
    {
        try
        {
            return ModelFiles.Hash(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed class Watched(string path)
    {
        public string Path => path;

        public FileIdentity? Identity { get; set; }

        public byte[]? Hash { get; init; }
    }
}
