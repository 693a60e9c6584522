using System.CommandLine;
using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Station.Settings;
using Inspection.Station.Time;
using Inspection.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inspection.Station.CommandLine;

/// <summary><c>consumers list</c> and <c>consumers remove</c>. Beside a running station the page lists them.</summary>
internal static class ConsumerCommands
{
    private static readonly Argument<string> Client = new("CLIENT") { Description = "The client's MQTT id." };

    private static readonly Option<string?> Data = CommonOptions.Data();

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var list = new Command("list", "Lists the receivers that verdicts are kept for, and what waits for each. The station must not be running.") { Data, Json };
        list.SetAction(parsed => WithLedgerAsync(
            Home.Data(parsed.GetValue(Data)), write: false, (ledger, _) => Task.FromResult(List(ledger, parsed.GetValue(Json))),
            "What waits changes with every part; while the station runs, its page (Receivers) and its message 'status' show it."));
        var remove = new Command("remove", "Forgets a receiver: nothing is kept for it any more. The station must not be running.") { Client, Data, Json };
        remove.SetAction(parsed => WithLedgerAsync(
            Home.Data(parsed.GetValue(Data)), write: true, (ledger, simulated) => RemoveAsync(ledger, simulated, parsed.GetRequiredValue(Client), parsed.GetValue(Json))));
        return new Command("consumers", "Receivers of verdicts.") { list, remove };
    }

    /// <summary>Opens the ledger as the station would: with its own limits, so that nothing is forgotten that it keeps.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="write">Whether anything is to be written.</param>
    /// <param name="act">Gets the ledger, and whether the station is simulated.</param>
    /// <param name="running">What else to do where a station is running; null where nothing is.</param>
    internal static async Task<int> WithLedgerAsync(string data, bool write, Func<JournalLedger, bool, Task<int>> act, string? running = null)
    {
        var time = TimeProvider.System;
        var folder = DataFolder.Open(data, time);
        if (folder.Failure is { Code: "data-in-use" } used && running is not null) return Output.Fail(used with { Message = $"{used.Message} {running}" });
        if (!folder.Succeeded) return Output.Fail(folder.Failure);
        using var held = folder.Value;
        var reading = SettingsFile.Read(held.Root, new RunRequest(null, null, null, false, true, null, null, data, false));
        if (reading.Errors.Count > 0) return Output.Fail(reading.Errors);
        var simulated = reading.Settings.IsSimulated;
        var opened = JournalLedger.Open(held, reading.Settings.Store, time, new Alarms(time, static (_, _) => { }), SystemClock.IsTrusted, simulated, NullLogger.Instance);
        if (!opened.Succeeded) return Output.Fail(opened.Failure);
        await using var ledger = opened.Value;
        // Only a station's start raises the alarm about them, so they are left to it.
        if (ledger.CursorsProblem is { } problem)
            return Output.Fail(new Failure("cursors-unreadable", $"{problem} Start the station once, which sets the file aside, or restore it from a backup."));
        // Once started it writes and forgets.
        if (write) ledger.Start();
        return await act(ledger, simulated);
    }

    private static int List(JournalLedger ledger, bool json)
    {
        var consumers = ledger.Cursors.All().Where(c => c.Consumer != CursorTable.Shared)
            .Select(c => new { c.Consumer, c.Named, Waiting = ledger.CountAfter(c.At), c.LastConnected, Position = c.At?.Position ?? 0 }).ToList();
        foreach (var c in consumers)
            Output.Say($"{c.Consumer}: {c.Waiting} messages wait, last connected {MessageSchema.Time(c.LastConnected)}{(c.Named ? ", named in the settings" : "")}");
        Output.Say($"{consumers.Count} consumers.");
        if (json) Output.Print(consumers);
        return ExitCodes.Done;
    }

    private static async Task<int> RemoveAsync(JournalLedger ledger, bool simulated, string client, bool json)
    {
        if (client == CursorTable.Shared || !ledger.Cursors.Remove(client))
            return Output.Fail(new Failure("no-such-consumer", $"There is no consumer '{client}'. 'consumers list' names them."));
        var told = ledger.TryAppend(new AuditEntry(TimeProvider.System, simulated, Who.Station, "consumer-removed", $"{client}, on the command line"));
        var lost = await ledger.StopAsync();
        if (!ledger.CursorsSaved)
            return Output.Fail(new Failure("file-not-writable", $"{client} is kept: cursors.json could not be written. {Remedy} Then remove it again."));
        if (!told || lost > 0)
            return Output.Fail(new Failure("ledger-not-written", $"{client} is removed, but the ledger could not be written and does not tell so. {Remedy}"));
        Output.Say($"{client} is forgotten; nothing is kept for it any more.");
        if (json) Output.Print(new { removed = client });
        return ExitCodes.Done;
    }

    private const string Remedy = "Check the room on the disk and the permissions of the data folder.";
}
