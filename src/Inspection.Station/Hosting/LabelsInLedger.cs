using System.Text.Json;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>Samples and labels as the ledger holds them, told to a book: first all, then what has come since.</summary>
/// <param name="walk">Gives all entries, each checked.</param>
/// <param name="query">Answers a question; null where a book is told once only.</param>
/// <param name="pictures">The folder of pictures.</param>
internal sealed class LabelsInLedger(Func<Action<LedgerRow>, LedgerVerification> walk, Func<LedgerQuery, LedgerPage>? query, string pictures)
{
    private const int MostLater = 10_000;

    private EntryPlace? _through;
    private JudgingModel? _last;

    /// <summary>Of a ledger that is in use.</summary>
    public static LabelReading Of(JournalLedger ledger, string pictures)
    {
        var labels = new LabelsInLedger(ledger.Walk, ledger.Query, pictures);
        return new(labels.Follow, PathOf);

        Outcome<string> PathOf(InspectionNumber part)
        {
            var found = StoredPicture.Find(ledger, pictures, part);
            return found.Succeeded ? found.Value.Path : found.Failure;
        }
    }

    /// <summary>Tells a book all durable entries that it has not been told.</summary>
    /// <param name="book">The book; the same at each call.</param>
    /// <returns>Null; or <c>ledger-not-as-written</c>, and the book says nothing then.</returns>
    /// <exception cref="IOException">The ledger cannot be read now.</exception>
    public Failure? Follow(LabelBook book)
    {
        try
        {
            if (_through is not null) return Continue(book);
            book.Clear();
            EntryPlace? through = null;
            var found = walk(row =>
            {
                Tell(row, book);
                through = row.Place;
            });
            if (found.FirstBad is { } bad)
            {
                book.Clear();
                return new("ledger-not-as-written", $"{bad.File} is not as it was written at byte {bad.Offset}, entry {bad.Entry}: {bad.Problem}. What was counted and labelled cannot be relied on. Restore the journal from a backup, and see 'ledger verify'.");
            }
            _through = through;
            return null;
        }
        catch (Exception e) when (PartsInLedger.IsOfTheBody(e))
        {
            (_through, _last) = (null, null);
            book.Clear();
            return new("ledger-not-as-written", $"An entry is not as this version writes it: {e.Message} Check the ledger with the command 'ledger verify'.");
        }
    }

    private Failure? Continue(LabelBook book)
    {
        var later = new Stack<LedgerRow>();
        EntryPlace? before = null;
        do
        {
            var page = query!(new LedgerQuery { Max = 1000, Before = before });
            before = page.Next;
            foreach (var row in page.Rows)
            {
                if (row.Place.IsAfter(_through!.Value)) later.Push(row);
                else before = null;
            }
        }
        while (before is not null && later.Count <= MostLater);
        if (later.Count > MostLater)
        {
            // Told from the first on, entry by entry: all these bodies would not be held at once.
            _through = null;
            return Follow(book);
        }
        foreach (var row in later)
        {
            Tell(row, book);
            _through = row.Place;
        }
        return null;
    }

    private void Tell(LedgerRow row, LabelBook book)
    {
        if (row.Kind is not (EntryKind.Inspection or EntryKind.Override or EntryKind.Audit)) return;
        using var document = JsonDocument.Parse(row.Body);
        var body = document.RootElement;
        switch (row.Kind)
        {
            case EntryKind.Inspection:
                Inspected(row, body, book);
                break;
            case EntryKind.Override:
                book.Overruled(row.About!.Value, Enum.Parse<VerdictKind>(body.GetProperty("to").GetString()!));
                break;
            default:
                if (!body.TryGetProperty("action", out var action)) break;
                if (action.ValueEquals(LabelDrawEntry.Action)) Drawn(body, book);
                else if (action.ValueEquals(LabelEntry.Action)) Labelled(body, book);
                break;
        }
    }

    /// <summary>Test parts are no production, and an Indeterminate is no verdict of the model; whatever was overruled or bypassed, the model's verdict is what counts.</summary>
    private void Inspected(LedgerRow row, JsonElement body, LabelBook book)
    {
        if (row.Verdict is not (VerdictKind.Pass or VerdictKind.Reject) || !body.GetProperty("purpose").ValueEquals("production")) return;
        if (JudgeOf(body) is not { } judge) return;
        book.Inspected(judge, new(new(row.Place.LedgerId, row.Sequence), row.Verdict.Value), IsPictured(body));
    }

    private bool IsPictured(JsonElement body) => PartsInLedger.Picture(body) is { } path && File.Exists(Path.Combine(pictures, path));

    private void Drawn(JsonElement body, LabelBook book)
    {
        if (JudgeOf(body) is not { } judge) return;
        var parts = body.GetProperty("parts").EnumerateArray().Select(PartOf).ToList();
        var before = body.GetProperty("before");
        book.Drawn(
            new(body.GetProperty("draw").GetGuid(), judge, body.GetProperty("seed").GetString()!, parts),
            new(before.GetProperty("passed").GetInt64(), before.GetProperty("rejected").GetInt64(), TallyOf(before.GetProperty("passes")), TallyOf(before.GetProperty("rejects")),
                [.. before.GetProperty("people").EnumerateArray().Select(name => name.GetString()!)]));
    }

    private void Labelled(JsonElement body, LabelBook book)
    {
        if (JudgeOf(body) is not { } judge) return;
        var label = Enum.GetValues<PartLabel>().Single(l => body.GetProperty("label").ValueEquals(Codes.Of(l)));
        var who = body.GetProperty("who");
        book.Labelled(judge, new(body.GetProperty("draw").GetGuid(), PartOf(body), label, new(who.GetProperty("kind").GetString()!, who.GetProperty("name").GetString()!)));
    }

    private static DrawnPart PartOf(JsonElement body) => new(InspectionNumber.Of(body)!.Value, Enum.Parse<VerdictKind>(body.GetProperty("verdict").GetString()!));

    private static LabelTally TallyOf(JsonElement tally)
        => new(tally.GetProperty("good").GetInt32(), tally.GetProperty("bad").GetInt32(), tally.GetProperty("cannotTell").GetInt32());

    /// <summary>Null where the entry has no threshold, since then no model judged. The same object for the same judge, entry after entry.</summary>
    private JudgingModel? JudgeOf(JsonElement body)
    {
        if (body.GetProperty("threshold") is not { ValueKind: JsonValueKind.Number } threshold) return null;
        var (model, limit) = (body.GetProperty("model"), threshold.GetSingle());
        if (_last is { } last && last.Threshold.Equals(limit) && model.GetProperty("sha256").ValueEquals(last.Model.Sha256)
            && model.GetProperty("version").GetInt32() == last.Model.Version && model.GetProperty("name").ValueEquals(last.Model.Name)) return last;
        return _last = new(new(model.GetProperty("name").GetString()!, model.GetProperty("version").GetInt32(), model.GetProperty("sha256").GetString()!), limit);
    }
}
