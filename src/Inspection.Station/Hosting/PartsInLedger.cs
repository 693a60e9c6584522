using System.Text.Json;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>Single parts as the ledger knows them: what was said of them, and what people said since.</summary>
internal static class PartsInLedger
{
    /// <summary>The kept inspections of a sequence with their overrides, the newest ledger first.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="sequence">The number.</param>
    /// <returns>At least one; or <c>unknown-sequence</c>, or <c>part-too-old</c> where the number was given and its entry is no longer kept, or <c>part-not-read</c>.</returns>
    /// <exception cref="IOException">The ledger cannot be read now.</exception>
    public static Outcome<IReadOnlyList<JudgedPart>> Find(JournalLedger ledger, long sequence)
    {
        var rows = sequence < 1 ? [] : ledger.Query(new LedgerQuery { Kind = EntryKind.Inspection, FirstSequence = sequence, LastSequence = sequence }).Rows;
        if (rows.Count > 0) return ReadAll(ledger, rows);
        var newest = ledger.Query(new LedgerQuery { Kind = EntryKind.Inspection, Max = 1 }).Rows;
        return sequence >= 1 && newest.Count > 0 && sequence < newest[0].Sequence
            ? new Failure("part-too-old", $"Part {sequence} is no longer kept, so its verdict cannot be overruled.")
            : new Failure("unknown-sequence", $"There is no part {sequence}. Check the number; a part has one once its verdict is durable.");
    }

    /// <summary>What people changed of one inspection, oldest first.</summary>
    public static IReadOnlyList<Override> Overrides(IEnumerable<LedgerRow> about)
        => [.. about.Where(row => row.Kind == EntryKind.Override).Reverse().Select(Change)];

    /// <summary>Whether it is what an entry's body throws that is not as this version writes it.</summary>
    public static bool IsOfTheBody(Exception e)
        => e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException;

    private static Outcome<IReadOnlyList<JudgedPart>> ReadAll(JournalLedger ledger, IReadOnlyList<LedgerRow> rows)
    {
        try
        {
            return rows.Select(row => Read(ledger, row)).ToList();
        }
        catch (Exception e) when (IsOfTheBody(e))
        {
            return new Failure("part-not-read", $"The entry of part {rows[0].Sequence} is not as this version writes it: {e.Message} Check the ledger with the command \"ledger verify\".");
        }
    }

    private static JudgedPart Read(JournalLedger ledger, LedgerRow row)
    {
        var number = new InspectionNumber(row.Place.LedgerId, row.Sequence);
        var about = ledger.Query(new LedgerQuery { About = number, Max = 1000 }).Rows;
        var body = JsonElement.Parse(row.Body.Span);
        return new(
            number, row.At, Enum.Parse<Purpose>(body.GetProperty("purpose").GetString()!, ignoreCase: true), row.Verdict ?? VerdictKind.Indeterminate,
            body.GetProperty("reason").GetString()!, Enum.Parse<InterlockState>(body.GetProperty("interlock").GetString()!), body.GetProperty("lot").GetString(),
            Picture(body), about.Any(LeftTheLine), Overrides(about));
    }

    private static bool LeftTheLine(LedgerRow row)
        => row.Kind == EntryKind.Disposition
            && JsonElement.Parse(row.Body.Span).GetProperty("disposition").GetString() is nameof(Disposition.Diverted) or nameof(Disposition.RemovedByHand);

    private static Override Change(LedgerRow row)
    {
        var body = JsonElement.Parse(row.Body.Span);
        return new(
            Enum.Parse<VerdictKind>(body.GetProperty("from").GetString()!), Enum.Parse<VerdictKind>(body.GetProperty("to").GetString()!),
            body.GetProperty("reason").GetString()!, Person(body.GetProperty("who")), row.At);
    }

    private static Who Person(JsonElement who)
        => new(who.GetProperty("kind").GetString()!, who.GetProperty("name").GetString()!,
            who.TryGetProperty("role", out var role) && Enum.TryParse<Role>(role.GetString(), ignoreCase: true, out var known) ? known : null);

    /// <summary>The path of an inspection's picture within the pictures folder; null where none was kept.</summary>
    public static string? Picture(JsonElement body)
        => body.GetProperty("views")[0].GetProperty("image") is { ValueKind: JsonValueKind.Object } image ? image.GetProperty("path").GetString() : null;
}
