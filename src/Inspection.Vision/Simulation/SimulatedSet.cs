using System.Globalization;
using System.Text;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Parts of the simulated line as a set to teach from and to test with.</summary>
public static class SimulatedSet
{
    // Far from the numbers that a running line reaches, so that a model is never tested on parts that it was taught.
    internal const long FirstTaught = 1_000_000_000;
    private const long FirstTested = 2_000_000_000;
    private const int MaxPictureBytes = 16 << 20;

    /// <summary>Good parts to teach from, unmarked, as the line's frames are.</summary>
    /// <param name="options">Size and seed of the line; its defect share does not matter.</param>
    /// <param name="count">How many, 0 or more.</param>
    /// <returns>A name and the pixels (<c>CV_8UC3</c>, BGR); whoever enumerates disposes of each.</returns>
    public static IEnumerable<(string Name, Mat Pixels)> Good(SimulatedOptions options, int count)
    {
        using var scene = new SimulatedScene(options);
        for (var i = 0; i < count; i++) yield return (Name(i), Render(scene, options, SimulatedPart.Of(options.Seed, FirstTaught + i, 0, options.LightDrift, options.Turn)));
    }

    /// <summary>Parts to test with, unmarked: the good ones, then defective ones of all kinds in turn.</summary>
    /// <param name="options">Size and seed of the line; its defect share does not matter.</param>
    /// <param name="good">How many good ones.</param>
    /// <param name="defective">How many defective ones.</param>
    /// <returns>The class (<c>good</c> or the kind of defect), the pixels and the mask (null for good); whoever enumerates disposes of both.</returns>
    public static IEnumerable<(string Class, Mat Pixels, Mat? Mask)> Test(SimulatedOptions options, int good, int defective)
    {
        using var scene = new SimulatedScene(options);
        foreach (var part in TestParts(options, good, defective))
            yield return (part.Label, Render(scene, options, part), part.Defect == SimulatedDefect.None ? null : scene.Mask(part));
    }

    /// <summary>The parts of <see cref="Test"/>.</summary>
    internal static IEnumerable<SimulatedPart> TestParts(SimulatedOptions options, int good, int defective)
    {
        for (var i = 0; i < good; i++) yield return SimulatedPart.Of(options.Seed, FirstTested + i, 0, options.LightDrift, options.Turn);
        var kinds = Enum.GetValues<SimulatedDefect>().Where(d => d != SimulatedDefect.None).ToArray();
        for (var i = 0; i < defective; i++) yield return SimulatedPart.Of(options.Seed, FirstTested + good + i, 0, options.LightDrift, options.Turn) with { Defect = kinds[i % kinds.Length] };
    }

    /// <summary>
    /// Writes a set with its manifest: <c>train/good</c>, <c>test/CLASS</c>, <c>ground_truth/CLASS</c>. The photos are
    /// exported copies, so each carries the AI-content label; the masks are not pictures of a part and carry none.
    /// </summary>
    /// <param name="folder">Made where it is missing.</param>
    /// <param name="options">Size and seed of the line.</param>
    /// <param name="train">Good parts to teach from.</param>
    /// <param name="good">Good parts to test with.</param>
    /// <param name="defective">Defective parts to test with.</param>
    /// <param name="time">The clock of the pictures' identifiers.</param>
    public static void Write(string folder, SimulatedOptions options, int train, int good, int defective, TimeProvider time)
    {
        var manifest = new StringBuilder("path,split,label,class,mask\n");
        foreach (var (name, pixels) in Good(options, train))
            using (pixels) manifest.Append(CultureInfo.InvariantCulture, $"{Save(folder, $"train/good/{name}.png", pixels, time)},train,good,good,\n");
        var number = 0;
        foreach (var (kind, pixels, mask) in Test(options, good, defective))
            using (pixels)
            using (mask)
            {
                var name = Name(number++);
                var marked = mask is null ? "" : $"ground_truth/{kind}/{name}.png";
                if (mask is not null)
                {
                    Cv2.ImEncode(".png", mask, out var bytes);
                    Put(folder, marked, bytes);
                }
                manifest.Append(CultureInfo.InvariantCulture, $"{Save(folder, $"test/{kind}/{name}.png", pixels, time)},test,{(kind == "good" ? "good" : "defect")},{kind},{marked}\n");
            }
        Put(folder, PhotoManifest.FileName, Encoding.UTF8.GetBytes(manifest.ToString()));
    }

    internal static Mat Render(SimulatedScene scene, SimulatedOptions options, in SimulatedPart part)
    {
        var pixels = new Mat(options.Height, options.Width, MatType.CV_8UC3);
        scene.Render(part, pixels);
        return pixels;
    }

    private static string Name(int number) => number.ToString("D5", CultureInfo.InvariantCulture);

    private static string Save(string folder, string path, Mat pixels, TimeProvider time)
    {
        Put(folder, path, GeneratedPicture.Encode(pixels, PictureFormat.Png, MaxPictureBytes, Identifiers.New(time)));
        return path;
    }

    private static void Put(string folder, string path, byte[] bytes)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }
}
