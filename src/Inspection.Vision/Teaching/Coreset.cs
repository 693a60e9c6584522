using System.Numerics;
using System.Runtime.InteropServices;

namespace Inspection.Vision;

/// <summary>
/// Chooses the patches of the memory: each next one is the patch farthest from all chosen before (greedy k-center:
/// Gonzalez, Theoretical Computer Science 38, 1985, never worse than twice the best cover; as in PatchCore,
/// arXiv:2106.08265).
/// </summary>
/// <remarks>
/// A patch's distance to the chosen ones can only shrink, so an old one is an upper limit. Patches wait ordered by it and
/// only the foremost is brought up to date; the choice is exactly that of the plain method for a fraction of its distances.
/// </remarks>
internal static class Coreset
{
    /// <summary>Chooses patches, the first by the seed.</summary>
    /// <param name="patches">All patches, one after the other.</param>
    /// <param name="channels">Values of one patch.</param>
    /// <param name="most">Greatest number to choose.</param>
    /// <param name="seed">Chooses the first.</param>
    /// <param name="progress">Called with the number chosen so far.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>Indexes in the order of choice; fewer than <paramref name="most"/> where all others are equal to a chosen one.</returns>
    public static int[] Choose(ReadOnlySpan<float> patches, int channels, int most, int seed, Action<int>? progress = null, CancellationToken cancel = default)
    {
        var count = patches.Length / channels;
        var chosen = new List<int>(Math.Min(most, count)) { new Random(seed).Next(count) };
        // The best-first order ends ties by the lower index, so that the choice depends on nothing else.
        var waiting = new PriorityQueue<(int Patch, int Seen), (float Distance, int Patch)>(count, Farthest);
        var first = patches.Slice(chosen[0] * channels, channels);
        for (var i = 0; i < count; i++)
            waiting.Enqueue((i, 1), (SquaredDistance(first, patches.Slice(i * channels, channels)), i));
        while (chosen.Count < most && waiting.TryPeek(out var top, out var limit))
        {
            var (patch, seen) = top;
            if (limit.Distance <= 0) break;
            if (seen == chosen.Count)
            {
                waiting.Dequeue();
                chosen.Add(patch);
                if (chosen.Count % 50 == 0) progress?.Invoke(chosen.Count);
                cancel.ThrowIfCancellationRequested();
                continue;
            }
            var least = limit.Distance;
            var vector = patches.Slice(patch * channels, channels);
            for (; seen < chosen.Count; seen++)
                least = Math.Min(least, SquaredDistance(vector, patches.Slice(chosen[seen] * channels, channels)));
            waiting.DequeueEnqueue((patch, seen), (least, patch));
        }
        return [.. chosen];
    }

    /// <summary>The squared Euclidean distance of two vectors of equal length.</summary>
    internal static float SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var va = MemoryMarshal.Cast<float, Vector<float>>(a);
        var vb = MemoryMarshal.Cast<float, Vector<float>>(b);
        var (even, odd) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + 1 < va.Length; i += 2)
        {
            var (d0, d1) = (va[i] - vb[i], va[i + 1] - vb[i + 1]);
            even += d0 * d0;
            odd += d1 * d1;
        }
        if (i < va.Length) even += (va[i] - vb[i]) * (va[i] - vb[i]);
        var sum = Vector.Sum(even + odd);
        for (i = va.Length * Vector<float>.Count; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    private static readonly Comparer<(float Distance, int Patch)> Farthest = Comparer<(float Distance, int Patch)>.Create(
        (a, b) => a.Distance != b.Distance ? b.Distance.CompareTo(a.Distance) : a.Patch.CompareTo(b.Patch));
}
