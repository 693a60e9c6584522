using System.Text.Json;

namespace Inspection.Core;

/// <summary>The kinds of entry; its code in files and topics is kebab-case.</summary>
public enum EntryKind
{
    /// <summary>One part judged once. Topic <c>verdict</c>.</summary>
    Inspection,

    /// <summary>A person changed one verdict.</summary>
    Override,

    /// <summary>What became of a part.</summary>
    Disposition,

    /// <summary>A transition of the interlock.</summary>
    Interlock,

    /// <summary>An alarm came or went.</summary>
    Alarm,

    /// <summary>A lot began, was held or was corrected.</summary>
    Lot,

    /// <summary>Parts or messages that are missing, and why.</summary>
    Gap,

    /// <summary>Something asked of the station. Not a message.</summary>
    Command,

    /// <summary>Something done at the station that changes how it works. Not a message.</summary>
    Audit,
}

/// <summary>The numbers that the store's writer thread gave to an entry.</summary>
/// <param name="LedgerId">The chain that the numbers are gap-free in.</param>
/// <param name="Entry">Number over all entries.</param>
/// <param name="Sequence">Number over inspections; 0 for other kinds.</param>
/// <param name="Position">Number over messages; 0 for kinds that are none.</param>
/// <param name="ClockTrusted">Whether the wall clock was trusted when it was written.</param>
public readonly record struct EntryNumbers(Guid LedgerId, long Entry, long Sequence, long Position, bool ClockTrusted);

/// <summary>
/// An entry on its way to the ledger. Whoever hands it to <see cref="ILedger.TryAppend"/> lets go of it; the store's
/// writer thread numbers it, has it write its body, and tells it when it is durable.
/// </summary>
public abstract class EntryDraft
{
    /// <summary>Its kind.</summary>
    public abstract EntryKind Kind { get; }

    /// <summary>Wall time of what it tells, UTC.</summary>
    public DateTimeOffset At { get; protected set; }

    /// <summary>Monotonic time of what it tells.</summary>
    public long Timestamp { get; protected set; }

    /// <summary>Who or what it tells of.</summary>
    public Who Who { get; protected set; } = Who.Station;

    /// <summary>True for kinds that are numbered by <see cref="EntryNumbers.Position"/> and published.</summary>
    public bool IsMessage => Kind is not (EntryKind.Command or EntryKind.Audit);

    /// <summary>The picture that must be on disk before this entry; null where none is kept.</summary>
    public PictureRequest? Picture { get; protected set; }

    /// <summary>Writes the body, one JSON object: exactly what MQTT publishes. Called on the store's thread, once, or again under a new ledgerId after a failed write.</summary>
    public abstract void WriteBody(Utf8JsonWriter json, in EntryNumbers numbers);

    /// <summary>Called on the store's thread when fsync has returned. Must return at once and not throw.</summary>
    public virtual void OnDurable(in EntryNumbers numbers)
    {
    }

    /// <summary>Called once by the store when it needs the draft no more, durable or not.</summary>
    public virtual void Release()
    {
    }
}
