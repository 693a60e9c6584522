using System.Globalization;

namespace Inspection.Vision;

/// <summary>Two models side by side as one HTML page for people.</summary>
public static class ComparisonPage
{
    private const int MostListed = 100;

    /// <summary>The page.</summary>
    /// <param name="comparison">What was found.</param>
    /// <param name="data">The photos, as they were named.</param>
    /// <param name="at">When they were compared.</param>
    public static string Of(Comparison comparison, string data, DateTimeOffset at)
    {
        var (first, second) = (comparison.First, comparison.Second);
        var (a, b) = ($"{first.Model.Name}@{first.Model.Version}", $"{second.Model.Name}@{second.Model.Version}");
        if (a == b) (a, b) = (a + " (first)", b + " (second)");
        var page = ReportPage.Begin($"{a} and {b} on the same parts");
        page.Add($"<p class=\"quiet\">Photos: {data}{(first.Simulated ? ", all rendered by the simulated line" : "")}. Compared {at:yyyy-MM-dd HH:mm} UTC by Inspection {typeof(ComparisonPage).Assembly.GetName().Version?.ToString(3)}. First: {a}, SHA-256 {first.Model.Sha256}. Second: {b}, SHA-256 {second.Model.Sha256}.</p>\n");
        if (comparison.Pairs.Count < first.Photos.Count)
            page.Add($"<p class=\"warn\">Both models scored {comparison.Pairs.Count} of {first.Photos.Count} photos, and only these are compared. The first could not score {first.Unscored}, the second {second.Unscored}.</p>\n");
        page.Add($"<p class=\"gist\">{Say("AUROC", comparison.Auroc?.P, Sign(comparison.Auroc?.Difference ?? 0), a, b)} {Say(first.UnsureAbove is null && second.UnsureAbove is null ? "False rejects" : "Good parts that do not pass", comparison.FalseRejects, a, b)} {Say("Escapes", comparison.Escapes, a, b)}</p>\n");
        SideBySide(page, first, second, a, b);
        Tests(page, comparison, a, b);
        Plot(page, comparison, a, b);
        Disagreements(page, comparison, a, b);
        page.Raw(Definitions.Comparison);
        return ReportPage.End(page);
    }

    /// <summary>What a test says, in words that claim no more than it does.</summary>
    internal static string Say(string what, double? p, int sign, string first, string second) => p switch
    {
        null => $"{what}: nothing to test.",
        < 0.05 when sign != 0 => $"{what}: {(sign > 0 ? first : second)} is better, beyond chance (p {Equal(p)}).",
        _ => $"{what}: no difference beyond chance (p {Equal(p)}).",
    };

    private static string Say(string what, VerdictDifference verdicts, string first, string second)
        => Say(what, verdicts.P, Sign(verdicts.OnlyFirstRight - verdicts.OnlySecondRight), first, second);

    private static int Sign(double value) => Math.Sign(value);

    private static string Equal(double? p) => p < 0.0001 ? Figures.P(p) : "= " + Figures.P(p);

    private static void SideBySide(Html page, Evaluation first, Evaluation second, string a, string b)
    {
        page.Add($"<h2>Side by side</h2>\n");
        IReadOnlyList<string> Row(string name, Func<Evaluation, string> figure) => [name, figure(first), figure(second)];
        var rows = new List<IReadOnlyList<string>>
        {
            Row("good and defective parts scored", e => $"{e.GoodParts} and {e.DefectParts}"),
            Row("AUROC", e => $"{Figures.Number(e.Auroc)} ({Figures.Number(e.AurocInterval)})"),
            Row("threshold", e => Figures.Score(e.Threshold)),
            Row("unsure: limit; good and defective parts", e => e.UnsureAbove is { } limit ? $"above {Figures.Score(limit)}; {e.GoodUnsure} and {e.DefectUnsure}" : Figures.None),
            Row("false rejects", e => $"{Figures.Percent(e.FalseRejectRate)} ({Figures.Percent(e.FalseRejectInterval)})"),
            Row("promised at most", e => Figures.AtMost(e.Bound?.MaxFalseRejectRate)),
            Row("escapes", e => $"{Figures.Percent(e.EscapeRate)} ({Figures.Percent(e.EscapeInterval)})"),
        };
        rows.AddRange(first.EscapeRateAt.Keys.Select(share => Row(
            $"escapes at {(decimal.Parse(share, CultureInfo.InvariantCulture) * 100).ToString("0.#", CultureInfo.InvariantCulture)} % false rejects", e => Figures.Percent(e.EscapeRateAt[share]))));
        rows.AddRange(first.Classes.Concat(second.Classes).Select(c => c.Class).Distinct().Order(StringComparer.Ordinal).Select(kind => Row($"escapes: {kind}",
            e => e.Classes.FirstOrDefault(c => c.Class == kind) is { } found ? $"{found.Escapes} of {found.Parts}" : Figures.None)));
        rows.Add(Row("pixel AUROC", e => Figures.Number(e.PixelAuroc)));
        rows.Add(Row("PRO", e => Figures.Number(e.RegionOverlap)));
        rows.Add(Row("median time", e => Figures.Milliseconds(e.MedianMilliseconds)));
        page.Table("Each model alone, at its own threshold, with 95 % intervals", ["", a, b], rows);
    }

    private static void Tests(Html page, Comparison comparison, string a, string b)
    {
        page.Add($"<h2>Paired tests</h2>\n");
        if (comparison.Auroc is { } auroc)
            page.Table("DeLong's test of the AUROC", ["first less second", "95 % interval", "p"],
                [[Figures.Number(auroc.Difference), Figures.Number(auroc.Range), Figures.P(auroc.P)]]);
        else page.Add($"<p>The AUROC can be compared only with two good and two defective parts or more.</p>\n");
        IReadOnlyList<string> Row(string name, VerdictDifference v)
            => [name, $"{v.BothRight}", $"{v.OnlyFirstRight}", $"{v.OnlySecondRight}", $"{v.Parts - v.BothRight - v.OnlyFirstRight - v.OnlySecondRight}", Figures.P(v.P)];
        page.Table("McNemar's exact test of the verdicts", ["parts", "both right", $"only {a}", $"only {b}", "both wrong", "p"],
            [Row("good: pass or not", comparison.FalseRejects), Row("defective: escapes", comparison.Escapes)]);
    }

    private static void Plot(Html page, Comparison comparison, string a, string b)
    {
        float[] Scores(bool good, Func<ScoredPair, float> which) => [.. comparison.Pairs.Where(p => p.Good == good).Select(which)];
        if (comparison.Pairs.Count == 0) return;
        page.Add($"<h2>Scores and curves</h2>\n<div class=\"beside\"><div>\n");
        if (comparison.Pairs.Any(p => p.Good) && comparison.Pairs.Any(p => !p.Good))
            page.Picture("image/png", Plots.Roc([(a, Curve.Of(Scores(true, p => p.First), Scores(false, p => p.First))), (b, Curve.Of(Scores(true, p => p.Second), Scores(false, p => p.Second)))], null),
                "both ROC curves; the escapes above say the same in numbers", Plots.Width, Plots.Height);
        page.Add($"</div><div>\n");
        page.Picture("image/png", Plots.Pairs(comparison.Pairs, (a, comparison.First.Threshold), (b, comparison.Second.Threshold)), "each part's score by both models; the disagreements below name the parts between the thresholds", Plots.Width, Plots.Height);
        page.Add($"</div></div>\n");
    }

    private static void Disagreements(Html page, Comparison comparison, string a, string b)
    {
        var parts = comparison.Pairs.Where(p => p.FirstVerdict != p.SecondVerdict).ToArray();
        page.Add($"<h2>Where they disagree</h2>\n");
        if (parts.Length == 0) page.Add($"<p>Both give every part the same verdict.</p>\n");
        else
            page.Table($"{Figures.Parts(parts.Length)}{(parts.Length > MostListed ? $", the first {MostListed} shown" : "")}", ["photo", "class", a, b, "right"],
                parts.Take(MostListed).Select(p => (IReadOnlyList<string>)[p.Path, p.Class, $"{Figures.Score(p.First)} {p.FirstVerdict}", $"{Figures.Score(p.Second)} {p.SecondVerdict}", (p.FirstIsRight, p.SecondIsRight) switch { (true, true) => "both", (true, false) => a, (false, true) => b, _ => "neither" }]));
    }
}
