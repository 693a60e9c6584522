namespace Inspection.Vision;

/// <summary>
/// Makes a parity vector's input from its seed: coarse, middle and fine texture, other in each channel, so that a swapped
/// channel, a transposed side, a wrong normalisation or a changed weight changes the score.
/// </summary>
/// <remarks>
/// <c>image[c,y,x] = (4·h(c, y/32, x/32) + 3·h(c+3, y/4, x/4) + h(c+6, y, x)) / (8·255)</c> with integer division and
/// <c>h(k,y,x)</c> the top 8 bits of the 32-bit mix of <c>seed·0x9E3779B1 + k·0x85EBCA77 + y·0xC2B2AE3D + x·0x27D4EB2F</c>;
/// the mix is <c>v ^= v&gt;&gt;15; v *= 0x2C1B3C6D; v ^= v&gt;&gt;12; v *= 0x297A2D39; v ^= v&gt;&gt;15</c>
/// (constants: C. Wellons, hash prospector, 2018; and xxHash's primes). All arithmetic modulo 2³².
/// </remarks>
public static class ParityInput
{
    /// <summary>Fills one image.</summary>
    /// <param name="image">Planar: 3 × height × width values; receives 0..1.</param>
    /// <param name="seed">The vector's seed.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static void Fill(Span<float> image, int seed, int width, int height)
    {
        var i = 0;
        for (var c = 0; c < 3; c++)
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                {
                    var sum = (4 * Hash(seed, c, y / 32, x / 32)) + (3 * Hash(seed, c + 3, y / 4, x / 4)) + Hash(seed, c + 6, y, x);
                    image[i++] = sum / (8f * 255f);
                }
    }

    private static uint Hash(int seed, int k, int y, int x)
    {
        unchecked
        {
            var v = ((uint)seed * 0x9E3779B1u) + ((uint)k * 0x85EBCA77u) + ((uint)y * 0xC2B2AE3Du) + ((uint)x * 0x27D4EB2Fu);
            v ^= v >> 15;
            v *= 0x2C1B3C6Du;
            v ^= v >> 12;
            v *= 0x297A2D39u;
            v ^= v >> 15;
            return v >> 24;
        }
    }
}
