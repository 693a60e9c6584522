using System.CommandLine;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.CommandLine;

/// <summary><c>relay exchanged</c>: a new relay's cycles are counted from 0.</summary>
internal static class RelayCommands
{
    private static readonly Option<string> By = CommonOptions.By("exchanged it");

    private static readonly Option<string?> Data = CommonOptions.Data();

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var exchanged = new Command("exchanged", "Tells that the relay is a new one: its cycles are counted from 0. The station must not be running.") { By, Data, Json };
        exchanged.SetAction(parsed => ExchangedAsync(parsed.GetRequiredValue(By), Home.Data(parsed.GetValue(Data)), parsed.GetValue(Json), TimeProvider.System));
        return new Command("relay", "The interlock's relay.") { exchanged };
    }

    private static async Task<int> ExchangedAsync(string by, string data, bool json, TimeProvider time)
    {
        var name = CommonOptions.NameOf(by);
        if (!name.Succeeded) return Output.Fail(name.Failure);
        if (!Directory.Exists(data)) return Output.Fail(new Failure("no-such-data", $"There is no data folder '{data}'. Name the station's with --data DIR."));
        return await ConsumerCommands.WithLedgerAsync(data, write: true, (ledger, simulated) => ExchangeAsync(ledger, simulated, name.Value, data, json, time));
    }

    private static async Task<int> ExchangeAsync(JournalLedger ledger, bool simulated, string name, string data, bool json, TimeProvider time)
    {
        var file = new RelayFile(DataFolder.RelayOf(data));
        var before = file.Load();
        if (before.Failure is { Code: "relay-newer" } newer) return Output.Fail(newer);
        var counted = before.Value is { } old ? $"{old.Cycles} times" : "nobody knows how often: its count was unreadable";
        // The entry first: the old relay's count is nowhere else once the new one's begins.
        var told = ledger.TryAppend(new AuditEntry(time, simulated, Who.Anybody, "relay-exchanged", $"by {name}, on the command line; the old relay had pulled in {counted}"));
        if (await ledger.StopAsync() > 0 || !told)
            return Output.Fail(new Failure("ledger-not-written", "The ledger could not be written, so the old relay's count stays. Check the room on the disk and the permissions of the data folder, then tell it again."));
        try
        {
            file.Save(new RelayLife(0, time.GetUtcNow(), name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail(new Failure("file-not-writable", $"The ledger tells of the exchange, but the old relay's count stays: {e.Message} Check the folder's permissions and the room on the disk, then tell it again."));
        }
        Output.Say($"The new relay is counted from 0, and the ledger tells of it; the old one had pulled in {counted}.");
        if (json) Output.Print(new { before = before.Value?.Cycles, by = name });
        return ExitCodes.Done;
    }
}
