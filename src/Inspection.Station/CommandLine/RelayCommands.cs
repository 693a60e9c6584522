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
        exchanged.SetAction(parsed => Exchanged(parsed.GetRequiredValue(By), Home.Data(parsed.GetValue(Data)), parsed.GetValue(Json), TimeProvider.System));
        return new Command("relay", "The interlock's relay.") { exchanged };
    }

    private static int Exchanged(string by, string data, bool json, TimeProvider time)
    {
        var name = CommonOptions.NameOf(by);
        if (!name.Succeeded) return Output.Fail(name.Failure);
        if (!Directory.Exists(data)) return Output.Fail(new Failure("no-such-data", $"There is no data folder '{data}'. Name the station's with --data DIR."));
        var folder = DataFolder.Open(data, time);
        if (!folder.Succeeded) return Output.Fail(folder.Failure);
        using var held = folder.Value;
        var file = new RelayFile(held.RelayFile);
        var before = file.Load();
        if (before.Failure is { Code: "relay-newer" } newer) return Output.Fail(newer);
        try
        {
            file.Save(new RelayLife(0, time.GetUtcNow(), name.Value));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail(new Failure("file-not-writable", $"'{held.RelayFile}' could not be written: {e.Message} Check the folder's permissions and the room on the disk."));
        }
        Output.Say($"The new relay is counted from 0; the old one had pulled in {(before.Value is { } old ? $"{old.Cycles} times" : "nobody knows how often: its count was unreadable")}.");
        if (json) Output.Print(new { before = before.Value?.Cycles, by = name.Value });
        return ExitCodes.Done;
    }
}
