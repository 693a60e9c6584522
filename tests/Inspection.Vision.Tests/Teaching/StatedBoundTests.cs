namespace Inspection.Vision.Tests.Teaching;

/// <summary>
/// Whether the bound that teaching states holds, on the simulated line without drift: each teaching from parts of its own,
/// each model tried on good parts of its own that nobody has seen, through the graph that teaching wrote.
/// </summary>
/// <remarks>
/// Teachings share no part, so the number of those whose rate exceeds their bound is binomial. The rate comes from a
/// finite number of unseen parts, which moves the chance of an exceedance away from 5 % by what
/// <see cref="ChanceOfMore"/> computes exactly; the tests hold that against the quantile, too.
/// </remarks>
public sealed class StatedBoundTests(ITestOutputHelper output)
{
    private const double Allowed = 1 - FalseRejectBound.Confidence;

    private static readonly SimulatedOptions Line = new() { Width = 160, Height = 120, LightDrift = 0 };
    private static readonly InputSize Input = new(96, 64);

    // 4, 14 and 10 kept out, of which 0, 0 and 1 are above the threshold; and 100, of which 0, 1 and 4 are. Those hundred
    // never join the memory, so that nothing but the order of scores holds the bound there.
    private static readonly (int Parts, double MaxFalseRejects)[] Kinds = [(10, 0.01), (300, 0.03), (30, 0.2), (300, 0.05), (30, 0.5), (300, 0.1)];

    private static bool Long => Environment.GetEnvironmentVariable("INSPECTION_LONG") == "bound";

    [Fact]
    [Trait("Long", "bound")]
    public void Of_many_teachings_no_more_reject_more_good_parts_than_stated_than_the_confidence_allows()
    {
        var (teachings, unseen) = Long ? (204, 5000) : (6, 1000);
        var began = TimeProvider.System.GetTimestamp();
        var tried = Enumerable.Range(0, teachings).Select(t => Try(t, Kinds[t % Kinds.Length], unseen)).ToArray();

        var quantile = Quantile(teachings, Allowed);
        var exceeding = tried.Count(t => t.Above > t.Bound * unseen);
        foreach (var kind in tried.GroupBy(t => (t.KeptOut, t.KeptOutAbove)))
            output.WriteLine($"{kind.Key.KeptOut} kept out, {kind.Key.KeptOutAbove} above: bound {kind.First().Bound:P2}, seen {kind.Average(t => (double)t.Above / unseen):P2} on average, {kind.Max(t => (double)t.Above / unseen):P2} at most; {kind.Count(t => t.Above > t.Bound * unseen)} of {kind.Count()} exceed, each with a chance of {ChanceOfMore(kind.Key.KeptOut, kind.Key.KeptOutAbove, unseen, kind.First().Bound):P3} where nothing joins");
        output.WriteLine($"{teachings} teachings, {unseen} unseen parts each: {exceeding} exceed, {quantile} may, {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F0} s");

        exceeding.ShouldBeLessThanOrEqualTo(quantile);
        Quantile(teachings, tried.Max(t => ChanceOfMore(t.KeptOut, t.KeptOutAbove, unseen, t.Bound))).ShouldBe(quantile, "the unseen parts are too few to tell");
        if (!Long) return;
        // The count can fail: half the bound is no bound where nothing joined.
        var alone = tried.Where(t => !t.Joined).ToArray();
        alone.Count(t => t.Above > t.Bound / 2 * unseen).ShouldBeGreaterThan(Quantile(alone.Length, Allowed));
    }

    [Theory]
    [InlineData(204, 21)]
    [InlineData(6, 3)]
    public void The_quantile_is_the_least_number_that_is_passed_less_than_once_in_a_thousand(int trials, int quantile)
    {
        Quantile(trials, 0.05).ShouldBe(quantile);
        FalseRejectBound.AtMost(trials, 0.05, quantile).ShouldBeGreaterThanOrEqualTo(0.999);
        FalseRejectBound.AtMost(trials, 0.05, quantile - 1).ShouldBeLessThan(0.999);
    }

    [Fact]
    public void The_chance_of_more_unseen_parts_above_than_stated_is_that_of_the_ranks()
    {
        // One kept out, one unseen: above it in one of two orders. Two kept out, the second highest the threshold: in two of three.
        ChanceOfMore(1, 0, 1, 0.5).ShouldBe(1 / 2.0, 1e-12);
        ChanceOfMore(2, 1, 1, 0.5).ShouldBe(2 / 3.0, 1e-12);
        ChanceOfMore(10, 0, 1_000_000, FalseRejectBound.Of(10, 0)).ShouldBe(0.05, 1e-5);
    }

    private static Tried Try(int teaching, (int Parts, double MaxFalseRejects) kind, int unseen)
    {
        using var folder = new TeachingFolder();
        Directory.CreateDirectory(folder.Photos);
        var line = Line with { Seed = 1000 + teaching };
        foreach (var (name, pixels) in SimulatedSet.Good(line, kind.Parts))
            using (pixels) folder.Photo($"{name}.png", pixels);
        var taught = TeachingFolder.Taught(folder.Request() with { Input = Input, MaxFalseRejects = kind.MaxFalseRejects, Seed = teaching });

        var above = 0;
        using var run = new GraphRun(File.ReadAllBytes(Path.Combine(taught.Folder, "model.onnx")), Input, TaughtGraph.Score);
        foreach (var (_, pixels, _) in SimulatedSet.Test(line, unseen, defective: 0))
            using (pixels) run.Run(pixels, score => above += score[0] > taught.Card.Threshold ? 1 : 0);
        return new(taught.KeptOut, taught.KeptOutAbove, taught.KeptOutJoined, taught.Card.Bound!.MaxFalseRejectRate, above);
    }

    /// <summary>The 99.9 % quantile of Binomial(trials, p).</summary>
    private static int Quantile(int trials, double p)
    {
        var most = 0;
        while (FalseRejectBound.AtMost(trials, p, most) < 0.999) most++;
        return most;
    }

    /// <summary>
    /// The chance that of so many unseen parts more than the stated share lie above the threshold, where kept-out and unseen
    /// parts are drawn alike: of all orders of the n + N scores those with more than share × N unseen ones above the
    /// (j + 1)-th highest kept-out one (the negative hypergeometric distribution).
    /// </summary>
    private static double ChanceOfMore(int keptOut, int above, int unseen, double share)
    {
        // No unseen one above: the j + 1 highest of all are kept-out ones.
        var logTerm = 0.0;
        for (var i = 0; i <= above; i++) logTerm += Math.Log((double)(keptOut - i) / (keptOut + unseen - i));
        var sum = 0.0;
        for (var k = 0; k <= share * unseen; k++)
        {
            sum += Math.Exp(logTerm);
            // One more: C(j + k, k) places of the unseen among those above, times the orders of the rest.
            logTerm += Math.Log((double)(above + 1 + k) / (k + 1)) + Math.Log((double)(unseen - k) / (keptOut + unseen - above - 1 - k));
        }
        return 1 - sum;
    }

    private readonly record struct Tried(int KeptOut, int KeptOutAbove, bool Joined, double Bound, int Above);
}
