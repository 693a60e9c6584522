using System.CommandLine;
using Inspection.Core;
using Inspection.Station.Commissioning;

namespace Inspection.Station.CommandLine;

/// <summary><c>commission</c>: the 20 checks of <c>hardware/README.md</c>, with a person.</summary>
internal static class CommissionCommand
{
    private static readonly Option<string?> Name = new("--name") { Description = "Who does it, 1–64 characters; asked for when it is not given.", HelpName = "NAME" };

    private static readonly Option<string?> Only = new("--only") { Description = "Only these checks, such as 1,3,10: after an exchange.", HelpName = "N,N,…" };

    private static readonly Option<string?> Data = CommonOptions.Data();

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("commission", "Leads a person through the 20 checks of the wiring, reads and drives the lines itself where it can, and keeps each result. The station must not be running.")
        {
            Name, Only, Data, Json,
        };
        command.SetAction(parsed => RunAsync(parsed.GetValue(Name)?.Trim(), parsed.GetValue(Only), Home.Data(parsed.GetValue(Data)), parsed.GetValue(Json)));
        return command;
    }

    private static async Task<int> RunAsync(string? name, string? only, string data, bool json)
    {
        if (name is { Length: 0 or > 64 }) return Output.Fail(new Failure("bad-name", "The name has 1–64 characters."));
        var checks = Numbers(only);
        if (checks is null) return Output.Fail(new Failure("bad-checks", $"--only takes numbers 1–{CheckList.All.Count} with commas between them, such as 1,3,10; '{only}' is something else."));
        return await CommissioningRun.RunAsync(new CommissioningRequest(data, name, checks, json), TimeProvider.System);
    }

    /// <summary>The checks that were asked for, each once and in order; null where the text says something else.</summary>
    internal static IReadOnlyList<int>? Numbers(string? only)
    {
        if (only is null) return [.. CheckList.All.Select(check => check.Number)];
        var numbers = only.Split(',', StringSplitOptions.TrimEntries)
            .Select(text => int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) && number >= 1 && number <= CheckList.All.Count ? number : 0).ToList();
        return numbers.Contains(0) ? null : [.. numbers.Distinct().Order()];
    }
}
