namespace Inspection.Vision;

/// <summary>
/// What is done to a patch before it is compared: the middle of the taught patches is taken off, and each level is
/// divided by its spread, so that no level drowns the others because its numbers happen to be larger.
/// </summary>
internal sealed class PatchScale
{
    private PatchScale(float[] middle, float[] factor) => (Middle, Factor) = (middle, factor);

    /// <summary>The mean of each channel over the taught patches.</summary>
    public float[] Middle { get; }

    /// <summary>For each channel 1 / its level's spread.</summary>
    public float[] Factor { get; }

    /// <summary>Finds the scale and applies it to the patches in place.</summary>
    /// <param name="patches">All taught patches, one after the other.</param>
    public static PatchScale Apply(Span<float> patches)
    {
        var channels = TaughtGraph.Channels;
        var sums = new double[channels];
        for (var i = 0; i < patches.Length; i++) sums[i % channels] += patches[i];
        var count = patches.Length / channels;
        float[] middle = [.. sums.Select(s => (float)(s / count))];
        float[] factor = [.. Backbone.Levels.SelectMany(l => Enumerable.Repeat(1 / l.Spread, l.Channels))];
        for (var i = 0; i < patches.Length; i++) patches[i] = (patches[i] - middle[i % channels]) * factor[i % channels];
        return new PatchScale(middle, factor);
    }
}
