using System.Security.Cryptography;
using System.Text.Json;
using Inspection.Core;

namespace Inspection.Store;

/// <summary>
/// Tells a ledger that is where it was written from a copy of it, such as a restored backup: a copy would give numbers
/// again that the original gave to other parts. <c>place</c> is written anew before each run's first entry and with each
/// journal, and never touched in between. So a copy of it has another inode or was changed later, and no restoring of an
/// earlier run or day passes it over as unchanged. <c>place.json</c> holds what the file system said of it and of the
/// newest journal. A file system that was turned back as a whole (a snapshot, a cloned disk) looks as it did and cannot
/// be told.
/// </summary>
/// <param name="folder">The folder <c>ledger</c>.</param>
internal sealed class LedgerPlace(string folder)
{
    /// <summary>There from the first journal on.</summary>
    public const string NotesName = "place.json";

    private const int CurrentSchema = 1;

    private string? _marked;

    private string Place => Path.Combine(folder, "place");

    private string Known => Path.Combine(folder, NotesName);

    /// <summary>Compares the folder with what was noted.</summary>
    /// <param name="journals">All journals.</param>
    /// <returns>Null when the ledger is where it was written, or holds nothing; else why it is taken for a copy.</returns>
    public string? WhyCopy(IReadOnlyList<JournalFile> journals)
    {
        // Nothing was numbered, or the system cannot tell.
        if (journals.Count == 0 || FileIdentity.Of(folder) is null) return null;
        if (FileIdentity.Of(Place) is not { } place) return "it does not say where it was written";
        var known = CoreJson.ReadFile<Content>(Known);
        if (!known.Succeeded || known.Value.Schema != CurrentSchema) return "what it says of where it was written cannot be read";
        if (place != known.Value.Place && WhileRenamed(place) != known.Value.Next) return "its file 'place' was copied";
        var (journal, identity) = (known.Value.Journal, known.Value.Identity);
        if (journals.FirstOrDefault(f => Path.GetFileName(f.Path) == journal) is not { } named) return $"its journal {journal} is missing";
        // A journal grows, so when it was changed says nothing.
        if (FileIdentity.Of(named.Path) is { } now && (now with { Changed = 0 }) != identity) return $"its journal {journal} was copied";
        return null;
    }

    /// <summary>Notes where the newest journal is written, durably; does nothing when that is noted in this run. Throws <see cref="IOException"/>.</summary>
    public void Mark(string journal)
    {
        if (_marked == journal || FileIdentity.Of(journal) is not { } identity) return;
        var aside = Place + DurableFile.AsideSuffix;
        // Other content each time, so that a comparison by content sees it too.
        File.WriteAllText(aside, $"{RandomNumberGenerator.GetHexString(32)}\nA copy of this file has another inode: so the station knows a restored ledger and begins a new count. Leave it alone.\n");
        DurableFile.Sync(aside);
        if (FileIdentity.Of(aside) is not { } next) return;
        var content = new Content(CurrentSchema, FileIdentity.Of(Place) ?? default, Path.GetFileName(journal), identity with { Changed = 0 }, WhileRenamed(next));
        // A stop at any step leaves the old file or the new one, and either is known.
        Note(content);
        File.Move(aside, Place, overwrite: true);
        DurableFile.SyncDirectory(folder);
        if (FileIdentity.Of(Place) is not { } place) return;
        Note(content with { Place = place, Next = null });
        _marked = journal;
    }

    /// <summary>The next start takes the ledger for a copy, whatever the file system says. Throws <see cref="IOException"/>.</summary>
    public void Forget()
    {
        File.Delete(Place);
        DurableFile.SyncDirectory(folder);
    }

    private void Note(Content content) => DurableFile.Write(Known, JsonSerializer.SerializeToUtf8Bytes(content, CoreJson.Options));

    // Renaming counts as a change.
    private static FileIdentity WhileRenamed(FileIdentity file) => file with { Changed = 0 };

    private sealed record Content(int Schema, FileIdentity Place, string Journal, FileIdentity Identity, FileIdentity? Next = null);
}
