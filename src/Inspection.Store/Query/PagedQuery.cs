using System.Text.Json;
using Inspection.Core;

namespace Inspection.Store;

/// <summary>Walks the journals newest first until a page is full; how one journal is asked is the caller's.</summary>
internal static class PagedQuery
{
    /// <summary>Asks one journal: rows newest first, only entries below a number, at most so many.</summary>
    public delegate IReadOnlyList<LedgerRow> RowsOf(JournalFile file, LedgerQuery query, long below, int max);

    public static LedgerPage Run(IReadOnlyList<JournalFile> files, LedgerQuery query, RowsOf rowsOf)
    {
        if (query.Errors().FirstOrDefault() is { } error) throw new ArgumentException(error.ToString(), nameof(query));
        var rows = new List<LedgerRow>();
        var last = files.Count - 1;
        if (query.Before is { } before)
        {
            while (last >= 0 && files[last].Name.LedgerId != before.LedgerId) last--;
        }
        for (var i = last; i >= 0 && rows.Count <= query.Max; i--)
        {
            var file = files[i];
            // An entry can be written the day after its moment, never before it; one more day for a clock that was set.
            if (query.From is { } from && file.Name.Day.AddDays(1) < DateOnly.FromDateTime(from.UtcDateTime)) continue;
            var below = query.Before is { } b && b.LedgerId == file.Name.LedgerId ? b.Entry : long.MaxValue;
            rows.AddRange(rowsOf(file, query, below, query.Max + 1 - rows.Count));
        }
        return rows.Count <= query.Max ? new(rows, null) : new(rows[..query.Max], rows[query.Max - 1].Place);
    }

    /// <summary>Asks a journal by walking all of it.</summary>
    public static IReadOnlyList<LedgerRow> Walk(JournalFile file, LedgerQuery query, long below, int max)
    {
        var found = new Queue<LedgerRow>();
        file.Entries(0, (_, envelope, entry) =>
        {
            if (envelope.Entry >= below) return false;
            if (query.Kind is { } kind && envelope.Kind != kind) return true;
            if (envelope.At < query.From || envelope.At >= query.To) return true;
            var row = Row(file, envelope, JournalFile.Body(entry, envelope));
            if (query.Verdict is { } verdict && row.Verdict != verdict) return true;
            if (query.FirstSequence is { } first && row.Sequence < first) return true;
            if (query.LastSequence is { } last && (row.Sequence > last || row.Sequence == 0)) return true;
            if (query.About is not null && row.About != query.About) return true;
            found.Enqueue(row);
            if (found.Count > max) found.Dequeue();
            return true;
        });
        return [.. found.Reverse()];
    }

    public static LedgerRow Row(JournalFile file, in Envelope envelope, byte[] body)
    {
        var inspection = envelope.Kind == EntryKind.Inspection;
        return new(
            new(file.Name.LedgerId, envelope.Entry), envelope.Position, inspection ? Envelope.BodyNumber(body, "sequence"u8) : 0,
            envelope.Kind, envelope.At, inspection ? VerdictOf(body) : null, body)
        { About = envelope.Kind is EntryKind.Override or EntryKind.Disposition ? InspectionNumber.Of(JsonElement.Parse(body)) : null };
    }

    private static VerdictKind? VerdictOf(byte[] body)
        => Enum.TryParse<VerdictKind>(Envelope.BodyText(body, "verdict"u8), out var verdict) ? verdict : null;
}
