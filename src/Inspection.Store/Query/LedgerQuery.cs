using Inspection.Core;

namespace Inspection.Store;

/// <summary>A question to the ledger; what is absent does not restrict. The answer is newest first.</summary>
public sealed record LedgerQuery
{
    /// <summary>Only entries of this kind.</summary>
    public EntryKind? Kind { get; init; }

    /// <summary>Only inspections with this verdict.</summary>
    public VerdictKind? Verdict { get; init; }

    /// <summary>Only entries of this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only entries before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only inspections with this sequence or a higher one.</summary>
    public long? FirstSequence { get; init; }

    /// <summary>Only inspections with this sequence or a lower one.</summary>
    public long? LastSequence { get; init; }

    /// <summary>Only entries that refer to this inspection: its overrides and dispositions.</summary>
    public InspectionNumber? About { get; init; }

    /// <summary>At most so many, 1–1000. Default 100.</summary>
    public int Max { get; init; } = 100;

    /// <summary>Only entries before this one: <see cref="LedgerPage.Next"/> of the page before.</summary>
    public EntryPlace? Before { get; init; }

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (Max is < 1 or > 1000) yield return new("max", $"found {Max}", "1–1000 entries");
        if (From > To) yield return new("from", "it is after 'to'", "a moment before 'to'");
        if (FirstSequence > LastSequence) yield return new("firstSequence", $"found {FirstSequence}, above lastSequence {LastSequence}", "lastSequence or lower");
    }
}

/// <summary>Where an entry stands.</summary>
/// <param name="LedgerId">Its chain.</param>
/// <param name="Entry">Its number within it.</param>
public readonly record struct EntryPlace(Guid LedgerId, long Entry)
{
    /// <summary>Whether it stands after another one: by place, not by wall clock, which may be set. Ids of later ledgers are greater.</summary>
    public bool IsAfter(EntryPlace other)
        => LedgerId == other.LedgerId ? Entry > other.Entry : string.CompareOrdinal(LedgerId.ToString(), other.LedgerId.ToString()) > 0;
}

/// <summary>One entry as a query gives it.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Position">Its number over messages; 0 when it is none.</param>
/// <param name="Sequence">Its number over inspections; 0 for other kinds.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="At">When, UTC, to the millisecond.</param>
/// <param name="Verdict">The verdict, of an inspection.</param>
/// <param name="Body">The body's exact bytes: one JSON object.</param>
public sealed record LedgerRow(
    EntryPlace Place, long Position, long Sequence, EntryKind Kind, DateTimeOffset At, VerdictKind? Verdict, ReadOnlyMemory<byte> Body)
{
    /// <summary>The inspection that an override or a disposition refers to; null for other kinds.</summary>
    public InspectionNumber? About { get; init; }
}

/// <summary>A part of an answer.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="Next">Ask again with this as <see cref="LedgerQuery.Before"/>; null when there is no more.</param>
public sealed record LedgerPage(IReadOnlyList<LedgerRow> Rows, EntryPlace? Next);
