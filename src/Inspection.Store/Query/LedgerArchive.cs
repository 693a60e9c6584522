namespace Inspection.Store;

/// <summary>
/// The journals of a ledger's folder, only read: for commands, beside a running station too. Slower than
/// <see cref="JournalLedger.Query"/>, since it has no index, with the same answers.
/// </summary>
/// <param name="folder">The folder <c>ledger</c>: <see cref="DataFolder.LedgerOf"/>.</param>
public sealed class LedgerArchive(string folder)
{
    /// <summary>Answers a question by walking the journals, newest first. Throws <see cref="IOException"/> when they cannot be read, <see cref="NewerEntryException"/> when a newer program wrote them.</summary>
    public LedgerPage Query(LedgerQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        using var catalog = JournalCatalog.Load(folder);
        return PagedQuery.Run(catalog.Files, query, PagedQuery.Walk);
    }

    /// <summary>Walks all journals: lengths, checksums, numbers, chain. Throws <see cref="IOException"/> when they cannot be read, <see cref="NewerEntryException"/> when a newer program wrote them.</summary>
    public LedgerVerification Verify()
    {
        using var catalog = JournalCatalog.Load(folder);
        return new LedgerVerifier().Walk(catalog.Files);
    }
}
