using System.CommandLine;
using System.Text.Json.Nodes;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.CommandLine;

/// <summary><c>ledger query</c> and <c>ledger verify</c> only read, beside a running station too; <c>ledger restored</c> marks.</summary>
internal static class LedgerCommands
{
    private static readonly Option<EntryKind?> Kind = new("--kind") { Description = "Only entries of this kind: inspection, disposition, interlock, alarm, gap, audit, …", HelpName = "KIND" };

    private static readonly Option<VerdictKind?> Verdict = new("--verdict") { Description = "Only inspections with this verdict: pass, reject or indeterminate.", HelpName = "VERDICT" };

    private static readonly Option<DateTimeOffset?> From = new("--from") { Description = "Only entries of this moment or later, ISO 8601.", HelpName = "TIME" };

    private static readonly Option<DateTimeOffset?> To = new("--to") { Description = "Only entries before this moment, ISO 8601.", HelpName = "TIME" };

    private static readonly Option<long?> FirstSequence = CommonOptions.Number<long>("--first", "N", "Only inspections with this sequence or a higher one.", "a whole number");

    private static readonly Option<long?> LastSequence = CommonOptions.Number<long>("--last", "N", "Only inspections with this sequence or a lower one.", "a whole number");

    private static readonly Option<int?> Max = CommonOptions.Number<int>("--max", "N", "At most so many, 1–1000. Default: 100.", "1–1000");

    private static readonly Option<string?> Data = CommonOptions.Data();

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var query = new Command("query", "Lists entries, newest first.") { Kind, Verdict, From, To, FirstSequence, LastSequence, Max, Data, Json };
        query.SetAction(parsed => Reading(() => Query(
            new LedgerQuery
            {
                Kind = parsed.GetValue(Kind),
                Verdict = parsed.GetValue(Verdict),
                From = parsed.GetValue(From),
                To = parsed.GetValue(To),
                FirstSequence = parsed.GetValue(FirstSequence),
                LastSequence = parsed.GetValue(LastSequence),
                Max = parsed.GetValue(Max) ?? 100,
            },
            Home.Data(parsed.GetValue(Data)), parsed.GetValue(Json))));
        var verify = new Command("verify", "Reads the whole chain and checks every record, number and hash.") { Data, Json };
        verify.SetAction(parsed => Reading(() => Verify(Home.Data(parsed.GetValue(Data)), parsed.GetValue(Json))));
        var restored = new Command("restored",
            "Has the next start begin a new ledgerId: after a snapshot was turned back or a disk cloned, which cannot be seen. The station must not be running.") { Data, Json };
        restored.SetAction(parsed => Restored(Home.Data(parsed.GetValue(Data)), parsed.GetValue(Json)));
        return new Command("ledger", "What the station remembers.") { query, verify, restored };
    }

    private static int Restored(string data, bool json)
    {
        if (Archive(data) is null) return NoLedger(data);
        var folder = DataFolder.Open(data, TimeProvider.System);
        if (!folder.Succeeded) return Output.Fail(folder.Failure);
        using var held = folder.Value;
        if (JournalLedger.MarkRestored(held) is { } failure) return Output.Fail(failure);
        Output.Say("The next start begins a new ledgerId and tells receivers so.");
        if (json) Output.Print(new { restored = data });
        return ExitCodes.Done;
    }

    /// <summary>Runs what only reads the ledger, and tells why it could not.</summary>
    internal static int Reading(Func<int> read)
    {
        try
        {
            return read();
        }
        catch (NewerEntryException e)
        {
            return Output.Fail(new Failure("ledger-newer", e.Message));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail(new Failure("ledger-unreadable", e.Message));
        }
    }

    private static int Query(LedgerQuery query, string data, bool json)
    {
        var errors = query.Errors().ToList();
        if (errors.Count > 0) return Output.Fail(errors, "the question");
        if (Archive(data) is not { } archive) return NoLedger(data);
        var page = archive.Query(query);
        var overrides = OverridesOf(archive, page.Rows);
        foreach (var row in page.Rows) Output.Say(Line(row) + (InForce(row, overrides) is { } now ? $", overruled to {now}" : ""));
        Output.Say(page.Next is null ? $"{page.Rows.Count} entries." : $"{page.Rows.Count} entries; there are older ones.");
        if (json) Output.Print(page.Rows.Select(row => AsJson(row, InForce(row, overrides), DataFolder.PicturesOf(data))));
        return ExitCodes.Done;
    }

    private static int Verify(string data, bool json)
    {
        if (Archive(data) is not { } archive) return NoLedger(data);
        var found = archive.Verify();
        foreach (var note in found.Notes) Output.Say(note);
        Output.Say($"{found.Entries} entries in {found.Journals} journals.");
        if (found.FirstBad is { } bad) Output.Say($"inspection: {bad.File} is not as it was written at byte {bad.Offset}, entry {bad.Entry}: {bad.Problem}");
        else Output.Say("Every record, number and hash is as it was written.");
        if (json) Output.Print(found);
        return found.FirstBad is null ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static LedgerArchive? Archive(string data)
        => Directory.Exists(DataFolder.LedgerOf(data)) ? new LedgerArchive(DataFolder.LedgerOf(data)) : null;

    internal static int NoLedger(string data)
        => Output.Fail(new Failure("no-ledger", $"There is no ledger in '{data}'. Name the data folder with --data DIR."));

    private static string Line(LedgerRow row)
    {
        var number = row.Sequence > 0 ? $"sequence {row.Sequence} " : "";
        var verdict = row.Verdict is { } kind ? kind.ToString() : "";
        return $"{MessageSchema.Time(row.At)}  entry {row.Place.Entry}  {Codes.Of(row.Kind)}  {number}{verdict} {Gist(row)}".TrimEnd();
    }

    /// <summary>What a person wants to know of an entry first.</summary>
    private static string? Gist(LedgerRow row)
    {
        var body = JsonNode.Parse(row.Body.Span)!;
        return row.Kind switch
        {
            EntryKind.Inspection or EntryKind.Gap or EntryKind.Lot => (string?)body["reason"],
            EntryKind.Override => $"of sequence {body["inspection"]?["sequence"]}: {body["from"]} → {body["to"]} by {body["who"]?["name"]}: {body["reason"]}",
            EntryKind.Interlock => $"{body["from"]} → {body["to"]} {body["cause"]}",
            EntryKind.Disposition => $"{body["disposition"]} {(body["inspection"]?["sequence"] is { } sequence ? $"of sequence {sequence}" : "of a part that has none")}",
            EntryKind.Alarm => $"{body["code"]} {((bool?)body["active"] == true ? "came" : "went")}",
            EntryKind.Command => $"{body["command"]} {body["outcome"]}",
            EntryKind.Audit => (string?)body["action"],
            _ => null,
        };
    }

    /// <summary>The last override of each inspection; they are always written after it, in its ledger or a later one.</summary>
    private static Dictionary<InspectionNumber, string> OverridesOf(LedgerArchive archive, IReadOnlyList<LedgerRow> rows)
    {
        var last = new Dictionary<InspectionNumber, string>();
        EntryPlace? before = null;
        if (!rows.Any(row => row.Kind == EntryKind.Inspection)) return last;
        do
        {
            var page = archive.Query(new LedgerQuery { Kind = EntryKind.Override, Max = 1000, Before = before });
            foreach (var row in page.Rows)
                if (row.About is { } about) last.TryAdd(about, (string)JsonNode.Parse(row.Body.Span)!["to"]!);
            before = page.Next;
        }
        while (before is not null);
        return last;
    }

    private static string? InForce(LedgerRow row, Dictionary<InspectionNumber, string> overrides)
        => row.Kind == EntryKind.Inspection ? overrides.GetValueOrDefault(new(row.Place.LedgerId, row.Sequence)) : null;

    private static JsonObject AsJson(LedgerRow row, string? overruled, string pictures)
    {
        var body = JsonNode.Parse(row.Body.Span);
        var json = new JsonObject
        {
            ["ledgerId"] = row.Place.LedgerId,
            ["entry"] = row.Place.Entry,
            ["position"] = row.Position,
            ["sequence"] = row.Sequence,
            ["kind"] = Codes.Of(row.Kind),
            ["at"] = MessageSchema.Time(row.At),
        };
        // Pictures are forgotten before the entries that name them.
        if (PicturesOf(body) is { Length: > 0 } named) json["picturesKept"] = named.All(path => File.Exists(Path.Combine(pictures, path)));
        if (overruled is not null) json["overruledTo"] = overruled;
        json["body"] = body;
        return json;
    }

    private static string[] PicturesOf(JsonNode? body)
        => [.. (body?["views"] as JsonArray ?? []).Select(view => (string?)view?["image"]?["path"]).OfType<string>()];
}
