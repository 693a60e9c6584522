using System.Globalization;
using System.Text;

namespace Inspection.Vision;

/// <summary>The model's card for people, <c>README.md</c>, written by the program.</summary>
internal static class ModelPage
{
    /// <summary>A photo, darkened where the model does not look; only where it has a region of interest.</summary>
    public const string RegionPicture = "region.jpg";

    /// <summary>The page.</summary>
    /// <param name="taught">What teaching gave.</param>
    /// <param name="record">How it was taught.</param>
    /// <param name="leftOut">Names of the photos that were left out of this lesson.</param>
    /// <param name="generated">True when the parts were simulated.</param>
    public static string Of(TaughtModel taught, TeachRecord record, IReadOnlyList<string> leftOut, bool generated)
    {
        var (card, settings) = (taught.Card, record.Settings);
        var page = new StringBuilder();
        void Line(FormattableString text) => page.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

        Line($"# {card.Name}, version {card.Version}");
        Line($"");
        Line($"Says how unlike the taught good parts a part looks. It has seen no defect and knows no kind of defect by name.");
        Line($"Written by Inspection {record.Program} on {record.TaughtAt:yyyy-MM-dd HH:mm} UTC. Start at `model.json`; `teach.json` says from which photo each patch of the memory comes.");
        Line($"");
        Line($"| | |");
        Line($"|---|---|");
        var lot = record.Lots[^1];
        Line($"| taught from | {settings.Good}: {lot.Photos} parts in the memory, {taught.KeptOut} {(taught.KeptOutJoined ? "of them kept out until the threshold stood" : "more kept out for the threshold")}{(generated ? ", all rendered by the simulated line" : "")} |");
        if (record.Lots.Count > 1) Line($"| extends | version {record.Lots[^2].Version}; {taught.Photos} parts in the memory in all |");
        Line($"| input | {settings.Width} × {settings.Height}, RGB, 0..1, shrunk by area |");
        if (settings.Regions is { Count: > 0 } regions) Line($"| looks only at | {string.Join("; ", regions)} in pixels of the photo ({settings.PhotoWidth} × {settings.PhotoHeight}), widened to whole patches; [{RegionPicture}]({RegionPicture}) is dark where it does not |");
        if (card.Align is { } align)
            Line($"| turns parts upright | by the mark {align.Mark.X},{align.Mark.Y},{align.Mark.Width},{align.Mark.Height} of {settings.Reference} ({align.PhotoWidth} × {align.PhotoHeight}), [{align.File}]({align.File}); up to {align.Turn:0.#}° to either side; not found, and Indeterminate, where its likeness is below {align.LeastLikeness:0.##}, it is turned farther or reaches beyond the picture's edge. The bound below speaks of parts that are found. Patches are counted on the upright part |");
        Line($"| memory | {taught.Patches} patches of 16 × 16 pixels, chosen by greedy k-center |");
        Line($"| score | highest distance of a patch to its nearest in the memory, less where good parts differ more than usual |");
        Line($"| threshold | {card.Threshold:0.######}; Reject is score > threshold |");
        Line($"| kept-out parts above it | {taught.KeptOutAbove} of {taught.KeptOut} |");
        if (taught.KnownDefects > 0) Line($"| known defects | none of the {taught.KnownDefects} would pass |");
        Line($"| file | `{card.File}`, {(card.Precision == ModelPrecision.Quantised ? "INT8 (the memory float32)" : "float32")}, SHA-256 `{card.Sha256}` |");
        if (record.PrecisionChoice is { } choice) Line($"| precision | {choice.Words} |");
        Line($"| teaching took | {record.Seconds.Values.Sum():0.#} s |");
        Line($"");
        Line($"**What is promised.** {card.Bound?.Statement} It follows from the order of the kept-out scores alone, whatever their distribution (Wilks 1941), as long as later good parts are drawn like these: same camera, light, position, material. It says nothing of how many defects are caught; `evaluate` on parts with known defects does.");
        Line($"");
        if (taught.Unsure.Count > 0)
        {
            Line($"**Parts that a person shall look at.** Where the recipe gives `model.unsureAbove`, a part above it that is not rejected is Indeterminate, unsure. Each of these scores is bounded alone, by the same rule as the threshold; it speaks of good parts like those that this version kept out, rejected ones counted:");
            Line($"");
            foreach (var limit in taught.Unsure) Line($"- {limit.Words}");
            Line($"");
        }
        Line($"**What is estimated.** Defects painted by the program on the good parts that were kept out; the model would have caught of them, by length or diameter on the photo:");
        Line($"");
        foreach (var line in taught.EstimateLines()) Line($"- {line}");
        Line($"");
        Line($"An estimate on painted defects, not a promise of real ones. `defects/` shows one that it catches and one that it misses of each kind and size.");
        Line($"");
        foreach (var warning in taught.Warnings) Line($"> {warning}\n");
        Line($"**History**");
        Line($"");
        Line($"| version | date | good parts | in the memory | kept out for the threshold | at most of such parts above it | by |");
        Line($"|---|---|---|---|---|---|---|");
        foreach (var l in record.Lots) Line($"| {l.Version} | {l.TaughtAt:yyyy-MM-dd} | {l.Good} | {l.Photos} | {l.KeptOut} | {BoundWords.Percent(l.MaxFalseRejectRate)} | {l.By?.Replace("|", "\\|", StringComparison.Ordinal)} |");
        Line($"");
        Line($"**To teach it again:** `{Command(taught, record, leftOut)}` with seed {settings.Seed}{(record.Lots.Count == 1 && settings.Regions is { Count: > 0 } ? ", a mask where it lies" : "")}; the same photos give the same scores within the card's parity tolerance.");
        Line($"");
        Line($"**Runs in any ONNX runtime** (opset 17): `{card.Input?.Name}` float32 [1, 3, {settings.Height}, {settings.Width}] gives `{card.Outputs?.Score}` [1], `{card.Outputs?.Map}` [1, 1, {settings.Height / settings.Stride}, {settings.Width / settings.Stride}] and `{card.Outputs?.Nearest}` [1], the index in `teach.json` of the patch most like the highest one.{(card.Precision == ModelPrecision.Quantised ? $" Where another program runs it on an x64 processor without VNNI, it must set ONNX Runtime's session entry `{ExactInt8.Entry}` to 1, or the values are wrong; this program does." : "")}");
        Line($"");
        Line($"**Inside** stands the frozen backbone {settings.Backbone} (SHA-256 `{settings.BackboneSha256}`): EfficientNet-Lite0 by Google, Apache-2.0, see `models/backbones/`. The memory holds features of your parts, not their pictures; `thumbnails/` holds small copies of the photos they come from.");
        return page.ToString();
    }

    private static string Command(TaughtModel taught, TeachRecord record, IReadOnlyList<string> leftOut)
    {
        var (card, settings) = (taught.Card, record.Settings);
        var words = new List<string> { "bash src/run.sh teach --good", Quoted(settings.Good), "--out DIR" };
        // Extending, the rest stays as in the version before.
        if (record.Lots.Count > 1)
        {
            words.Add($"--extend {card.Name}/{record.Lots[^2].Version}");
        }
        else
        {
            words.Add($"--input {settings.Width}x{settings.Height}");
            if (record.PrecisionChoice is not null) words.Add("--precision auto");
            else if (card.Precision == ModelPrecision.Quantised) words.Add("--precision int8");
            words.AddRange((settings.Regions ?? []).Select(region => "--roi " + Quoted(region)));
            if (card.Align is { } align) words.Add(string.Create(CultureInfo.InvariantCulture, $"--align {align.Mark.X},{align.Mark.Y},{align.Mark.Width},{align.Mark.Height} --align-turn {align.Turn}"));
        }
        words.AddRange(leftOut.Select(photo => "--leave-out " + Quoted(photo)));
        words.Add(string.Create(CultureInfo.InvariantCulture, $"--max-false-rejects {settings.MaxFalseRejects}"));
        if (taught.MillimetresPerPixel is { } mm) words.Add(string.Create(CultureInfo.InvariantCulture, $"--mm-per-pixel {mm}"));
        if (record.Lots[^1].By is { } by) words.Add("--by " + Quoted(by));
        return string.Join(' ', words);
    }

    /// <summary>As a shell takes it for one word.</summary>
    private static string Quoted(string word)
        => word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./,:+@%".Contains(c, StringComparison.Ordinal)) ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
