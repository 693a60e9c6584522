namespace Inspection.Core;

/// <summary>
/// What a share can be at most after some parts were looked at, however often one looks and whenever one stops.
/// </summary>
/// <remarks>
/// Parts drawn alike and independently hit with an unknown chance p. After n parts with k hits
/// M(p) = ∫₀¹ tᵏ ((1 − pt) / (1 − p))ⁿ⁻ᵏ dt is the mean, over q drawn evenly from 0 to p, of how much likelier q makes what was
/// seen than p does. Under p that is a martingale which begins at 1, so it ever reaches 1/α with a probability of α at most
/// (Ville, Étude critique de la notion de collectif, 1939; mixtures of this kind: Robbins, Annals of Mathematical
/// Statistics 41, 1970; Howard, Ramdas, McAuliffe and Sekhon, Annals of Statistics 49, 2021). For each t the integrand
/// grows with p, so all p with M(p) &lt; 1/α lie below one limit. A mixture over all q from 0 to 1 would give a higher one,
/// since it also bets on shares above p, which speak against no upper limit.
/// </remarks>
public static class ShareLimit
{
    /// <summary>The upper limit of a share.</summary>
    /// <param name="hits">k: how many hit, 0 to <paramref name="of"/>.</param>
    /// <param name="of">n: of so many.</param>
    /// <param name="doubt">α: the probability that the share is ever above the limit, between 0 and 1.</param>
    /// <returns>The limit, 0–1; rounded upwards by less than 10⁻¹².</returns>
    public static double Upper(long hits, long of, double doubt)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, of);
        if (hits == of) return 1;
        var (low, high, limit) = ((double)hits / of, 1.0, -Math.Log(doubt));
        while (high - low > 1e-12)
        {
            var middle = (low + high) / 2;
            if (LogMixture(hits, of, middle) < limit) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>The lower limit of a share: 1 less the upper limit of those that did not hit.</summary>
    public static double Lower(long hits, long of, double doubt) => 1 - Upper(of - hits, of, doubt);

    /// <summary>The logarithm of M(p).</summary>
    /// <param name="hits">k, 0 to n.</param>
    /// <param name="of">n, 1 or more.</param>
    /// <param name="p">A share between 0 and 1, not below k/n.</param>
    public static double LogMixture(long hits, long of, double p)
    {
        // ∫₀ᵖ qᵏ(1 − q)ⁿ⁻ᵏ dq / (p · pᵏ(1 − p)ⁿ⁻ᵏ), its integral an incomplete beta function.
        double a = hits + 1, b = of - hits + 1;
        return Math.Log(IncompleteBeta(p, a, b)) + LogGamma(a) + LogGamma(b) - LogGamma(a + b) - (a * Math.Log(p)) - ((b - 1) * Math.Log(1 - p));
    }

    /// <summary>
    /// The regularised incomplete beta function I_x(a, b) for a and b from 1, by its continued fraction (NIST Digital Library of Mathematical
    /// Functions 8.17.22), taken on the side on which it converges quickly.
    /// </summary>
    public static double IncompleteBeta(double x, double a, double b)
        => x <= 0 ? 0 : x >= 1 ? 1 : x < (a + 1) / (a + b + 2) ? Fraction(x, a, b) : 1 - Fraction(1 - x, b, a);

    private static double Fraction(double x, double a, double b)
    {
        // Lentz's method; its even and odd steps two at a time.
        const double tiny = 1e-300;
        double c = 1, d = 1 / Apart(1 - ((a + b) * x / (a + 1))), fraction = d;
        for (var m = 1; m < 1_000_000; m++)
        {
            Step(m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))));
            var change = Step(-(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1)));
            if (Math.Abs(change - 1) < 1e-15) break;
        }
        return fraction / a * Math.Exp((a * Math.Log(x)) + (b * Math.Log(1 - x)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b));

        double Step(double numerator)
        {
            d = 1 / Apart(1 + (numerator * d));
            c = Apart(1 + (numerator / c));
            fraction *= c * d;
            return c * d;
        }

        static double Apart(double value) => Math.Abs(value) < tiny ? tiny : value;
    }

    /// <summary>ln Γ(x) for x ≥ 1 by Stirling's series (NIST Digital Library of Mathematical Functions 5.11.1), after x was raised above 15.</summary>
    private static double LogGamma(double x)
    {
        var raised = 0.0;
        for (; x < 15; x++) raised += Math.Log(x);
        var square = 1 / (x * x);
        var series = (1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square / 1188)))))));
        return ((x - 0.5) * Math.Log(x)) - x + (Math.Log(2 * Math.PI) / 2) + (series / x) - raised;
    }
}
