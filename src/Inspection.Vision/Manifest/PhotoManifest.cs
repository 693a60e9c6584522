using Inspection.Core;

namespace Inspection.Vision;

/// <summary>One photo of a manifest.</summary>
/// <param name="Path">As the manifest gives it, relative to the manifest's folder, with forward slashes.</param>
/// <param name="File">The full path.</param>
/// <param name="Split"><c>train</c> or <c>test</c>.</param>
/// <param name="Good">True for label <c>good</c>, false for <c>defect</c>.</param>
/// <param name="Class"><c>good</c>, or the class of the defect.</param>
/// <param name="Mask">Full path of the picture that marks the defect's pixels, or null.</param>
public sealed record ManifestPhoto(string Path, string File, string Split, bool Good, string Class, string? Mask);

/// <summary>A <c>manifest.csv</c>: which photos a set has, what each is for and what is true of it.</summary>
/// <remarks>
/// Columns <c>path, split, label, class, mask</c> in any order, comma-separated, fields quoted where needed (RFC 4180),
/// UTF-8. Paths are relative to the manifest's folder and stay within it.
/// </remarks>
public sealed class PhotoManifest
{
    /// <summary>Name of the file within a set's folder.</summary>
    public const string FileName = "manifest.csv";

    private const long MaxFileBytes = 64L << 20;
    private const int ErrorsShown = 20;
    private static readonly string[] Columns = ["path", "split", "label", "class", "mask"];

    private readonly Dictionary<string, ManifestPhoto> _byFile;

    private PhotoManifest(IReadOnlyList<ManifestPhoto> photos)
        => (Photos, _byFile) = (photos, photos.ToDictionary(p => p.File, StringComparer.Ordinal));

    /// <summary>All photos, in the manifest's order.</summary>
    public IReadOnlyList<ManifestPhoto> Photos { get; }

    /// <summary>The photos to teach from: split <c>train</c>, label <c>good</c>.</summary>
    public IEnumerable<ManifestPhoto> TrainGood => Photos.Where(p => p.Split == "train" && p.Good);

    /// <summary>The photos to test with: split <c>test</c>.</summary>
    public IEnumerable<ManifestPhoto> Test => Photos.Where(p => p.Split == "test");

    /// <summary>What the manifest says of a file; null when it does not name it.</summary>
    /// <param name="file">Full path.</param>
    public ManifestPhoto? Of(string file) => _byFile.GetValueOrDefault(file);

    /// <summary>Reads and checks a manifest.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The manifest; or <c>manifest-missing</c>, <c>manifest-unreadable</c>, or <c>manifest-wrong</c> with all that is wrong.</returns>
    public static Outcome<PhotoManifest> Read(string path)
    {
        if (!File.Exists(path)) return new Failure("manifest-missing", $"{path} is not there. Check the path.");
        string text;
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes) return new Failure("manifest-unreadable", $"{path} is larger than {MaxFileBytes >> 20} MiB. Split the set.");
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("manifest-unreadable", $"{path} cannot be read: {e.Message}");
        }
        var errors = new List<string>();
        var photos = Parse(text, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, errors);
        if (errors.Count == 0) return new PhotoManifest(photos);
        var shown = string.Join("\n", errors.Take(ErrorsShown).Select(e => "  " + e));
        var more = errors.Count > ErrorsShown ? $"\n  … and {errors.Count - ErrorsShown} more" : "";
        return new Failure("manifest-wrong", $"{path} has {errors.Count} error{(errors.Count == 1 ? "" : "s")}; correct them and try again:\n{shown}{more}");
    }

    private static List<ManifestPhoto> Parse(string text, string folder, List<string> errors)
    {
        var photos = new List<ManifestPhoto>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        int[]? columns = null;
        foreach (var (line, fields) in CsvRows.Split(text))
        {
            if (columns is null)
            {
                columns = [.. Columns.Select(c => fields.ToList().FindIndex(f => f.Trim().Equals(c, StringComparison.OrdinalIgnoreCase)))];
                var missing = Columns.Where((_, i) => columns[i] < 0).ToArray();
                if (missing.Length == 0) continue;
                errors.Add($"line {line}: column {string.Join(", ", missing)} missing; the first line must name the columns {string.Join(",", Columns)}");
                return photos;
            }
            var row = new Row(line, folder, [.. columns.Select(c => c < fields.Count ? fields[c].Trim() : null)]);
            if (row.Read(errors) is not { } photo) continue;
            if (seen.TryAdd(photo.File, line)) photos.Add(photo);
            else errors.Add($"line {line}: {photo.Path} stands in line {seen[photo.File]} already");
        }
        if (photos.Count == 0 && errors.Count == 0)
            errors.Add(columns is null ? $"the file is empty; the first line must name the columns {string.Join(",", Columns)}" : "no photo is listed below the first line");
        return photos;
    }

    /// <summary>One line under the first, its fields in the order of <see cref="Columns"/>; null where the line ends early.</summary>
    private sealed record Row(int Line, string Folder, string?[] Fields)
    {
        public ManifestPhoto? Read(List<string> errors)
        {
            var before = errors.Count;
            if (Fields.Any(f => f is null))
            {
                errors.Add($"line {Line}: {Fields.Count(f => f is not null)} of the {Columns.Length} fields are there; leave a field empty, not out");
                return null;
            }
            var file = Resolve(Fields[0]!, "path", errors);
            if (Fields[1] is not ("train" or "test")) errors.Add($"line {Line}: split '{Fields[1]}'; allowed: train, test");
            if (Fields[2] is not ("good" or "defect")) errors.Add($"line {Line}: label '{Fields[2]}'; allowed: good, defect");
            var mask = Fields[4]!.Length == 0 ? null : Resolve(Fields[4]!, "mask", errors);
            if (errors.Count > before) return null;
            var good = Fields[2] == "good";
            return new ManifestPhoto(Fields[0]!.Replace('\\', '/'), file!, Fields[1]!, good, Fields[3]!.Length > 0 ? Fields[3]! : Fields[2]!, mask);
        }

        private string? Resolve(string path, string column, List<string> errors)
        {
            if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            {
                errors.Add($"line {Line}: {column} is empty or no path");
                return null;
            }
            var full = System.IO.Path.GetFullPath(path.Replace('\\', '/'), Folder);
            var root = Folder.EndsWith('/') ? Folder : Folder + '/';
            if (!full.StartsWith(root, StringComparison.Ordinal)) errors.Add($"line {Line}: {column} {path} leads out of the manifest's folder");
            else if (!File.Exists(full)) errors.Add($"line {Line}: {column} {path} is not there");
            else return full;
            return null;
        }
    }
}
