using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>The good parts to teach from, one photo each, read one by one so that their number is no matter of memory.</summary>
internal sealed class GoodParts : IDisposable
{
    private const string SimulatedPrefix = "simulated:";
    private const int MostSimulated = 10_000;

    private readonly Func<int, Outcome<Mat>> _read;
    private readonly Func<int, PhotoLook> _look;
    private readonly IDisposable? _owned;

    private GoodParts(IReadOnlyList<string> names, bool generated, Func<int, Outcome<Mat>> read, Func<int, PhotoLook> look, IDisposable? owned = null)
        => (Names, Generated, _read, _look, _owned) = (names, generated, read, look, owned);

    /// <summary>The photos' names: paths relative to their folder.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>True when a program made the pictures, so that every stored copy carries the AI-content label.</summary>
    public bool Generated { get; }

    /// <summary>Opens what a person named.</summary>
    /// <param name="path">A folder of photos (model versions and known defects in it are passed over), or one that holds a <c>manifest.csv</c>; the manifest itself; or <c>simulated:COUNT[:SEED[:TURN]]</c>.</param>
    public static Outcome<GoodParts> Open(string path)
    {
        if (path.StartsWith(SimulatedPrefix, StringComparison.Ordinal)) return Simulated(path);
        // A folder that says which of its photos are for teaching is believed: its defects are not taught as good.
        var listed = Directory.Exists(path) ? Path.Combine(path, PhotoManifest.FileName) : path;
        if (File.Exists(listed) && Path.GetExtension(listed).Equals(".csv", StringComparison.OrdinalIgnoreCase))
        {
            var manifest = PhotoManifest.Read(listed);
            if (!manifest.Succeeded) return manifest.Failure;
            var rows = manifest.Value.TrainGood.ToArray();
            return Files([.. rows.Select(p => p.Path)], [.. rows.Select(p => p.File)]);
        }
        var photos = PhotoFiles.OfGoodParts(path);
        if (!photos.Succeeded) return photos.Failure;
        var folder = Path.GetFullPath(path);
        return Files([.. photos.Value.Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))], photos.Value);
    }

    /// <summary>Reads a photo: <c>CV_8UC3</c>, BGR; the caller disposes of it.</summary>
    public Outcome<Mat> Read(int index) => _read(index);

    /// <summary>What can be said of a photo without decoding it.</summary>
    public PhotoLook Look(int index) => _look(index);

    /// <inheritdoc />
    public void Dispose() => _owned?.Dispose();

    private static GoodParts Files(IReadOnlyList<string> names, IReadOnlyList<string> files)
    {
        PhotoLook Look(int index)
        {
            var bytes = ImageReader.Bytes(files[index]);
            if (!bytes.Succeeded) return new("", default, bytes.Failure);
            using var file = bytes.Value;
            var head = ImageReader.Head(file.AsSpan<byte>(), Path.GetFileName(files[index]));
            return new(Convert.ToHexStringLower(SHA256.HashData(file.AsSpan<byte>())), head.Succeeded ? new Size(head.Value.Width, head.Value.Height) : default, head.Failure);
        }

        return new GoodParts(names, generated: false, i => ImageReader.Read(files[i]), Look);
    }

    private static Outcome<GoodParts> Simulated(string path)
    {
        var numbers = path[SimulatedPrefix.Length..].Split(':');
        var options = new SimulatedOptions();
        var (seed, turn) = (options.Seed, (int)options.Turn);
        if (numbers.Length > 3 || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MostSimulated
            || (numbers.Length >= 2 && !int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out seed))
            || (numbers.Length == 3 && (!int.TryParse(numbers[2], NumberStyles.None, CultureInfo.InvariantCulture, out turn) || turn > SimulatedOptions.MostTurn)))
            return new Failure("simulated-parts", $"'{path}' is not simulated:COUNT, with :SEED or :SEED:TURN where wanted; COUNT is 1–{MostSimulated} parts, SEED a whole number, TURN 0–{SimulatedOptions.MostTurn} degrees by which parts lie askew.");
        options = options with { Seed = seed, Turn = turn };
        var scene = new SimulatedScene(options);

        Outcome<Mat> Read(int index)
        {
            var pixels = new Mat(options.Height, options.Width, MatType.CV_8UC3);
            scene.Render(SimulatedPart.Of(seed, SimulatedSet.FirstTaught + index, defectShare: 0, options.LightDrift, options.Turn), pixels);
            return pixels;
        }

        PhotoLook Look(int index)
        {
            using var pixels = Read(index).Value!;
            var bytes = new byte[pixels.Total() * pixels.ElemSize()];
            Marshal.Copy(pixels.Data, bytes, 0, bytes.Length);
            return new(Convert.ToHexStringLower(SHA256.HashData(bytes)), pixels.Size(), null);
        }

        string[] names = [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"part-{i:00000}"))];
        return new GoodParts(names, generated: true, Read, Look, scene);
    }
}

/// <summary>What can be said of a photo without decoding it.</summary>
/// <param name="Sha256">SHA-256 of its file, or of a simulated part's pixels, lower-case hexadecimal; empty where the file cannot be read.</param>
/// <param name="Size">Width and height; empty where there is a problem.</param>
/// <param name="Problem">Why it cannot be used; null where nothing is known against it.</param>
internal readonly record struct PhotoLook(string Sha256, Size Size, Failure? Problem);
