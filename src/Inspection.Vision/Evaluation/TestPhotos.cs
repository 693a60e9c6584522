using System.Globalization;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Photos whose label is known, read one by one.</summary>
internal sealed class TestPhotos : IDisposable
{
    private const string Good = "good";
    private const string SimulatedPrefix = "simulated:";
    private const int MostSimulated = 10_000;

    private readonly SimulatedScene? _scene;

    private TestPhotos(IReadOnlyList<TestPhoto> all, SimulatedScene? scene = null) => (All, _scene) = (all, scene);

    /// <summary>All of them, in the order of the manifest or the folder.</summary>
    public IReadOnlyList<TestPhoto> All { get; }

    /// <summary>True when a program made the pictures.</summary>
    public bool Simulated => _scene is not null;

    /// <summary>Finds them.</summary>
    /// <param name="path">
    /// A <c>manifest.csv</c>, or a folder that holds one (rows of split <c>test</c>, whatever else it holds), or a folder that
    /// holds <c>good/</c> and other folders, each a class of defect; or <c>simulated:GOOD:DEFECTIVE[:SEED[:TURN]]</c>.
    /// </param>
    public static Outcome<TestPhotos> In(string path)
    {
        if (path.StartsWith(SimulatedPrefix, StringComparison.Ordinal)) return OfLine(path);
        if (File.Exists(path)) return OfManifest(path);
        // A folder that says which of its photos are for testing is believed, as teaching believes it: none that was taught is tested.
        if (Path.Combine(path, PhotoManifest.FileName) is var manifest && File.Exists(manifest)) return OfManifest(manifest);
        var photos = PhotoFiles.In(path);
        if (!photos.Succeeded)
            return photos.Failure;
        var folder = Path.GetFullPath(path);
        if (!Directory.Exists(Path.Combine(folder, Good)))
            return new Failure("labels-missing", $"{path} says nothing of its photos: it holds neither a folder good/ beside those of the defects nor a {PhotoManifest.FileName}. Sort the photos so, or name a manifest.");
        var found = new List<TestPhoto>();
        foreach (var file in photos.Value)
        {
            var relative = Path.GetRelativePath(folder, file).Replace('\\', '/');
            var slash = relative.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
                return new Failure("labels-missing", $"{relative} lies in no class folder, so nobody knows whether it is good. Move it to good/ or to the folder of its defect.");
            var label = relative[..slash];
            found.Add(TestPhoto.Of(relative, file, label == Good, label, null));
        }
        return new TestPhotos(found);
    }

    /// <inheritdoc />
    public void Dispose() => _scene?.Dispose();

    private static Outcome<TestPhotos> OfManifest(string path)
    {
        var manifest = PhotoManifest.Read(path);
        if (!manifest.Succeeded) return manifest.Failure;
        TestPhoto[] photos = [.. manifest.Value.Test.Select(p => TestPhoto.Of(p.Path, p.File, p.Good, p.Class, p.Mask))];
        return photos.Length > 0 ? new TestPhotos(photos) : new Failure("labels-missing", $"{path} has no row of split test. Add the photos to test with.");
    }

    private static Outcome<TestPhotos> OfLine(string path)
    {
        var options = new SimulatedOptions();
        var numbers = path[SimulatedPrefix.Length..].Split(':').Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
        if (numbers.Length is < 2 or > 4 || numbers.Any(n => n < 0) || numbers.Take(2).Any(n => n > MostSimulated) || numbers.Take(2).Sum() == 0 || numbers.Skip(3).Any(n => n > SimulatedOptions.MostTurn))
            return new Failure("simulated-parts", $"'{path}' is not simulated:GOOD:DEFECTIVE, with :SEED or :SEED:TURN where wanted; GOOD and DEFECTIVE are 0–{MostSimulated} parts, SEED a whole number, TURN 0–{SimulatedOptions.MostTurn} degrees by which parts lie askew.");
        if (numbers.Length >= 3) options = options with { Seed = numbers[2] };
        if (numbers.Length == 4) options = options with { Turn = numbers[3] };
        var scene = new SimulatedScene(options);
        return new TestPhotos(
            [.. SimulatedSet.TestParts(options, numbers[0], numbers[1]).Select((part, i) => new TestPhoto(
                string.Create(CultureInfo.InvariantCulture, $"part-{i:00000}"), part.Defect == SimulatedDefect.None, part.Label,
                () => SimulatedSet.Render(scene, options, part),
                part.Defect == SimulatedDefect.None ? null : () => Mask(scene, part), () => null))], scene);
    }

    private static Outcome<Mat> Mask(SimulatedScene scene, SimulatedPart part)
    {
        using var grey = scene.Mask(part);
        return grey.CvtColor(ColorConversionCodes.GRAY2BGR);
    }
}

/// <summary>A photo whose label is known.</summary>
/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Good">True for a good part.</param>
/// <param name="Class"><c>good</c>, or the class of the defect.</param>
/// <param name="Read">Its pixels, 8-bit BGR; the caller disposes of them.</param>
/// <param name="Mask">The picture that marks the defect's pixels, likewise; null where there is none.</param>
/// <param name="TakenAt">When it was taken, by its camera's clock; null where that is not known.</param>
internal sealed record TestPhoto(string Path, bool Good, string Class, Func<Outcome<Mat>> Read, Func<Outcome<Mat>>? Mask, Func<DateTime?> TakenAt)
{
    /// <summary>A photo in a file.</summary>
    public static TestPhoto Of(string path, string file, bool good, string kind, string? mask)
        => new(path, good, kind, () => ImageReader.Read(file), mask is null ? null : () => ImageReader.Read(mask), () => PhotoTime.Of(file));
}
