namespace Inspection.Core;

/// <summary>
/// The append-only chain of entries and its readers. Appending never blocks; everything else is for threads that may wait.
/// </summary>
public interface ILedger
{
    /// <summary>
    /// Hands an entry to the store's writer thread. Returns at once and allocates nothing.
    /// </summary>
    /// <returns>False when the bounded queue is full or the ledger is closed; the caller still owns the draft then.</returns>
    bool TryAppend(EntryDraft draft);

    /// <summary>How the ledger is, for the interlock; cheap enough for every turn of the loop.</summary>
    LedgerHealth Health { get; }

    /// <summary>The newest durable message; position 0 when there is none in the current ledger.</summary>
    LedgerPosition Last { get; }

    /// <summary>Durable messages after a cursor, oldest first, across days and predecessors of the current ledger.</summary>
    /// <param name="cursor">The last message that the reader has; null for the oldest kept.</param>
    /// <param name="max">At most so many, 1–1000.</param>
    /// <returns>Empty when there is none. When the cursor's own successor is no longer kept, reading goes on at the oldest kept.</returns>
    IReadOnlyList<StoredMessage> ReadAfter(LedgerPosition? cursor, int max);

    /// <summary>How many durable messages follow a cursor.</summary>
    long CountAfter(LedgerPosition? cursor);

    /// <summary>Completes when a message after the given one is durable.</summary>
    Task WaitAfterAsync(LedgerPosition last, CancellationToken stop);

    /// <summary>What each receiver has; kept in <c>cursors.json</c> by the store.</summary>
    CursorTable Cursors { get; }
}

/// <summary>A message's number within its chain.</summary>
/// <param name="LedgerId">The chain.</param>
/// <param name="Position">Gap-free from 1 within the chain; 0 stands before the first.</param>
public readonly record struct LedgerPosition(Guid LedgerId, long Position);

/// <summary>A durable message: the body's exact bytes, as hashed and as published.</summary>
public sealed record StoredMessage(LedgerPosition At, EntryKind Kind, DateTimeOffset EntryAt, ReadOnlyMemory<byte> Body);

/// <summary>How the ledger is.</summary>
/// <param name="Failed">Why it cannot store anything now, or null.</param>
/// <param name="OldestPending">Age of the oldest entry that is not durable yet.</param>
/// <param name="QueueFill">Share of the bounded queue that is filled, 0 to 1.</param>
/// <param name="Pending">Entries that are not durable yet.</param>
public readonly record struct LedgerHealth(string? Failed, TimeSpan OldestPending, double QueueFill, int Pending = 0)
{
    /// <summary>Entries older than this that are not durable trip the interlock.</summary>
    public static readonly TimeSpan MaxPending = TimeSpan.FromSeconds(2);

    /// <summary>True when the line must not outrun its memory any further.</summary>
    public bool Unavailable => Failed is not null || OldestPending > MaxPending || QueueFill >= 0.5;
}
