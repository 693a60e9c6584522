using System.CommandLine;
using System.CommandLine.Invocation;

namespace Inspection.Station.CommandLine;

/// <summary>Parses and runs the command line. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 cancelled.</summary>
internal static class Invocation
{
    /// <summary>Runs the command that was typed; without one, <c>run</c>.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(WithDefaultCommand(args));
        if (parsed.Action is ParseErrorAction wrong)
        {
            wrong.ShowHelp = false;
            await parsed.InvokeAsync(new InvocationConfiguration { Output = Console.Error });
            Output.Say("'--help' after any command explains it.");
            return ExitCodes.WrongUsage;
        }
        // The station ends by itself after Ctrl-C: outputs first, then its queues. Nothing may cut that short.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static string[] WithDefaultCommand(string[] args)
    {
        var isRun = args.Length == 0 || (args[0].StartsWith('-') && args[0] is not ("--help" or "-h" or "-?" or "--version"));
        return isRun ? ["run", .. args] : args;
    }
}

/// <summary>What the process says of itself when it ends.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int WrongUsage = 2;

    /// <summary>Cancelled by Ctrl-C or a service manager's stop.</summary>
    public const int Cancelled = 3;

    // What this machine refused, and the same command may do later; all else was typed, named or configured wrongly.
    private static readonly HashSet<string> OfTheMachine =
    [
        "address-not-available", "bench-stopped", "cannot-listen", "cursors-newer", "cursors-unreadable", "data-in-use", "data-malformed",
        "data-newer", "data-not-writable", "file-not-writable", "gpio-failed", "gpio-line-busy", "gpio-lost", "label-not-stored", "ledger-newer",
        "ledger-not-as-written", "ledger-not-read", "ledger-not-written", "ledger-unreadable", "model-not-copied", "model-not-pinned", "no-parts-to-label", "page-not-served", "people-newer", "port-in-use",
        "port-not-permitted", "recipe-newer", "relay-newer", "teach-failed", "teach-not-written", "teach-under-way",
    ];

    /// <summary>The code for a failure, the same from every command.</summary>
    public static int Of(Core.Failure failure) => OfTheMachine.Contains(failure.Code) ? Failed : WrongUsage;
}
