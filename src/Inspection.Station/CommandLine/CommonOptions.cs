using System.CommandLine;

namespace Inspection.Station.CommandLine;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>Where the data folder is.</summary>
    public static Option<string?> Data() => new("--data")
    {
        Description = "The data folder: settings, recipes, models, ledger, pictures. Default: var at the root of the sources.",
        HelpName = "DIR",
    };

    /// <summary>JSON on stdout.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Prints the outcome as JSON on stdout." };

    /// <summary>JSON to a file, or to stdout when no file is named.</summary>
    public static Option<string?> JsonFile() => new("--json")
    {
        Description = "Writes the figures as JSON to FILE, or to stdout when no FILE is named.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>A page for people.</summary>
    public static Option<string?> Report() => new("--report")
    {
        Description = "Writes a page for people: one HTML file with plots and intervals (and heat maps, of one model), which needs no other file and no network.",
        HelpName = "FILE.html",
    };

    /// <summary>A required path.</summary>
    public static Option<string> Path(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Required = true,
    };

    /// <summary>Whether the option was typed, with or without a value.</summary>
    public static bool Has(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
