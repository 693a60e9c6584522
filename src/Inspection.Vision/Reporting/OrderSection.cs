using System.Globalization;

namespace Inspection.Vision;

/// <summary>The part of a report that shows whether scores drift.</summary>
internal static class OrderSection
{
    private const int Stretches = 5;

    /// <summary>Adds it to a page.</summary>
    public static void Add(Html page, Evaluation evaluation)
    {
        page.Add($"<h2>Score against {(evaluation.OrderedByTime ? "time" : "order")}</h2>\n");
        var photos = evaluation.Ordered.ToArray();
        if (photos.Length == 0)
        {
            page.Add($"<p>No photo was scored.</p>\n");
            return;
        }
        if (evaluation.OrderedByTime)
            page.Add($"<p>In the order in which the photos were taken, by the Exif time in each file: {photos[0].TakenAt:yyyy-MM-dd HH:mm} to {photos[^1].TakenAt:yyyy-MM-dd HH:mm}.</p>\n");
        else
            page.Add($"<p>In the order in which the manifest or the folder lists the photos, since not every file says when it was taken. A slope means drift only where that order is the order in time.</p>\n");
        page.Picture("image/png", Plots.Order(photos, evaluation.Threshold, evaluation.UnsureAbove, evaluation.OrderedByTime ? "photos in the order in which they were taken" : "photos in the order of the list"),
            "score of each photo in order; the table below gives the medians", Plots.Width, Plots.Height);
        double?[] Medians(string label) => [.. Enumerable.Range(0, Stretches).Select(i => Rates.Percentile(
            [.. photos[(photos.Length * i / Stretches)..(photos.Length * (i + 1) / Stretches)].Where(p => p.Label == label).Select(p => (double)p.Score!.Value)], 50))];
        var (good, defect) = (Medians("good"), Medians("defect"));
        page.Table("Median score in each fifth of that order", ["photos", "good", "defective"], Enumerable.Range(0, Stretches)
            .Select(i => (From: (photos.Length * i / Stretches) + 1, To: photos.Length * (i + 1) / Stretches, i)).Where(r => r.To >= r.From)
            .Select(r => (IReadOnlyList<string>)[string.Create(CultureInfo.InvariantCulture, $"{r.From} to {r.To}"), Figures.Score(good[r.i]), Figures.Score(defect[r.i])]));
    }
}
