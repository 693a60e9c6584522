using System.Globalization;
using System.Text;
using Inspection.Core;
using Microsoft.Win32.SafeHandles;

namespace Inspection.Store;

/// <summary>What was found at opening, and how the chain goes on.</summary>
/// <param name="End">The end of the chain that is gone on with.</param>
/// <param name="Current">The journal that is gone on with; null when a new one is begun.</param>
/// <param name="Predecessor">Set when the chain is new and follows another.</param>
/// <param name="Unclean">True when the program did not come to its end the last time.</param>
/// <param name="Notes">For the log.</param>
internal sealed record Recovered(ChainEnd End, JournalFile? Current, Predecessor? Predecessor, bool Unclean, IReadOnlyList<string> Notes);

/// <summary>Finds the chain's end at opening: whole records are kept, an incomplete last one is cut.</summary>
internal static class JournalRecovery
{
    /// <summary>Checks the newest journal; deletes those of a chain that was begun and never got an entry. Throws <see cref="IOException"/> when it cannot be read or cut.</summary>
    /// <param name="catalog">All journals.</param>
    /// <param name="folder">Their folder.</param>
    /// <param name="cursors">A chain that ends before one of them has lost its tail.</param>
    /// <param name="whyCopy">Why the folder is taken for a copy, whose numbers may have been given to other parts already; null when it is none.</param>
    /// <param name="time">The clock of a new chain's identifier.</param>
    public static Recovered Run(JournalCatalog catalog, string folder, IReadOnlyList<ConsumerCursor> cursors, string? whyCopy, TimeProvider time)
    {
        var notes = new List<string>();
        var highest = Highest(cursors);
        if (catalog.Files.Count == 0) return None();
        var newest = catalog.Files[^1];
        var end = EndOf(catalog, newest, notes, out var damage);
        var begun = false;
        while (IsOnlyBegun(catalog, newest, end, highest))
        {
            catalog.Remove(newest);
            File.Delete(newest.Path);
            begun = true;
            if (catalog.Files.Count == 0) return None();
            newest = catalog.Files[^1];
            end = EndOf(catalog, newest, notes, out damage);
        }
        var id = newest.Name.LedgerId;
        if (damage is not null)
            return Follow(new(id, end.Position, "damaged", null, damage));
        // More is known of a lost tail than of a copy, and a person must look at it.
        if (highest is { } cursor && string.CompareOrdinal(cursor.LedgerId.ToString(), id.ToString()) > 0)
            return Follow(Lost(cursor, 0, null));
        if (highest is { } at && at.LedgerId == id && at.Position > end.Position)
            return Follow(Lost(at, end.Position, at.Position - end.Position));
        if (whyCopy is not null)
            return Follow(Restored(catalog, end, whyCopy));
        if (begun)
            return Follow(new(id, end.Position, "write-failed", 0, "Nothing is known to be missing; the chain before this one could not be gone on with."));
        return new(end, newest, null, CleanMark(folder) != CleanText(end), notes);

        Recovered None() => highest is not { } orphan
            ? new(ChainEnd.New(time, null), null, null, false, notes)
            : new(ChainEnd.New(time, orphan.LedgerId), null, Lost(orphan, 0, null), !EndedCleanly(folder, orphan.LedgerId, 0), notes);

        Recovered Follow(Predecessor predecessor)
        {
            notes.Add(predecessor.Detail);
            var above = highest is { } other && string.CompareOrdinal(other.LedgerId.ToString(), id.ToString()) > 0 ? other.LedgerId : id;
            var clean = EndedCleanly(folder, predecessor.LedgerId, predecessor.LedgerId == id ? end.Entry : 0);
            return new(ChainEnd.New(time, above), null, predecessor, !clean, notes);
        }
    }

    /// <summary>The highest place that any reader has; chains' identifiers grow with time.</summary>
    public static LedgerPosition? Highest(IReadOnlyList<ConsumerCursor> cursors)
        => cursors.Where(c => c.At is { Position: > 0 }).Select(c => c.At!.Value)
            .OrderBy(c => c.LedgerId.ToString(), StringComparer.Ordinal).ThenBy(c => c.Position).Cast<LedgerPosition?>().LastOrDefault();

    /// <summary>Tells the next opening that the program came to its end.</summary>
    public static void MarkClean(string folder, ChainEnd end) => DurableFile.Write(CleanFile(folder), Encoding.ASCII.GetBytes(CleanText(end)));

    /// <summary>From now on a stop is unclean until it is marked otherwise.</summary>
    public static void UnmarkClean(string folder)
    {
        if (!File.Exists(CleanFile(folder))) return;
        File.Delete(CleanFile(folder));
        DurableFile.SyncDirectory(folder);
    }

    /// <summary>Whether a chain of which entries may be missing now was ended by the program: the mark goes at each start.</summary>
    private static bool EndedCleanly(string folder, Guid chain, long atLeast)
        => CleanMark(folder)?.Split(' ') is [var id, var entry] && id == chain.ToString("D")
            && long.TryParse(entry, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last >= atLeast;

    private static string? CleanMark(string folder) => File.Exists(CleanFile(folder)) ? File.ReadAllText(CleanFile(folder)) : null;

    private static string CleanFile(string folder) => Path.Combine(folder, "clean");

    private static string CleanText(ChainEnd end) => $"{end.LedgerId:D} {end.Entry}";

    /// <param name="has">The last message that a receiver has; up to there the lost chain counts.</param>
    /// <param name="last">The last message that is kept.</param>
    /// <param name="count">Messages that receivers have and the ledger has not; null when nobody knows.</param>
    private static Predecessor Lost(LedgerPosition has, long last, long? count)
        => new(has.LedgerId, has.Position, "tail-lost", count,
            $"The journal of the chain {has.LedgerId} ends at message {last}, before message {has.Position} that a receiver has already: its tail is lost. What receivers have of it stays true.");

    private static Predecessor Restored(JournalCatalog catalog, ChainEnd end, string why)
    {
        var detail = $"The ledger is not where it was written ({why}): it was restored from a backup, moved or copied. A new count begins, since the old one may have gone on elsewhere; what receivers have of it stays true.";
        // A chain without entries names none before it, so that one is followed.
        return end.Entry == 0 && catalog.Files.LastOrDefault(f => f.Name.LedgerId != end.LedgerId) is { } earlier
            ? new(earlier.Name.LedgerId, earlier.Last(), "restored", null, detail)
            : new(end.LedgerId, end.Position, "restored", null, detail);
    }

    // The reason of a chain stands in its first entry. Without it the reason is to be found again in what is before. The
    // first chain of all has none; and where a receiver has a message of it, entries were lost.
    private static bool IsOnlyBegun(JournalCatalog catalog, JournalFile newest, ChainEnd end, LedgerPosition? highest)
        => newest.Limit == 0 && end.Entry == 0 && highest?.LedgerId != newest.Name.LedgerId && (catalog.Files.Count > 1 || highest is not null);

    private static ChainEnd EndOf(JournalCatalog catalog, JournalFile newest, List<string> notes, out string? damage)
    {
        var end = new ChainEnd(newest.Name.LedgerId, 0, 0, 0, RecordFormat.NoHash());
        end = Scan(newest, end, notes, out damage);
        // A day that has just begun may hold no message yet, or no inspection, or nothing.
        for (var i = catalog.Files.Count - 2; i >= 0 && (end.Sequence == 0 || end.Position == 0 || end.Entry == 0) && catalog.Files[i].Name.LedgerId == end.LedgerId; i--)
        {
            var earlier = Scan(catalog.Files[i], end with { Entry = 0, Sequence = 0, Position = 0 }, null, out _);
            end = new(
                end.LedgerId, end.Entry == 0 ? earlier.Entry : end.Entry, end.Sequence == 0 ? earlier.Sequence : end.Sequence,
                end.Position == 0 ? earlier.Position : end.Position, end.Entry == 0 ? earlier.Hash : end.Hash);
        }
        return end;
    }

    /// <summary>Walks one journal; with notes to write into, also cuts it.</summary>
    private static ChainEnd Scan(JournalFile file, ChainEnd start, List<string>? notes, out string? damage)
    {
        damage = null;
        long entry = 0, sequence = 0, position = 0;
        var hash = Array.Empty<byte>();
        using var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var reader = new RecordReader(handle);
        reader.Seek(0, file.Limit);
        while (true)
        {
            var state = reader.Read(out var bytes);
            if (state == RecordState.End) break;
            var envelope = default(Envelope);
            var problem = state == RecordState.Whole ? Problem(bytes, entry, hash, out envelope) : "there is no whole record";
            if (envelope.IsNewer) throw JournalFile.Newer(file.Path, envelope);
            if (problem is null)
            {
                entry = envelope.Entry;
                if (envelope.Position > 0) position = envelope.Position;
                if (envelope.Kind == EntryKind.Inspection) sequence = Envelope.BodyNumber(bytes.Slice(envelope.BodyOffset, envelope.BodyLength), "sequence"u8);
                hash = RecordFormat.HashOf(bytes).ToArray();
                continue;
            }
            if (notes is null) break;
            var at = reader.Offset;
            if (!IsTorn(handle, reader, state, at, file.Limit, hash))
            {
                // Cutting here could destroy verdicts that are whole, and give their numbers to other parts: the file is
                // left as it is and a new chain begins.
                damage = $"The journal {Path.GetFileName(file.Path)} is damaged at byte {at}, after entry {entry}: {problem}. It is kept as it is; 'ledger verify' tells more.";
                break;
            }
            notes.Add($"An incomplete last record of {file.Limit - at} bytes was cut from {Path.GetFileName(file.Path)} at byte {at}; it was never acknowledged.");
            Cut(file, handle, at);
            break;
        }
        return start with { Entry = entry, Sequence = sequence, Position = position, Hash = hash.Length == 0 ? start.Hash : hash };
    }

    private static string? Problem(ReadOnlySpan<byte> bytes, long entry, byte[] hash, out Envelope envelope)
    {
        if (!Envelope.TryRead(bytes, out envelope)) return "it is no entry";
        if (entry > 0 && envelope.Entry != entry + 1) return $"it has the number {envelope.Entry} instead of {entry + 1}";
        return RecordFormat.ChainProblem(bytes, hash);
    }

    /// <summary>True when the bytes from a place on, where a reader stopped, are the beginning of a last write that a stop cut off, and nothing else.</summary>
    public static bool IsTorn(SafeFileHandle handle, RecordReader reader, RecordState state, long at, long limit, byte[] hash)
    {
        if (state is RecordState.Whole or RecordState.Corrupt) return false;
        var rest = new byte[Math.Min(limit - at, 2L * RecordFormat.MaxEntryBytes)];
        for (int read, have = 0; have < rest.Length && (read = RandomAccess.Read(handle, rest.AsSpan(have), at + have)) > 0;) have += read;
        if (!rest.AsSpan().ContainsAnyExcept((byte)0)) return true;
        if (state == RecordState.Lost) return false;
        // A flipped bit in a length looks like a cut record too, but then the record, or one after it, is whole.
        if (rest.Length > RecordFormat.HeaderBytes && RecordFormat.ChainProblem(rest.AsSpan(RecordFormat.HeaderBytes), hash) is null) return false;
        for (var next = 1 + RecordFormat.HeaderBytes; ; next++)
        {
            var found = rest.AsSpan(next < rest.Length ? next : rest.Length).IndexOf("{\"entry\":"u8);
            if (found < 0) return true;
            next += found;
            reader.Seek(at + next - RecordFormat.HeaderBytes, limit);
            if (reader.Read(out _) == RecordState.Whole) return false;
        }
    }

    private static void Cut(JournalFile file, SafeFileHandle handle, long at)
    {
        RandomAccess.SetLength(handle, at);
        RandomAccess.FlushToDisk(handle);
        file.Limit = at;
    }
}
