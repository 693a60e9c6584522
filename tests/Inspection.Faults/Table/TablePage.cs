using System.Globalization;
using System.Runtime.CompilerServices;

namespace Inspection.Faults;

/// <summary>The table as lines of Markdown, and the page of <c>hardware/</c> that holds it.</summary>
internal static class TablePage
{
    /// <summary>The table of one form.</summary>
    /// <param name="rows">What was measured.</param>
    /// <param name="inGuest">Whether on the kernel's GPIO interface.</param>
    public static IReadOnlyList<string> Table(IReadOnlyCollection<Row> rows, bool inGuest)
    {
        var met = rows.Count(row => row.Wrong is null);
        var lines = new List<string>
        {
            $"{met} of {rows.Count} rows are as demanded.",
            "",
            "| must open | how | before | injected s | open s | ms | counted from | ms after the fault | latched | Reset while present | screen | MQTT `interlock` | lamps |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
        };
        foreach (var row in rows.Where(row => row.Demand == Demand.MustOpen))
            lines.Add(Cells(row.Fault, How(row, inGuest), row.Before, N(row.Injected, "F3"), N(row.Opened, "F3"), N(row.Counted, "F0"), row.CountsFrom, N(row.AfterFault, "F0"),
                row.Latched, row.Reset, row.Screen, row.Mqtt, row.Lamps, row.Wrong));
        lines.AddRange(["", "| must not matter | how | before | injected s | relay | verdicts at the plant | screen and alarms | lamps |", "|---|---|---|---|---|---|---|---|"]);
        foreach (var row in rows.Where(row => row.Demand == Demand.MustNotMatter))
            lines.Add(Cells(row.Fault, How(row, inGuest), row.Before, N(row.Injected, "F3"), row.Opened is null ? "stayed closed" : "opened", row.Mqtt, row.Screen, row.Lamps, row.Wrong));
        return lines;
    }

    /// <summary>Puts a form's lines into the page, between its marks.</summary>
    public static void Write(string form, IReadOnlyList<string> lines)
    {
        var page = File.ReadAllText(Page).Split('\n').ToList();
        var (from, to) = (page.IndexOf($"<!-- {form} -->"), page.IndexOf($"<!-- end of {form} -->"));
        if (from < 0 || to < from) throw new InvalidOperationException($"{Page} has no marks for '{form}' any more.");
        page.RemoveRange(from + 1, to - from - 1);
        page.InsertRange(from + 1, lines);
        File.WriteAllText(Page, string.Join('\n', page));
    }

    /// <summary>The machine that measured.</summary>
    public static string Machine()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown processor";
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{Environment.ProcessorCount} cores ({model}), Linux {Environment.OSVersion.Version}, load {load} when it began";
    }

    private static string Page { get; } = Find();

    private static string Find([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "hardware", "faults.md"));

    private static string How(Row row, bool inGuest)
        => FaultTable.All.FirstOrDefault(fault => fault.Name == row.Fault) is { } fault ? (inGuest ? fault.HowInGuest : null) ?? fault.How : "";

    private static string Cells(params string?[] cells)
        => $"| {string.Join(" | ", cells[..^1].Select(cell => (cell ?? "").Replace("|", "\\|", StringComparison.Ordinal)))} |" + (cells[^1] is { } wrong ? $" **NOT MET: {wrong}**" : "");

    private static string N(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
