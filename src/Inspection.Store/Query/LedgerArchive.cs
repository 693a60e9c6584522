using Inspection.Core;

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

    /// <summary>Walks all journals: lengths, checksums, numbers, chain, and whether all is there that receivers have. Throws <see cref="IOException"/> when they cannot be read, <see cref="NewerEntryException"/> when a newer program wrote them.</summary>
    public LedgerVerification Verify()
    {
        // First, since beside a running station both go on, and no cursor is ahead of what is durable.
        var highest = CursorFile.Highest(DataFolder.CursorsOf(Path.GetDirectoryName(Path.GetFullPath(folder))!));
        using var catalog = JournalCatalog.Load(folder);
        var found = new LedgerVerifier().Walk(catalog.Files);
        return found.FirstBad is null && Missing(catalog, highest) is { } missing ? found with { FirstBad = missing } : found;
    }

    /// <summary>Gives every entry that counts, oldest first, each once its record, numbers and hash were found to be as they were written. Throws as <see cref="Verify"/> does.</summary>
    /// <param name="visit">Takes an entry.</param>
    /// <returns>What was found; with a bad place, what was given up to there is not to be relied on.</returns>
    public LedgerVerification Walk(Action<LedgerRow> visit)
    {
        using var catalog = JournalCatalog.Load(folder);
        return new LedgerVerifier(visit).Walk(catalog.Files);
    }

    /// <summary>What is whole may still be too short: a receiver has acknowledged messages that no journal holds.</summary>
    private BadPlace? Missing(JournalCatalog catalog, LedgerPosition? highest)
    {
        if (highest is not { } has)
            return catalog.Files.Count == 0 && File.Exists(Path.Combine(folder, LedgerPlace.NotesName))
                ? new("ledger", 0, 1, "journals were written here and none is left") : null;
        var chain = catalog.Files.Where(f => f.Name.LedgerId == has.LedgerId).ToList();
        var last = chain.Count == 0 ? 0 : chain.Max(f => f.Last());
        // A chain that was followed by another ended there; what came after it was told then.
        var followed = catalog.Files.Any(f => string.CompareOrdinal(f.Name.LedgerId.ToString(), has.LedgerId.ToString()) > 0);
        if (last >= has.Position || followed) return null;
        var file = chain.Count == 0 ? null : chain[^1];
        return new(file is null ? "ledger" : Path.GetFileName(file.Path), file?.Limit ?? 0, 0,
            $"it ends at message {last}, and a receiver has acknowledged message {has.Position} of the chain {has.LedgerId}: its tail is missing");
    }
}
