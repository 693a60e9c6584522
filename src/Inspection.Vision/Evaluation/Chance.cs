namespace Inspection.Vision;

/// <summary>Tails of the normal distribution.</summary>
internal static class Chance
{
    /// <summary>
    /// P(|Z| ≥ |z|) of a standard normal Z: the complementary error function of |z|/√2, by its series near 0 and its
    /// continued fraction beyond (Abramowitz and Stegun, 1964, 7.1.6 and 7.1.14). Relative error below 10⁻¹⁰ for |z| ≤ 30.
    /// </summary>
    public static double BeyondNormal(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var scale = Math.Exp(-x * x);
        if (x < 2)
        {
            double term = x, sum = x;
            for (var n = 1; term > 1e-18 * sum; n++)
            {
                term *= 2 * x * x / ((2 * n) + 1);
                sum += term;
            }
            return Math.Max(0, 1 - (2 / Math.Sqrt(Math.PI) * scale * sum));
        }
        var fraction = x;
        for (var n = 100; n >= 1; n--) fraction = x + (n / 2.0 / fraction);
        return scale / (Math.Sqrt(Math.PI) * fraction);
    }
}
