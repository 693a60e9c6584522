using Inspection.Core;

namespace Inspection.Store;

/// <summary>All journals of a folder, oldest first, and reading across them. Thread-safe.</summary>
internal sealed class JournalCatalog : IDisposable
{
    private readonly Lock _gate = new();
    private JournalFile[] _files;

    private JournalCatalog(JournalFile[] files) => _files = files;

    /// <summary>Oldest first; of a chain all days in order, chains in the order of their making.</summary>
    public IReadOnlyList<JournalFile> Files => Volatile.Read(ref _files);

    /// <summary>Finds the journals; reads of each chain's first entry where its predecessor ends.</summary>
    public static JournalCatalog Load(string folder)
    {
        var files = Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*" + JournalName.Extension)
                .Select(path => JournalName.TryParse(path, out var name) ? new JournalFile(path, name, new FileInfo(path).Length) : null)
                .OfType<JournalFile>()
                .ToArray()
            : [];
        // A new chain's identifier is above all earlier ones, and within a chain days only grow.
        Array.Sort(files, (a, b) => a.Name.LedgerId == b.Name.LedgerId
            ? a.Name.Day.CompareTo(b.Name.Day)
            : string.CompareOrdinal(a.Name.LedgerId.ToString(), b.Name.LedgerId.ToString()));
        for (var i = 1; i < files.Length; i++)
        {
            if (files[i].Name.LedgerId == files[i - 1].Name.LedgerId) continue;
            files[i].Entries(0, (_, envelope, entry) =>
            {
                var body = entry.Slice(envelope.BodyOffset, envelope.BodyLength);
                if (envelope.Kind != EntryKind.Gap || !Guid.TryParse(Envelope.BodyText(body, "predecessor"u8), out var predecessor)) return false;
                var end = Envelope.BodyNumber(body, "predecessorPosition"u8);
                foreach (var file in files.Where(f => f.Name.LedgerId == predecessor)) file.MaxPosition = end;
                return false;
            });
        }
        return new(files);
    }

    /// <summary>Adds the newest journal.</summary>
    public void Add(JournalFile file)
    {
        lock (_gate) Volatile.Write(ref _files, [.. _files, file]);
    }

    /// <summary>Takes one out; the file itself is the caller's.</summary>
    public void Remove(JournalFile file)
    {
        lock (_gate) Volatile.Write(ref _files, [.. _files.Where(f => f != file)]);
        file.Dispose();
    }

    /// <summary>See <see cref="ILedger.ReadAfter"/>.</summary>
    public IReadOnlyList<StoredMessage> ReadAfter(LedgerPosition? cursor, int max)
    {
        var files = Files;
        var into = new List<StoredMessage>();
        for (var i = FirstAfter(files, cursor, out var from); i < files.Count && into.Count < max; i++, from = 0)
            files[i].Messages(from, max, into);
        return into;
    }

    /// <summary>See <see cref="ILedger.CountAfter"/>.</summary>
    public long CountAfter(LedgerPosition? cursor) => CountAfter(Files, cursor);

    /// <summary>How many would follow a cursor if a journal were gone.</summary>
    public long CountAfter(LedgerPosition? cursor, JournalFile without) => CountAfter([.. Files.Where(f => f != without)], cursor);

    private static long CountAfter(IReadOnlyList<JournalFile> files, LedgerPosition? cursor)
    {
        var count = 0L;
        for (var i = FirstAfter(files, cursor, out var from); i < files.Count; i++, from = 0)
        {
            var first = files[i].First();
            if (first == 0) continue;
            count += Math.Max(0, LastOf(files, i) - Math.Max(first, from) + 1);
        }
        return count;
    }

    /// <summary>The journal in which the message after a cursor is to be looked for, and its position; the oldest one when the cursor's chain is not known.</summary>
    private static int FirstAfter(IReadOnlyList<JournalFile> files, LedgerPosition? cursor, out long from)
    {
        from = 0;
        if (cursor is not { } at) return 0;
        var found = -1;
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i].Name.LedgerId != at.LedgerId) continue;
            if (found >= 0 && files[i].First() is var first && (first == 0 || first > at.Position + 1)) continue;
            found = i;
        }
        if (found < 0) return 0;
        from = at.Position + 1;
        return found;
    }

    // Days that are closed end where the next one begins, so that they need not be read to be counted.
    private static long LastOf(IReadOnlyList<JournalFile> files, int index)
    {
        for (var next = index + 1; next < files.Count && files[next].Name.LedgerId == files[index].Name.LedgerId; next++)
        {
            if (files[next].First() is > 0 and var first) return Math.Min(first - 1, files[index].MaxPosition);
        }
        return files[index].Last();
    }

    public void Dispose()
    {
        foreach (var file in Files) file.Dispose();
    }
}
