namespace Inspection.Vision;

/// <summary>
/// The patches that a model remembers, filled in two strokes: first from some parts, which gives the model that the
/// threshold is found with, then also from the parts that were kept out of it.
/// </summary>
/// <remarks>
/// The second stroke only adds patches. A distance to the nearest of more patches is never larger, so no good part is
/// rejected that the first model would have passed: what was found for the threshold still holds, and the memory has
/// learnt from every part.
/// </remarks>
internal sealed class PatchMemory
{
    private readonly float[] _candidates;
    private readonly PatchOrigin[] _origins;
    private readonly Coreset _coreset;
    private int _filled;
    private int _centred;
    private float[]? _middle;
    private float _cover;

    /// <summary>Makes room.</summary>
    /// <param name="capacity">Patches that can be offered.</param>
    /// <param name="seed">Chooses the first patch.</param>
    public PatchMemory(int capacity, int seed)
    {
        _candidates = new float[capacity * TaughtGraph.Channels];
        _origins = new PatchOrigin[capacity];
        _coreset = new Coreset(_candidates, TaughtGraph.Channels, seed);
    }

    /// <summary>The mean of each channel over the first stroke's patches, or the earlier version's; taken off every patch, it keeps the graph's sums small.</summary>
    public ReadOnlySpan<float> Middle => _middle;

    /// <summary>Where each patch of the memory comes from.</summary>
    public PatchOrigin[] Origins => [.. _coreset.Chosen.Select(c => _origins[c])];

    /// <summary>Begins with all patches of an earlier version, in their order; what comes is chosen in addition.</summary>
    /// <remarks>
    /// None is given up, because a score that rose would make the bound of the earlier version false. A new patch that lies
    /// as near to the memory as the earlier version's own parts do teaches nothing and is not added.
    /// </remarks>
    /// <param name="earlier">The earlier memory.</param>
    /// <param name="origins">Where each of its patches comes from.</param>
    public void Keep(TaughtMemory earlier, IReadOnlyList<PatchOrigin> origins)
    {
        earlier.Patches.CopyTo(_candidates, 0);
        for (; _filled < earlier.Count; _filled++) _origins[_filled] = origins[_filled];
        _coreset.Keep(_filled);
        (_centred, _middle, _cover) = (_filled, earlier.Middle, earlier.Cover());
    }

    /// <summary>Offers one patch.</summary>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="patches">Planar: the patches of one photo, channel by channel.</param>
    /// <param name="place">Its place among them.</param>
    /// <param name="places">How many patches the photo has.</param>
    public void Offer(PatchOrigin origin, ReadOnlySpan<float> patches, int place, int places)
    {
        var to = At(_filled);
        for (var c = 0; c < to.Length; c++) to[c] = patches[(c * places) + place];
        _origins[_filled++] = origin;
    }

    /// <summary>Chooses from all that was offered, in addition to what was chosen before.</summary>
    /// <param name="most">Greatest number of patches in the memory.</param>
    /// <param name="progress">Called now and then with the number so far; may throw to cancel.</param>
    public void Choose(int most, Action<int> progress)
    {
        _middle ??= MeanOfAll();
        for (; _centred < _filled; _centred++)
        {
            var patch = At(_centred);
            for (var c = 0; c < patch.Length; c++) patch[c] -= _middle[c];
        }
        _coreset.Offer(_filled);
        _coreset.Choose(most, _cover, progress);
    }

    /// <summary>The memory, one patch after the other, <see cref="Middle"/> taken off.</summary>
    /// <param name="without">A photo whose patches are left out; null for none.</param>
    public float[] ToArray(int? without = null)
    {
        var chosen = _coreset.Chosen.Where(c => _origins[c].Photo != without).ToArray();
        var memory = new float[chosen.Length * TaughtGraph.Channels];
        for (var i = 0; i < chosen.Length; i++) At(chosen[i]).CopyTo(memory.AsSpan(i * TaughtGraph.Channels));
        return memory;
    }

    /// <summary>Of each photo, how far its oddest patch lies from the nearest patch of all other photos.</summary>
    /// <remarks>
    /// All patches that were offered are compared, not those of the memory: these were chosen for their oddity, so that
    /// every part has some that resemble no other's. A patch is given up as soon as one lies nearer than the oddest so far.
    /// </remarks>
    /// <param name="first">The first photo that is asked for; those before are only compared with.</param>
    /// <param name="repeats">Photos that show the same as others, which say nothing of how much parts differ.</param>
    /// <param name="progress">Called after each photo with how many are done; may throw to cancel.</param>
    public IReadOnlyList<(int Photo, float Distance)> Oddest(int first, IReadOnlySet<int> repeats, Action<int> progress)
    {
        bool[] repeated = [.. _origins.Take(_filled).Select(o => repeats.Contains(o.Photo))];
        var oddest = new List<(int Photo, float Distance)>();
        for (int begin = 0, end; begin < _filled; begin = end)
        {
            for (end = begin + 1; end < _filled && _origins[end].Photo == _origins[begin].Photo;) end++;
            if (_origins[begin].Photo < first || repeated[begin]) continue;
            var highest = 0f;
            for (var patch = begin; patch < end; patch++)
            {
                var least = float.PositiveInfinity;
                for (var other = 0; other < _filled && least > highest; other++)
                    if ((other < begin || other >= end) && !repeated[other]) least = Math.Min(least, Coreset.SquaredDistance(At(patch), At(other)));
                if (float.IsFinite(least)) highest = Math.Max(highest, least);
            }
            oddest.Add((_origins[begin].Photo, MathF.Sqrt(highest)));
            progress(oddest.Count);
        }
        return oddest;
    }

    private float[] MeanOfAll()
    {
        // In double: ten thousand values of one channel lose digits as floats.
        var sums = new double[TaughtGraph.Channels];
        for (var i = 0; i < _filled; i++)
            for (var c = 0; c < sums.Length; c++) sums[c] += _candidates[(i * sums.Length) + c];
        return [.. sums.Select(s => (float)(s / Math.Max(1, _filled)))];
    }

    private Span<float> At(int patch) => _candidates.AsSpan(patch * TaughtGraph.Channels, TaughtGraph.Channels);
}
