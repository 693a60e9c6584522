using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Which good parts fill the memory and which are kept out of it, to say where the limit lies.</summary>
internal sealed class PartSplit
{
    private readonly string[] _hashes;
    private readonly bool[] _duplicate;
    private readonly bool[] _leftOut;

    private PartSplit(string[] hashes, bool[] duplicate, bool[] leftOut, int[] memory, int[] keptOut, Size shape, int first)
        => (_hashes, _duplicate, _leftOut, Memory, KeptOut, Shape, First) = (hashes, duplicate, leftOut, memory, keptOut, shape, first);

    /// <summary>Indexes of the parts whose patches may enter the memory, rising.</summary>
    public int[] Memory { get; }

    /// <summary>Indexes of the parts kept out, rising.</summary>
    public int[] KeptOut { get; }

    /// <summary>How many different parts there are.</summary>
    public int Parts => Memory.Length + KeptOut.Length;

    /// <summary>Width and height that most of the photos that are used have, or nearly.</summary>
    public Size Shape { get; }

    /// <summary>Index of the first photo that is used and has this shape.</summary>
    public int First { get; }

    /// <summary>Photos that are equal to an earlier one, as files or as pictures.</summary>
    public int Duplicates => _duplicate.Count(d => d);

    /// <summary>Photos that were left out by name.</summary>
    public int LeftOutParts => _leftOut.Count(l => l);

    /// <summary>Looks at all photos without decoding them, refuses those that cannot be read, leaves equal ones out and draws the parts to keep out.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="request">What is taught.</param>
    /// <param name="taught">Photos of the version that is extended: one shown again is a duplicate.</param>
    /// <param name="tell">Told of each photo; may throw to cancel.</param>
    /// <param name="cancel">Cancels.</param>
    /// <remarks>
    /// A third is kept out; up to half where that is enough for the wanted bound. Equal photos count once: one in the
    /// memory and its twin kept out would make the threshold too low.
    /// </remarks>
    public static Outcome<PartSplit> Of(GoodParts parts, TeachRequest request, IEnumerable<TeachRecord.Photo> taught, Action<TeachStep, int, int> tell, CancellationToken cancel)
    {
        var count = parts.Names.Count;
        var (hashes, sizes, duplicate) = (new string[count], new Size[count], new bool[count]);
        var refused = new RefusedPhotos();
        bool[] leftOut = [.. parts.Names.Select(name => request.LeaveOut.Contains(name, StringComparer.Ordinal))];
        if (request.LeaveOut.FirstOrDefault(name => !parts.Names.Contains(name, StringComparer.Ordinal)) is { } unknown)
            return new Failure("photo-unknown", $"There is no photo '{unknown}' to leave out. Name it as teaching told it, relative to the folder of the good parts, such as '{(parts.Names.Count > 0 ? parts.Names[0] : "part.jpg")}'.");
        var known = taught.Where(p => p.Use != PhotoUse.LeftOut).Select(p => p.Sha256).ToHashSet(StringComparer.Ordinal);
        var before = known.Count;
        for (var i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var look = parts.Look(i);
            if (!leftOut[i] && look.Problem is { } problem) refused.Add(parts.Names[i], problem);
            (hashes[i], sizes[i], duplicate[i]) = (look.Sha256, look.Size, !leftOut[i] && !known.Add(look.Sha256));
            tell(TeachStep.Read, i + 1, count);
        }
        if (refused.Failure is { } failure) return failure;
        var different = known.Count - before;
        if (different < TeachRequest.MinPhotos)
            return new Failure("photos-too-few", count - leftOut.Count(l => l) == different
                ? $"{different} photo{(different == 1 ? "" : "s")} of good parts: at least {TeachRequest.MinPhotos} are needed, and 30 or more are advised. Take more photos, each of another part."
                : $"{count} photos of good parts, of which only {different} differ{(different == 1 ? "s" : "")}{(before > 0 ? " from each other and from those already taught" : "")}: at least {TeachRequest.MinPhotos} different ones are needed. Take photos of different parts, not copies of one.");

        var drawn = Enumerable.Range(0, count).Where(i => !duplicate[i] && !leftOut[i]).ToArray();
        var shape = Usual([.. drawn.Select(i => sizes[i])]);
        var first = drawn.First(i => !PartPhotos.IsStretched(sizes[i], shape));
        new Random(request.Seed).Shuffle(drawn);
        var keep = KeepOut(drawn.Length, request.MaxFalseRejects, request.FoundWith);
        return new PartSplit(hashes, duplicate, leftOut, [.. drawn[keep..].Order()], [.. drawn[..keep].Order()], shape, first);
    }

    /// <summary>The size whose shape most photos have; of these the most common one, or the first.</summary>
    private static Size Usual(IReadOnlyList<Size> photos)
    {
        var sizes = photos.GroupBy(size => size).Select(same => (Size: same.Key, Count: same.Count())).ToArray();
        return sizes.MaxBy(one => (sizes.Where(other => !PartPhotos.IsOtherShape(one.Size, other.Size)).Sum(other => other.Count), one.Count)).Size;
    }

    /// <summary>The same without some of the parts kept out: they are equal to others, as pictures though not as files.</summary>
    /// <param name="twins">Their indexes.</param>
    public PartSplit Without(IReadOnlySet<int> twins)
        => new(_hashes, [.. _duplicate.Select((duplicate, i) => duplicate || twins.Contains(i))], _leftOut, Memory, [.. KeptOut.Where(i => !twins.Contains(i))], Shape, First);

    /// <summary>How many of so many parts are kept out.</summary>
    internal static int KeepOut(int parts, double maxFalseRejects, double confidence = FalseRejectBound.Confidence)
    {
        var third = (parts + 2) / 3;
        var needed = FalseRejectBound.FewestFor(maxFalseRejects, confidence);
        return needed <= parts / 2 ? Math.Max(third, needed) : third;
    }

    /// <summary>What <c>teach.json</c> says of each photo.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="scores">Scores of <see cref="KeptOut"/>, in its order.</param>
    /// <param name="thumbnails">Thumbnails by photo.</param>
    public TeachRecord.Photo[] Record(GoodParts parts, IReadOnlyList<float> scores, IReadOnlyDictionary<int, string> thumbnails)
    {
        var photos = new TeachRecord.Photo[_hashes.Length];
        for (var i = 0; i < photos.Length; i++)
            photos[i] = new(parts.Names[i], _hashes[i], _leftOut[i] ? PhotoUse.LeftOut : _duplicate[i] ? PhotoUse.Duplicate : PhotoUse.Memory, Thumbnail: thumbnails.GetValueOrDefault(i));
        for (var k = 0; k < KeptOut.Length; k++)
            photos[KeptOut[k]] = photos[KeptOut[k]] with { Use = PhotoUse.KeptOut, Score = scores[k] };
        return photos;
    }
}
