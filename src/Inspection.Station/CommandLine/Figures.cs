using System.Globalization;
using Inspection.Core;
using Inspection.Vision;

namespace Inspection.Station.CommandLine;

/// <summary>Where <c>evaluate</c> and <c>compare</c> leave what they found.</summary>
internal static class Figures
{
    /// <summary>The probability that a test gives, for a person.</summary>
    public static string Chance(double? p) => p < 0.0001 ? "< 0.0001" : Show(p);

    /// <summary>One figure for a person; a dash where there is none.</summary>
    public static string Show(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>Evaluates, and tells how far it has come.</summary>
    public static Outcome<Evaluation> Evaluate(Evaluator evaluator, string model, string data, CancellationToken cancel)
    {
        using var line = ProgressLine.ToPerson();
        return evaluator.Evaluate(model, data, new Photos(line), cancel);
    }

    private sealed class Photos(ProgressLine line) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => line.Tell("score", value.Done, value.Total);
    }

    /// <summary>Writes JSON where <c>--json</c> said, and other files that were asked for.</summary>
    /// <param name="json">Whether <c>--json</c> was given.</param>
    /// <param name="file">Its file, or null for stdout.</param>
    /// <param name="text">Makes the JSON.</param>
    /// <param name="others">Further files and what they hold.</param>
    /// <returns>Why it failed, or null.</returns>
    public static Failure? Write(bool json, string? file, Func<string> text, params IEnumerable<(string File, string Text)> others)
    {
        try
        {
            if (json && file is null) Console.Out.Write(text());
            else if (json) WriteText(file!, text());
            foreach (var (name, content) in others) WriteText(name, content);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("file-not-writable", $"The figures could not be written: {e.Message}");
        }
    }

    /// <summary>Aside first, so that a full disk leaves what was there before. What lies under /dev is not to be replaced.</summary>
    private static void WriteText(string file, string text)
    {
        var full = Path.GetFullPath(file);
        if (full.StartsWith("/dev/", StringComparison.Ordinal)) File.WriteAllText(full, text);
        else DurableFile.Write(full, System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes the report where one was asked for.</summary>
    /// <param name="report">Its file, or null.</param>
    /// <param name="page">Makes the page.</param>
    /// <returns>The exit code.</returns>
    public static int Report(string? report, Func<string> page)
    {
        if (report is null) return ExitCodes.Done;
        if (ReportPage.Write(report, page()) is { } unwritten) return Output.Fail(unwritten);
        Output.Say($"Report: {report}");
        return ExitCodes.Done;
    }
}
