namespace Inspection.Vision;

/// <summary>
/// What is done to a patch before it is compared: its level's middle is taken off, and each level is divided by its
/// spread, so that no level drowns the others because its numbers happen to be larger.
/// </summary>
internal sealed class PatchScale
{
    private PatchScale(float[] middle, float[] factor) => (Middle, Factor) = (middle, factor);

    /// <summary>The mean of each channel over the taught patches.</summary>
    public float[] Middle { get; }

    /// <summary>For each channel 1 / the root of its level's summed variance, so that each level's mean squared length is 1.</summary>
    public float[] Factor { get; }

    /// <summary>Finds the scale and applies it to the patches in place.</summary>
    /// <param name="patches">All taught patches, one after the other.</param>
    public static PatchScale Apply(Span<float> patches)
    {
        var channels = TaughtGraph.Channels;
        var count = patches.Length / channels;
        var (sums, squares) = (new double[channels], new double[channels]);
        for (var i = 0; i < patches.Length; i++)
        {
            sums[i % channels] += patches[i];
            squares[i % channels] += (double)patches[i] * patches[i];
        }
        var (middle, factor) = (new float[channels], new float[channels]);
        var from = 0;
        foreach (var level in Backbone.Levels)
        {
            double variance = 0;
            for (var c = from; c < from + level.Channels; c++)
            {
                middle[c] = (float)(sums[c] / count);
                variance += Math.Max(0, squares[c] / count - (sums[c] / count * (sums[c] / count)));
            }
            // Without any spread a level says nothing, and nothing must not be divided by.
            factor.AsSpan(from, level.Channels).Fill(variance > 1e-9 ? (float)(1 / Math.Sqrt(variance)) : 1);
            from += level.Channels;
        }
        for (var i = 0; i < patches.Length; i++) patches[i] = (patches[i] - middle[i % channels]) * factor[i % channels];
        return new PatchScale(middle, factor);
    }
}
