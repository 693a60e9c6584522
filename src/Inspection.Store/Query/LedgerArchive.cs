namespace Inspection.Store;

/// <summary>
/// The journals of a ledger's folder, only read: for commands, beside a running station too. Slower than
/// <see cref="JournalLedger.Query"/>, since it has no index, with the same answers.
/// </summary>
/// <param name="folder">The folder <c>ledger</c>: <see cref="DataFolder.LedgerOf"/>.</param>
public sealed class LedgerArchive(string folder)
{
    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>Answers a question by walking the journals, newest first.</summary>
    public LedgerPage Query(LedgerQuery query) => throw new NotSupportedException();

    /// <summary>Walks all journals: lengths, checksums, numbers, chain.</summary>
    public LedgerVerification Verify() => throw new NotSupportedException();
}
