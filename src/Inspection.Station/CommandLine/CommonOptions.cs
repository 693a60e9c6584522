using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Inspection.Core;

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

    /// <summary>Who does something that is kept under a name.</summary>
    /// <param name="what">What that person does, such as <c>exchanged it</c>.</param>
    public static Option<string> By(string what) => new("--by") { Description = $"Who {what}, 1–64 characters.", HelpName = "NAME", Required = true };

    /// <summary>The name that was typed at <see cref="By"/>.</summary>
    public static Outcome<string> NameOf(string by)
        => by.Trim().Length is < 1 or > 64 || by.Any(char.IsControl) ? new Failure("bad-name", "A name has 1–64 characters and no control characters.") : by.Trim();

    /// <summary>A required path.</summary>
    public static Option<string> Path(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Required = true,
    };

    /// <summary>A number, written with a point in every language of the system.</summary>
    /// <param name="name">The option.</param>
    /// <param name="helpName">What it is called in the help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="range">What is allowed, for the message; whether the number is within it is seen where it is used.</param>
    public static Option<T?> Number<T>(string name, string helpName, string description, string range)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => Numbers<T>(result, name, range) is [var number] ? number : null,
        };

    /// <summary>The numbers that were typed at an option; empty, and an error told, where one of them is none.</summary>
    public static T[] Numbers<T>(ArgumentResult result, string name, string range)
        where T : struct, INumber<T>
    {
        // A separator of thousands would make 5 of 0,05.
        var style = NumberStyles.AllowLeadingSign | (T.IsInteger(T.One / (T.One + T.One)) ? NumberStyles.None : NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent);
        var numbers = new List<T>();
        foreach (var token in result.Tokens)
        {
            if (T.TryParse(token.Value, style, CultureInfo.InvariantCulture, out var number) && T.IsFinite(number)) numbers.Add(number);
            else result.AddError($"{name}: found '{token.Value}'; allowed: {range}");
        }
        return numbers.Count == result.Tokens.Count ? [.. numbers] : [];
    }

    /// <summary>Whether the option was typed, with or without a value.</summary>
    public static bool Has(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
