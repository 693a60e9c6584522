using Inspection.Core;
using Microsoft.Extensions.Logging;

namespace Inspection.Store;

/// <summary>The ledger on disk.</summary>
public sealed class JournalLedger : ILedger, IAsyncDisposable
{
    private JournalLedger()
    {
    }

    /// <summary>Opens the ledger; nothing is written before <see cref="Start"/>.</summary>
    public static Outcome<JournalLedger> Open(
        DataFolder folder, StoreOptions options, TimeProvider time, Alarms alarms, Func<bool> clockTrusted, bool simulated, ILogger log)
        => new JournalLedger();

    /// <summary>Starts the threads and raises what was found at opening.</summary>
    public void Start() => throw new NotSupportedException();

    /// <inheritdoc />
    public LedgerHealth Health => throw new NotSupportedException();

    /// <inheritdoc />
    public LedgerPosition Last => throw new NotSupportedException();

    /// <inheritdoc />
    public CursorTable Cursors { get; } = new();

    /// <inheritdoc />
    public bool TryAppend(EntryDraft draft) => throw new NotSupportedException();

    /// <inheritdoc />
    public IReadOnlyList<StoredMessage> ReadAfter(LedgerPosition? cursor, int max) => throw new NotSupportedException();

    /// <inheritdoc />
    public long CountAfter(LedgerPosition? cursor) => throw new NotSupportedException();

    /// <inheritdoc />
    public Task WaitAfterAsync(LedgerPosition last, CancellationToken stop) => throw new NotSupportedException();

    /// <summary>Answers a question from the index, brought up to date first. May take seconds where an index is rebuilt.</summary>
    public LedgerPage Query(LedgerQuery query) => throw new NotSupportedException();

    /// <summary>Takes no more, makes durable what waits for at most 10 s, keeps the cursors.</summary>
    /// <returns>How many entries could not be stored.</returns>
    public Task<int> StopAsync() => throw new NotSupportedException();

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);
}
