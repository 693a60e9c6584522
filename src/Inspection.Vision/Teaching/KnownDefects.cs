using System.Globalization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// Pictures of defective parts that every version of a model must reject, in the folder <c>known-defects</c> beside its
/// versions. A person puts them there: parts that were caught and confirmed, or that somebody overruled to Reject.
/// </summary>
internal static class KnownDefects
{
    /// <summary>The folder's name.</summary>
    public const string FolderName = "known-defects";

    private const int Shown = 10;

    /// <summary>Shows all known defects to a new version.</summary>
    /// <param name="versions">Folders of versions, the new one's and that of the one it extends; their parents may hold known defects.</param>
    /// <param name="model">The new model.</param>
    /// <param name="size">Its input.</param>
    /// <param name="template">By what it finds parts; null: it takes them as they lie.</param>
    /// <param name="threshold">Its threshold.</param>
    /// <param name="tell">Called with the number shown and of all; may throw to cancel.</param>
    /// <returns>How many there are, none of which passes; or which of them would pass, with their scores.</returns>
    public static Outcome<int> Prove(IEnumerable<string?> versions, byte[] model, InputSize size, PartTemplate? template, float threshold, Action<int, int> tell)
    {
        var folders = versions.OfType<string>().Select(v => Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(v)))!, FolderName)).Distinct().Where(Directory.Exists);
        var (passing, shown) = (new List<string>(), 0);
        using var run = new GraphRun(model, size, TaughtGraph.Score, template);
        foreach (var folder in folders)
        {
            var photos = PhotoFiles.In(folder);
            if (photos.Failure?.Code == "folder-empty") continue;
            if (!photos.Succeeded) return photos.Failure;
            foreach (var path in photos.Value)
            {
                var read = ImageReader.Read(path);
                // What cannot be shown is not known to be rejected.
                if (!read.Succeeded) return read.Failure with { Message = $"A known defect cannot be shown to the new version: {read.Failure.Message}" };
                using var photo = read.Value;
                tell(++shown, photos.Value.Count);
                var score = float.NaN;
                run.Run(photo, values => score = values[0]);
                // A part that is not found is diverted, so it does not pass either.
                if (run.Pose is { Finding: not PoseFinding.Found }) continue;
                if (!(score > threshold)) passing.Add(string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(folder, path)} (score {score:0.##})"));
            }
        }
        if (passing.Count == 0) return shown;
        return new Failure("known-defects-pass", string.Create(CultureInfo.InvariantCulture,
            $"The new version is refused: at its threshold {threshold:0.##} it would let {passing.Count} of {shown} known defects pass: {string.Join(", ", passing.Take(Shown))}{(passing.Count > Shown ? " …" : "")}. Look whether the good photos show such a defect or an unusual part (--leave-out NAME), or allow more false rejects (--max-false-rejects); a picture that shows no defect is taken out of {FolderName}."));
    }
}
