using System.Globalization;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>A part among the good ones that looks unlike the others, so that a person should look at it.</summary>
/// <param name="Name">The photo's name, for <see cref="TeachRequest.LeaveOut"/>.</param>
/// <param name="Score">How far its oddest patch lies from all patches of the others; of a part that stayed out of the memory, its score.</param>
/// <param name="Usual">The median of its like.</param>
/// <param name="Picture">The photo with its heat map, relative to the version's folder; null where it could not be made.</param>
public sealed record OddPart(string Name, float Score, float Usual, string? Picture);

/// <summary>
/// Finds a bad part that is hidden among the good ones: a score far above the median of its like, measured in median
/// absolute deviations (Hampel's identifier: Davies and Gather, JASA 88, 1993). It is told and never left out by itself,
/// because leaving out a good part would make the stated bound false. Each part is compared with the patches of all others
/// before the memory was chosen (<see cref="PatchMemory.Oddest"/>), whether it fills the memory or sets the threshold.
/// </summary>
internal static class OddParts
{
    /// <summary>
    /// So many standard deviations, as estimated from the median absolute deviation, are odd. To look at a good part in vain
    /// costs a moment, a bad one in the memory lets its like pass for ever; the models' README has the figures.
    /// </summary>
    public const double Limit = 4;

    /// <summary>Fewer scores than this say nothing of what is usual.</summary>
    public const int Fewest = 5;

    // Of a normal distribution, the standard deviation over the median absolute deviation.
    private const double Normal = 1.4826;

    // Scores that are all but equal would make every other one odd.
    private const double LeastSpread = 0.02;

    private const int MaxPictures = 12;
    private const int LongSide = 320;
    private const int MaxBytes = 32_768;

    /// <summary>The odd ones among scores that were given in the same way, the oddest first.</summary>
    public static IReadOnlyList<(int Part, float Score, float Usual)> Among(IReadOnlyCollection<(int Part, float Score)> scores)
    {
        if (scores.Count < Fewest) return [];
        var usual = Median(scores.Select(s => s.Score));
        var spread = Math.Max(Normal * Median(scores.Select(s => Math.Abs(s.Score - usual))), LeastSpread * usual);
        return [.. scores.Where(s => s.Score > usual + (Limit * spread)).OrderByDescending(s => s.Score).Select(s => (s.Part, s.Score, usual))];
    }

    /// <summary>Writes a picture of each into <c>odd/</c>, plain and with its heat map.</summary>
    /// <param name="folder">The version's folder.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="odd">The odd ones.</param>
    /// <param name="without">The finished model without what it remembers of a part.</param>
    /// <param name="size">Its input.</param>
    /// <param name="template">By what it finds parts; null: it takes them as they lie.</param>
    /// <param name="map">Columns and rows of its map.</param>
    /// <param name="threshold">Its threshold.</param>
    /// <param name="cancel">Cancels.</param>
    public static IReadOnlyList<OddPart> Write(
        NewFolder folder, GoodParts parts, IReadOnlyList<(int Part, float Score, float Usual)> odd, Func<int, byte[]> without, InputSize size, PartTemplate? template, Size map, float threshold, CancellationToken cancel)
    {
        string? Shown(int part)
        {
            cancel.ThrowIfCancellationRequested();
            using var run = new GraphRun(without(part), size, TaughtGraph.Map, template);
            return Picture(folder, parts, part, run, map, threshold);
        }

        return [.. odd.Select((o, i) => new OddPart(parts.Names[o.Part], o.Score, o.Usual, i < MaxPictures ? Shown(o.Part) : null))];
    }

    private static string? Picture(NewFolder folder, GoodParts parts, int part, GraphRun run, Size map, float threshold)
    {
        var read = parts.Read(part);
        if (!read.Succeeded) return null;
        using var photo = read.Value;
        float[] heat = [];
        run.Run(photo, values => heat = values.ToArray());
        if (run.Pose is { } pose)
        {
            var unturned = new UnturnedMap(map.Width, map.Height);
            unturned.Fill(heat, pose.ToPhoto);
            (heat, map) = (unturned.Values.ToArray(), new Size(unturned.Width, unturned.Height));
        }
        var scale = Math.Min(1.0, (double)LongSide / Math.Max(photo.Width, photo.Height));
        using var small = photo.Resize(new Size(Math.Max(1, photo.Width * scale), Math.Max(1, photo.Height * scale)), 0, 0, InterpolationFlags.Area);
        var name = string.Create(CultureInfo.InvariantCulture, $"odd/{part:0000}.jpg");
        // The heat hides colours, by which a person may tell what is odd.
        folder.Write(string.Create(CultureInfo.InvariantCulture, $"odd/{part:0000}-photo.jpg"), PictureEncoder.Encode(small, PictureFormat.Jpeg, MaxBytes, null, Thumbnails.LabelOf(parts, part)));
        folder.Write(name, PictureEncoder.Encode(small, PictureFormat.Jpeg, MaxBytes, new Overlay(heat, map.Width, map.Height, threshold, []), new AiLabel(Thumbnails.IdOf(parts, part))));
        return name;
    }

    private static float Median(IEnumerable<float> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
