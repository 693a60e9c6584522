using System.Globalization;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>An evaluation as one HTML page for people.</summary>
public static class EvaluationPage
{
    /// <summary>How many escapes, and false rejects, a page shows at most.</summary>
    public const int Pictures = 20;

    private const int MostUnscored = 50;

    /// <summary>The page.</summary>
    /// <param name="evaluation">What was found; its <see cref="Evaluation.HeatMaps"/> are shown.</param>
    /// <param name="data">The photos, as they were named.</param>
    /// <param name="at">When it was evaluated.</param>
    public static string Of(Evaluation evaluation, string data, DateTimeOffset at)
    {
        var page = ReportPage.Begin($"{evaluation.Model.Name}, version {evaluation.Model.Version}: evaluation");
        page.Add($"<p class=\"quiet\">Photos: {data}{(evaluation.Simulated ? ", all rendered by the simulated line" : "")}. Evaluated {at:yyyy-MM-dd HH:mm} UTC by Inspection {typeof(EvaluationPage).Assembly.GetName().Version?.ToString(3)}. Model file SHA-256 {evaluation.Model.Sha256}.</p>\n");
        Gist(page, evaluation);
        Confusion(page, evaluation);
        Bound(page, evaluation);
        Costs(page, evaluation);
        Curves(page, evaluation);
        Scores(page, evaluation);
        Classes(page, evaluation);
        Pixels(page, evaluation);
        Hardest(page, evaluation, "defect");
        Hardest(page, evaluation, "good");
        OrderSection.Add(page, evaluation);
        Speed(page, evaluation);
        Unscored(page, evaluation);
        page.Raw(Definitions.Evaluation);
        return ReportPage.End(page);
    }

    private static void Gist(Html page, Evaluation e)
    {
        page.Add($"<p class=\"gist\">");
        if (e.GoodParts > 0) page.Add($"Of {Figures.Parts(e.GoodParts, "good")}, {e.Count("good", VerdictKind.Reject)} would be rejected ({Figures.Percent(e.FalseRejectRate)}). ");
        else page.Add($"No good part was scored, so nothing is known of false rejects. ");
        if (e.DefectParts > 0) page.Add($"Of {Figures.Parts(e.DefectParts, "defective")}, {e.Count("defect", VerdictKind.Pass)} would escape ({Figures.Percent(e.EscapeRate)}).");
        else page.Add($"No defective part was scored, so nothing is known of escapes.");
        if (e.UnsureAbove is not null) page.Add($" A person would look at {e.GoodUnsure} of the good and {e.DefectUnsure} of the defective ones.");
        page.Add($"</p>\n");
        if (e.Unscored > 0) page.Add($"<p class=\"warn\">{e.Unscored} of {e.Photos.Count} photos could not be scored. On the line they are Indeterminate and diverted; they are in no rate here. <a href=\"#unscored\">Which and why</a></p>\n");
    }

    private static void Confusion(Html page, Evaluation e)
    {
        page.Add($"<h2>Verdicts at the model's own threshold</h2>\n");
        IReadOnlyList<string> Row(string name, string label)
        {
            var unsure = label == "good" ? e.GoodUnsure : e.DefectUnsure;
            return [name, $"{e.Count(label, VerdictKind.Pass)}", $"{e.Count(label, VerdictKind.Reject)}", $"{unsure}", $"{e.Count(label, VerdictKind.Indeterminate) - unsure}"];
        }
        page.Table($"Parts, threshold {Figures.Score(e.Threshold)}{(e.UnsureAbove is { } limit ? $", unsure above {Figures.Score(limit)}" : "")}", ["", "Pass", "Reject", "Indeterminate: unsure", "Indeterminate: no score"], [Row("good", "good"), Row("defective", "defect")]);
        page.Table("Rates with 95 % intervals", ["", "found", "95 % interval", "over"],
        [
            ["false rejects: good parts rejected", Figures.Percent(e.FalseRejectRate), Figures.Percent(e.FalseRejectInterval), Figures.Parts(e.GoodParts, "good")],
            ["escapes: defective parts that pass", Figures.Percent(e.EscapeRate), Figures.Percent(e.EscapeInterval), Figures.Parts(e.DefectParts, "defective")],
            ["unsure: good parts that a person must look at", Figures.Percent(e.GoodParts == 0 ? null : (double)e.GoodUnsure / e.GoodParts), Figures.Percent(Interval.OfShare(e.GoodUnsure, e.GoodParts)), Figures.Parts(e.GoodParts, "good")],
            ["AUROC: a defective part scores above a good one", Figures.Number(e.Auroc), Figures.Number(e.AurocInterval), "all pairs"],
        ]);
        if (e.Auroc == 1) page.Add($"<p class=\"quiet\">All parts are told apart, so the bootstrap interval of the AUROC has no width. That is no proof that later parts are.</p>\n");
    }

    private static void Bound(Html page, Evaluation e)
    {
        page.Add($"<h2>What the card promises, and what was seen</h2>\n");
        if (e.Bound is not { } bound)
        {
            page.Add($"<p>The model's card states no bound on false rejects.</p>\n");
            return;
        }
        page.Add($"<p>The card: “{bound.Statement}”</p>\n");
        if (e.FalseRejectInterval is not { } seen) return;
        page.Add($"<p>Seen here: {e.Count("good", VerdictKind.Reject)} of {Figures.Parts(e.GoodParts, "good")}, {Figures.Percent(e.FalseRejectRate)} (95 % interval {Figures.Percent(seen)}).</p>\n");
        if (e.BreaksBound)
            page.Add($"<p class=\"warn\">More good parts are rejected than the card promises, and chance hardly explains it: these parts are not like those that the model was taught on. Look at the false rejects below, and at the order; then teach with parts like these.</p>\n");
    }

    private static void Costs(Html page, Evaluation e)
    {
        if (e.Costs is not { } best) return;
        var costs = best.Costs;
        page.Add($"<h2>Limits by cost</h2>\n");
        page.Table($"An escape costs {Figures.Score(costs.Escape)}, a false reject {Figures.Score(costs.FalseReject)}, a person's look {Figures.Score(costs.Look)}; {Figures.Percent(costs.DefectShare)} of the line's parts are defective", ["", "unsure above", "threshold", "cost per part"],
        [
            ["as evaluated", Figures.Score(e.UnsureAbove), Figures.Score(e.Threshold), Figures.Score(best.PerPartNow)],
            ["least cost on these parts", best.UnsureAbove < best.Threshold ? Figures.Score(best.UnsureAbove) : "nobody looks", Figures.Score(best.Threshold), Figures.Score(best.PerPart)],
        ]);
        page.Add($"<p class=\"quiet\">The rule of Chow (IEEE Transactions on Information Theory 16, 1970) on the scores of these very parts, so the cost flatters, and few parts move the limits far. A person who looks is taken to be right. The card's promise speaks of its own threshold only; another one has none.</p>\n");
    }

    private static void Curves(Html page, Evaluation e)
    {
        page.Add($"<h2>Every other threshold</h2>\n");
        var (good, defect) = e.Scores();
        if (good.Length == 0 || defect.Length == 0)
        {
            page.Add($"<p>ROC and precision-recall need scored parts of both kinds; there {(good.Length == 0 ? "is no good one" : "is no defective one")}.</p>\n");
            return;
        }
        var points = Curve.Of(good, defect);
        // An unsure part does not escape, but at the threshold it is not caught either.
        var own = (FalseRejects: e.FalseRejectRate!.Value, Caught: (double)e.Count("defect", VerdictKind.Reject) / defect.Length);
        double above = e.Count("good", VerdictKind.Reject) + e.Count("defect", VerdictKind.Reject);
        page.Add($"<div class=\"beside\"><div><h3>ROC</h3>\n");
        page.Picture("image/png", Plots.Roc([("", points)], own), "ROC curve; the table below says the same in numbers", Plots.Width, Plots.Height);
        page.Table("Escapes where so many of these good parts may be rejected", ["may be rejected", "escapes", "caught"],
            ((decimal[])[0, 0.001m, 0.01m, 0.05m, 0.1m, 0.2m]).Select(share => (Share: share, Escapes: Rates.EscapesAt(good, defect, share)))
                .Select(r => (IReadOnlyList<string>)[$"{(r.Share * 100).ToString("0.#", CultureInfo.InvariantCulture)} %", Figures.Percent(r.Escapes), Figures.Percent(1 - r.Escapes)]));
        if (good.Length < 1000) page.Add($"<p class=\"quiet\">With {Figures.Parts(good.Length, "good")} the finest step is {Figures.Percent(1.0 / good.Length)}: a smaller share means that none may be rejected.</p>\n");
        page.Add($"</div><div><h3>Precision and recall</h3>\n");
        page.Picture("image/png", Plots.Precision(points, above > 0 ? (own.Caught, e.Count("defect", VerdictKind.Reject) / above) : null), "precision-recall curve; the table below says the same in numbers", Plots.Width, Plots.Height);
        page.Table($"Precision; average {Figures.Number(Curve.AveragePrecision(points))}", ["caught at least", "rejects that are defective"],
            ((double[])[0.5, 0.8, 0.9, 0.95, 0.99, 1]).Select(caught => (IReadOnlyList<string>)[Figures.Percent(caught), Figures.Percent(Curve.PrecisionAt(points, caught))]));
        page.Add($"<p class=\"quiet\">Precision depends on how common defects are: here {Figures.Percent((double)defect.Length / (good.Length + defect.Length))} of the parts, on a line far fewer.</p>\n</div></div>\n");
    }

    private static void Scores(Html page, Evaluation e)
    {
        page.Add($"<h2>Scores</h2>\n");
        var (good, defect) = e.Scores();
        if (good.Length + defect.Length == 0)
        {
            page.Add($"<p>No photo was scored.</p>\n");
            return;
        }
        var histogram = Histogram.Of(good, defect);
        var note = e.Bound is { } bound ? $"; promised: at most {Figures.AtMost(bound.MaxFalseRejectRate)} of good parts above" : "";
        page.Picture("image/png", Plots.Scores(histogram, e.Threshold, e.UnsureAbove, note, e.Limits), "histogram of the scores; the table below says the same in numbers", Plots.Width, Plots.Height);
        if (e.Limits.Count > 0) page.Add($"<p class=\"quiet\">The thin lines are the scores above which at most so many of good parts like those that the model's version kept out lie, each for itself with 95 % confidence, by the rule of the threshold.</p>\n");
        page.Add($"<details><summary>The histogram as a table</summary>\n");
        page.Table("Parts by score", ["from", "to", "good", "defective"], Enumerable.Range(0, histogram.Good.Count)
            .Where(i => histogram.Good[i] + histogram.Defect[i] > 0)
            .Select(i => (IReadOnlyList<string>)[Figures.Score(histogram.Edges[i]), Figures.Score(histogram.Edges[i + 1]), $"{histogram.Good[i]}", $"{histogram.Defect[i]}"]));
        page.Add($"</details>\n");
    }

    private static void Classes(Html page, Evaluation e)
    {
        if (e.DefectParts == 0) return;
        page.Add($"<h2>By class of defect</h2>\n");
        var (good, _) = e.Scores();
        string At(DefectClass c, decimal share) => Figures.Percent(Rates.EscapesAt(good, [.. e.Photos.Where(p => p is { Score: not null, Label: "defect" } && p.Class == c.Class).Select(p => p.Score!.Value)], share));
        page.Table("Escapes at the model's own threshold, most first, and where 0.1, 1 and 5 % of these good parts may be rejected", ["class", "parts", "escapes", "rate", "95 % interval", "at 0.1 %", "at 1 %", "at 5 %"],
            e.Classes.OrderByDescending(c => (double)c.Escapes / c.Parts).Select(c => (IReadOnlyList<string>)
                [c.Class, $"{c.Parts}", $"{c.Escapes}", Figures.Percent((double)c.Escapes / c.Parts), Figures.Percent(Interval.OfShare(c.Escapes, c.Parts)), At(c, 0.001m), At(c, 0.01m), At(c, 0.05m)]));
    }

    private static void Pixels(Html page, Evaluation e)
    {
        page.Add($"<h2>Where the defect is</h2>\n");
        if (e.MarkedParts == 0)
        {
            page.Add($"<p>Not measured: {(e.HasMap ? "no scored photo has a mask that marks its defect" : "the model gives no anomaly map")}.</p>\n");
            return;
        }
        page.Table($"Pixels of {Figures.Parts(e.MarkedParts, "defective")} with marked defects and {Figures.Parts(e.GoodParts, "good")}", ["", "found"],
            [["pixel AUROC", Figures.Number(e.PixelAuroc)], ["PRO, up to 30 % of the defect-free pixels", Figures.Number(e.RegionOverlap)]]);
        if (e.MarkedParts < e.DefectParts) page.Add($"<p class=\"quiet\">{e.DefectParts - e.MarkedParts} more of the defective parts have no mask, and their pixels are not counted.</p>\n");
    }

    private static void Hardest(Html page, Evaluation e, string label)
    {
        var (kind, wrong) = label == "good" ? ("good", VerdictKind.Reject) : ("defective", VerdictKind.Pass);
        page.Add($"<h2>{(label == "good" ? "Worst false rejects" : "Worst escapes")}</h2>\n");
        var count = e.Count(label, wrong);
        var shown = e.Hardest(label, Pictures).ToArray();
        if (shown.Length == 0)
        {
            page.Add($"<p>No {kind} part was scored.</p>\n");
            return;
        }
        page.Add($"<p>{(label == "good" ? "Good parts above the threshold" : "Defective parts that pass")}: {count}. Shown: {(count > Pictures ? $"the {Pictures} worst" : count >= Evaluation.FewestShown ? "all" : count > 0 ? "these, and those that came nearest" : "those that came nearest")}. Colour is the anomaly map with the threshold at the middle of the scale; outlines are what the station would mark.</p>\n<div class=\"parts\">\n");
        var pictures = e.HeatMaps.ToDictionary(h => h.Path, StringComparer.Ordinal);
        foreach (var photo in shown)
        {
            var isWrong = photo.Verdict == wrong;
            page.Add($"<figure>");
            if (pictures.TryGetValue(photo.Path, out var map)) page.Picture("image/jpeg", map.Jpeg, $"{photo.Path} with its heat map", map.Width, map.Height);
            page.Add($"<figcaption><bdi>{photo.Path}</bdi><br>{photo.Class}, score {Figures.Score(photo.Score)}, <span class=\"{(isWrong ? "wrong" : "quiet")}\">{photo.Verdict}{(isWrong ? "" : photo.Verdict == VerdictKind.Indeterminate ? " (unsure)" : " (right)")}</span></figcaption></figure>\n");
        }
        page.Add($"</div>\n");
    }

    private static void Speed(Html page, Evaluation e)
    {
        page.Add($"<h2>Speed</h2>\n");
        if (e.MedianMilliseconds is null)
        {
            page.Add($"<p>No photo was scored.</p>\n");
            return;
        }
        page.Table("Decoded photo to score, resize included, one thread", ["", "time"],
            [["median", Figures.Milliseconds(e.MedianMilliseconds)], ["99th percentile", Figures.Milliseconds(e.P99Milliseconds)], ["longest", Figures.Milliseconds(e.Photos.Max(p => p.Milliseconds))]]);
        page.Add($"<p class=\"quiet\">Measured on the machine that made this page, beside whatever else ran there; <code>bench</code> measures properly.</p>\n");
    }

    private static void Unscored(Html page, Evaluation e)
    {
        if (e.Unscored == 0) return;
        page.Add($"<h2 id=\"unscored\">Photos without a score</h2>\n");
        page.Table($"{e.Unscored} of {e.Photos.Count}{(e.Unscored > MostUnscored ? $", the first {MostUnscored} shown" : "")}", ["photo", "label", "why"],
            e.Photos.Where(p => p.Score is null).Take(MostUnscored).Select(p => (IReadOnlyList<string>)[p.Path, p.Label, p.Reason ?? ""]));
    }
}
