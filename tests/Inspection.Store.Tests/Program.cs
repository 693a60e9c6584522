using Inspection.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inspection.Store.Tests;

/// <summary>Runs the tests; or, for the tests, a child process that appends to a ledger until it is killed.</summary>
internal static class Program
{
    /// <summary>First argument of the child; the second is the data folder.</summary>
    public const string Child = "--append-until-killed";

    /// <summary>First argument that adds one entry of each kind that a short run of the station does not write; the second is the data folder. See tests/upgrades.</summary>
    private const string Kinds = "--append-kinds";

    public static async Task<int> Main(string[] args)
    {
        if (args is [Kinds, var folder]) return await AppendKindsAsync(folder);
        if (args is [Child, var root]) return AppendUntilKilled(root);
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }

    private static async Task<int> AppendKindsAsync(string root)
    {
        var time = TimeProvider.System;
        using var folder = DataFolder.Open(root, time).Value!;
        await using var ledger = JournalLedger.Open(folder, new(), time, new Alarms(time, (_, _) => { }), () => true, true, NullLogger.Instance).Value!;
        ledger.Start();
        EntryDraft[] drafts =
        [
            new InterlockEntry(time, true, new(InterlockState.Stopped, InterlockState.Running, null, "", Who.Person("Ada", Role.Setter), ResetAnswer.None, time.GetUtcNow())),
            new GapEntry(time, true, "not-recorded", 1, "One part found no room in the queue."),
            new CommandEntry(time, true, Who.Person("Ada", Role.Setter), "reset", "refused: nothing is tripped", ""),
            .. ((EntryKind[])[EntryKind.Override, EntryKind.Disposition, EntryKind.Lot]).Select(kind => new NoteDraft(time, "reserved in 0.1.0", kind)),
        ];
        return drafts.All(ledger.TryAppend) && await ledger.StopAsync() == 0 ? 0 : 1;
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
