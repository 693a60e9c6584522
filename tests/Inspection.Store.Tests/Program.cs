using Inspection.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inspection.Store.Tests;

/// <summary>Runs the tests; or, for the tests, a child process that appends to a ledger until it is killed.</summary>
internal static class Program
{
    /// <summary>First argument of the child; the second is the data folder.</summary>
    public const string Child = "--append-until-killed";

    public static async Task<int> Main(string[] args)
    {
        if (args is [Child, var root]) return AppendUntilKilled(root);
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }

    /// <summary>Prints <c>LEDGERID SEQUENCE NOTE</c> of each entry when it is durable.</summary>
    private static int AppendUntilKilled(string root)
    {
        var time = TimeProvider.System;
        var folder = DataFolder.Open(root, time).Value!;
        var ledger = JournalLedger.Open(folder, new(), time, new Alarms(time, (_, _) => { }), () => true, true, NullLogger.Instance).Value!;
        ledger.Start();
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        for (var i = 0; ; i++)
        {
            var note = $"{Environment.ProcessId}-{i}";
            NoteDraft? draft = null;
            draft = new NoteDraft(time, note)
            {
                Told = () => output.WriteLine($"{draft!.Durable!.Value.LedgerId} {draft.Durable.Value.Sequence} {note}"),
            };
            while (!ledger.TryAppend(draft)) Thread.Yield();
        }
    }
}
