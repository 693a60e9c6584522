namespace Inspection.Vision;

/// <summary>
/// Patches of some parts of the memory, kept to find how far a good part's patches are from the memory when its own are
/// left out of it.
/// </summary>
/// <param name="channels">Values of one patch.</param>
/// <param name="places">Patches of one part.</param>
internal sealed class LeftOut(int channels, int places)
{
    // 40,000 patches are 55 MB, and a second of distances for a memory of 1,000.
    private const int MaxPatches = 40_000;
    private const int MaxParts = 60;

    private readonly List<(int Part, float[] Patches)> _parts = [];

    /// <summary>Keeps a part's patches, unless there are enough.</summary>
    /// <param name="part">Its index.</param>
    /// <param name="planar">Its patches, channel by channel.</param>
    public void Add(int part, ReadOnlySpan<float> planar)
    {
        if (_parts.Count == Math.Clamp(MaxPatches / places, 2, MaxParts)) return;
        var patches = new float[planar.Length];
        for (var c = 0; c < channels; c++)
            for (var p = 0; p < places; p++) patches[(p * channels) + c] = planar[(c * places) + p];
        _parts.Add((part, patches));
    }

    /// <summary>The distances of each part's patches to the nearest patch of another part.</summary>
    /// <param name="memory">The patches of the memory, one after the other, <paramref name="middle"/> taken off.</param>
    /// <param name="origins">Where each comes from.</param>
    /// <param name="middle">What was taken off each channel.</param>
    /// <param name="progress">Called after each part with the number of parts done and of all; may throw to cancel.</param>
    /// <returns>Row by row for each part; a part that alone fills the memory is missing.</returns>
    public IReadOnlyList<float[]> Distances(ReadOnlySpan<float> memory, ReadOnlySpan<PatchOrigin> origins, ReadOnlySpan<float> middle, Action<int, int> progress)
    {
        var all = new List<float[]>(_parts.Count);
        var patch = new float[channels];
        var done = 0;
        foreach (var (part, patches) in _parts)
        {
            var distances = new float[places];
            for (var p = 0; p < places; p++)
            {
                for (var c = 0; c < channels; c++) patch[c] = patches[(p * channels) + c] - middle[c];
                var least = float.PositiveInfinity;
                for (var m = 0; m < origins.Length; m++)
                    if (origins[m].Photo != part) least = Math.Min(least, Coreset.SquaredDistance(patch, memory.Slice(m * channels, channels)));
                distances[p] = MathF.Sqrt(least);
            }
            if (distances.All(float.IsFinite)) all.Add(distances);
            progress(++done, _parts.Count);
        }
        return all;
    }
}
