using System.Numerics;
using System.Runtime.InteropServices;

namespace Inspection.Vision;

/// <summary>
/// Chooses the patches of the memory: each next one is the patch farthest from all chosen before (greedy k-center:
/// Gonzalez, Theoretical Computer Science 38, 1985, never worse than twice the best cover; as in PatchCore,
/// arXiv:2106.08265). Patches that are offered later are chosen in addition, none is ever given up.
/// </summary>
/// <remarks>
/// A patch's distance to the chosen ones can only shrink, so an old one is an upper limit. Patches wait ordered by it and
/// only the foremost is brought up to date; the choice is exactly that of the plain method for a fraction of its distances.
/// </remarks>
/// <param name="patches">All patches, one after the other; those not offered yet may still be filled in.</param>
/// <param name="channels">Values of one patch.</param>
/// <param name="seed">Chooses the first patch.</param>
internal sealed class Coreset(float[] patches, int channels, int seed)
{
    // Ties end by the lower index, so that the choice depends on nothing but the patches and the seed.
    private static readonly Comparer<(float Distance, int Patch)> Farthest = Comparer<(float Distance, int Patch)>.Create(
        (a, b) => a.Distance != b.Distance ? b.Distance.CompareTo(a.Distance) : a.Patch.CompareTo(b.Patch));

    private readonly PriorityQueue<(int Patch, int Compared), (float Distance, int Patch)> _waiting = new(Farthest);
    private readonly List<int> _chosen = [];
    private int _offered;

    /// <summary>The chosen patches in the order of choice.</summary>
    public IReadOnlyList<int> Chosen => _chosen;

    /// <summary>Offers all patches up to a number.</summary>
    /// <param name="count">Patches offered from now on, those offered before included.</param>
    public void Offer(int count)
    {
        for (; _offered < count; _offered++) _waiting.Enqueue((_offered, 0), (float.PositiveInfinity, _offered));
    }

    /// <summary>Takes the first patches as chosen, in their order, without looking at them.</summary>
    /// <param name="count">How many; nothing was offered before.</param>
    public void Keep(int count)
    {
        _chosen.AddRange(Enumerable.Range(0, count));
        _offered = count;
    }

    /// <summary>Chooses until so many are chosen, or all others lie as near to a chosen one as is asked for.</summary>
    /// <param name="most">Greatest number of chosen patches.</param>
    /// <param name="cover">No patch need be nearer to a chosen one than this; 0: until all others are equal to one.</param>
    /// <param name="progress">Called now and then with the number chosen so far; may throw to cancel.</param>
    public void Choose(int most, float cover, Action<int> progress)
    {
        if (_chosen.Count == 0 && _offered > 0) _chosen.Add(new Random(seed).Next(_offered));
        var compared = 0L;
        while (_chosen.Count < most && _waiting.TryPeek(out var top, out var limit) && limit.Distance > cover * cover)
        {
            var (patch, seen) = top;
            if (seen == _chosen.Count)
            {
                _waiting.Dequeue();
                _chosen.Add(patch);
                continue;
            }
            var least = limit.Distance;
            for (; seen < _chosen.Count; seen++) least = Math.Min(least, SquaredDistance(At(patch), At(_chosen[seen])));
            _waiting.DequeueEnqueue((patch, seen), (least, patch));
            if ((++compared & 1023) == 0) progress(_chosen.Count);
        }
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

    private ReadOnlySpan<float> At(int patch) => patches.AsSpan(patch * channels, channels);
}
