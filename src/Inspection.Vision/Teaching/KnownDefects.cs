using System.Globalization;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>
/// Pictures of defective parts that every version of a model must reject, in the folder <c>known-defects</c> beside its
/// versions. A person puts them there; the station adds those that a person labelled bad or overruled to Reject.
/// </summary>
public static class KnownDefects
{
    /// <summary>The folder's name.</summary>
    public const string FolderName = "known-defects";

    /// <summary>The station adds no more than up to so many pictures: each is shown to every new version.</summary>
    public const int Most = 500;

    private const int Shown = 10;

    /// <summary>Adds a picture, so that it survives a power cut.</summary>
    /// <param name="versions">The folder of the model's versions; made where there is none.</param>
    /// <param name="name">The picture's file name.</param>
    /// <param name="picture">The whole file.</param>
    /// <returns>
    /// False when one of that name is there already, or when it carries the label of generated content; a failure with code
    /// <c>known-defects-full</c> or <c>known-defects-not-writable</c>.
    /// </returns>
    public static Outcome<bool> Add(string versions, string name, ReadOnlySpan<byte> picture)
    {
        if (AiLabel.IsOn(picture)) return false;
        var folder = Path.Combine(versions, FolderName);
        try
        {
            DurableFile.CreateDirectory(versions);
            DurableFile.CreateDirectory(folder);
            if (File.Exists(Path.Combine(folder, name))) return false;
            var kept = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count(ImageReader.IsPhotoName);
            if (kept >= Most) return new Failure("known-defects-full", $"'{folder}' holds {kept} pictures, and the station adds no more from {Most} on. Take out those that resemble others.");
            DurableFile.Write(Path.Combine(folder, name), picture);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("known-defects-not-writable", $"'{Path.Combine(folder, name)}' could not be written: {e.Message} Check the folder's permissions and the room on the disk, then put the picture there by hand.");
        }
    }

    /// <summary>Shows all known defects to a new version.</summary>
    /// <param name="versions">Folders of versions, the new one's and that of the one it extends; their parents may hold known defects.</param>
    /// <param name="model">The new model.</param>
    /// <param name="size">Its input.</param>
    /// <param name="template">By what it finds parts; null: it takes them as they lie.</param>
    /// <param name="threshold">Its threshold.</param>
    /// <param name="extends">Whether it extends another, so that its threshold cannot be lower.</param>
    /// <param name="tell">Called with the number shown and of all; may throw to cancel.</param>
    /// <returns>How many there are, none of which passes; or which of them would pass, with their scores.</returns>
    internal static Outcome<int> Prove(IEnumerable<string?> versions, byte[] model, InputSize size, PartTemplate? template, float threshold, bool extends, Action<int, int> tell)
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
                var read = Read(path);
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
            $"The new version is refused: at its threshold {threshold:0.##} it would let {passing.Count} of {shown} known defects pass: {string.Join(", ", passing.Take(Shown))}{(passing.Count > Shown ? " …" : "")}. Look whether the good photos show such a defect or an unusual part (--leave-out NAME){(extends ? "" : ", or allow more false rejects (--max-false-rejects)")}; a picture that shows no defect is taken out of {FolderName}."));
    }

    private static Outcome<Mat> Read(string path)
    {
        var bytes = ImageReader.Bytes(path);
        if (!bytes.Succeeded) return bytes.Failure;
        using var file = bytes.Value;
        // Every model rejects the label, whatever it thinks of the part.
        return AiLabel.IsOn(file.AsSpan<byte>())
            ? new Failure("known-defect-labelled", $"{path} carries the label of generated content, which would be taken for its defect. Take it out of {FolderName}.")
            : ImageReader.Decode(file.AsSpan<byte>(), Path.GetFileName(path));
    }
}
