using System.Text.Json;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>Delivered parts that were overruled to Reject before a start, and that nobody has answered for.</summary>
internal static class DeliveredNotes
{
    /// <summary>Reads them from the entries that hold their lots; what a later answer names is dealt with.</summary>
    /// <returns>Each part with what was told of it, oldest first; null where the ledger cannot be read.</returns>
    public static IReadOnlyList<(InspectionNumber Number, string Told)>? Open(JournalLedger ledger)
    {
        try
        {
            var held = All(ledger, EntryKind.Lot).Where(lot => Says(lot, "reason", Overrides.LotReason)).ToList();
            if (held.Count == 0) return [];
            // No further back than the oldest of them, since people sign in often and each time is an entry.
            var answers = All(ledger, EntryKind.Audit).TakeWhile(row => row.Place.IsAfter(held[^1].Place)).Where(row => Says(row, "action", Overrides.Answered))
                .Select(row => (Row: row, Parts: Named(row))).ToList();
            return [.. held.Select(lot => (Lot: lot, Told: Told(lot))).Where(h => !answers.Any(a => a.Row.Place.IsAfter(h.Lot.Place) && a.Parts.Contains(h.Told.Number))).Select(h => h.Told).Reverse()];
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static IEnumerable<LedgerRow> All(JournalLedger ledger, EntryKind kind)
    {
        EntryPlace? before = null;
        do
        {
            var page = ledger.Query(new LedgerQuery { Kind = kind, Max = 1000, Before = before });
            foreach (var row in page.Rows) yield return row;
            before = page.Next;
        }
        while (before is not null);
    }

    private static bool Says(LedgerRow row, string member, string value) => JsonElement.Parse(row.Body.Span).GetProperty(member).GetString() == value;

    /// <summary>The parts that an answer is about; none in one that names none, so that nothing is dealt with unseen.</summary>
    private static HashSet<InspectionNumber> Named(LedgerRow answer)
        => JsonElement.Parse(answer.Body.Span).TryGetProperty("parts", out var parts) ? [.. parts.EnumerateArray().Select(p => InspectionNumber.Of(p)!.Value)] : [];

    private static (InspectionNumber Number, string Told) Told(LedgerRow lot)
    {
        var body = JsonElement.Parse(lot.Body.Span);
        return (InspectionNumber.Of(body)!.Value, body.GetProperty("detail").GetString()!);
    }
}
