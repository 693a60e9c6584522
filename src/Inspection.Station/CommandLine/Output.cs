using System.Text.Json;
using System.Text.Json.Serialization;
using Inspection.Core;

namespace Inspection.Station.CommandLine;

/// <summary>Human text goes to stderr; stdout carries JSON and nothing else.</summary>
internal static class Output
{
    /// <summary>How the program writes JSON for other programs.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>One line for a person.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);

    /// <summary>A failure for a person.</summary>
    /// <returns>The exit code for it.</returns>
    public static int Fail(Failure failure)
    {
        Say($"inspection: {failure.Message} ({failure.Code})");
        return ExitCodes.Of(failure);
    }

    /// <summary>All that is wrong with a configuration, each on its own line.</summary>
    /// <returns>The exit code for it.</returns>
    public static int Fail(IReadOnlyList<SettingError> errors, string what = "the configuration", string outcome = "nothing was started")
    {
        Say($"inspection: {what} has {errors.Count} error{(errors.Count == 1 ? "" : "s")}; {outcome}.");
        foreach (var error in errors) Say("  " + error);
        return ExitCodes.WrongUsage;
    }

    /// <summary>JSON on stdout.</summary>
    public static void Print(object value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>JSON where <c>--json</c> said: to a file, to stdout when no file was named, nowhere when it was not given.</summary>
    /// <param name="wanted">Whether <c>--json</c> was given.</param>
    /// <param name="file">Its file, or null.</param>
    /// <param name="value">What to write.</param>
    public static void Write(bool wanted, string? file, object value)
    {
        if (!wanted) return;
        if (file is null) Print(value);
        else File.WriteAllText(file, JsonSerializer.Serialize(value, Json) + "\n");
    }
}
