using System.Globalization;
using Inspection.Core;
using Microsoft.Extensions.Logging;

namespace Inspection.Store;

/// <summary>
/// Bounded forgetting: whole closed days, oldest first, when they are older than <c>store.retention</c> or the disk is
/// fuller than <c>store.maxDiskShare</c>; pictures earlier. What a cursor loses becomes a <c>gap</c> entry.
/// </summary>
/// <param name="catalog">The journals.</param>
/// <param name="index">Their indexes.</param>
/// <param name="pictures">The folder of pictures.</param>
/// <param name="cursors">Who may lose something.</param>
/// <param name="options">The limits.</param>
/// <param name="time">The clock of ages.</param>
/// <param name="diskShare">How much of the disk is in use, 0–1.</param>
/// <param name="tell">Appends a gap entry (reason, count, detail); false when there is no room now.</param>
/// <param name="alarms">Takes <c>disk-nearly-full</c>.</param>
/// <param name="log">For engineers.</param>
internal sealed class Forgetting(
    JournalCatalog catalog, LedgerIndex index, string pictures, CursorTable cursors, StoreOptions options, TimeProvider time,
    Func<double> diskShare, Func<long, string, bool> tell, Alarms alarms, ILogger log)
{
    private readonly Queue<(long Count, string Detail)> _untold = new();

    /// <summary>Forgets what is due. Throws <see cref="IOException"/>.</summary>
    public void Run()
    {
        while (catalog.Files is [var oldest, _, ..] && Age(oldest.Name.Day) > options.Retention)
            Forget(oldest, $"older than {DurationJson.Format(options.Retention)}");
        ForgetForRoom();
        ForgetPictures();
        while (_untold.TryPeek(out var gap) && tell(gap.Count, gap.Detail)) _untold.Dequeue();
    }

    /// <summary>One day a run, so that a person who sees the alarm can make room otherwise.</summary>
    private void ForgetForRoom()
    {
        var share = diskShare();
        if (share <= options.MaxDiskShare)
        {
            alarms.Clear("disk-nearly-full");
            return;
        }
        alarms.Raise("disk-nearly-full", AlarmPriority.Medium,
            string.Create(CultureInfo.InvariantCulture, $"{share:P0} of the disk is in use; the oldest days of the ledger are being forgotten."),
            "Make room on the disk, or copy the data folder's oldest days elsewhere.");
        if (catalog.Files is [var oldest, _, ..]) Forget(oldest, "the disk is nearly full");
        else if (PictureDays() is [var day, _, ..]) Directory.Delete(day.Path, recursive: true);
    }

    private void Forget(JournalFile file, string why)
    {
        var before = Backlogs();
        catalog.Remove(file);
        index.Delete(file);
        File.Delete(file.Path);
        foreach (var day in PictureDays().Where(d => d.Day <= file.Name.Day && catalog.Files.All(f => f.Name.Day > d.Day)))
            Directory.Delete(day.Path, recursive: true);
        log.LogInformation("Forgot {Journal}: {Why}", file.Name, why);
        foreach (var (reader, backlog) in Backlogs())
        {
            var lost = before.GetValueOrDefault(reader) - backlog;
            if (lost <= 0) continue;
            var name = reader.Length == 0 ? "the shared reader" : $"the consumer '{reader}'";
            _untold.Enqueue((lost, $"{lost} messages of {file.Name.DayText} were forgotten ({why}) before {name} had them."));
        }
    }

    // With nobody in the table, everything still waits for a first subscriber.
    private Dictionary<string, long> Backlogs()
    {
        var all = cursors.All();
        return all.Count == 0
            ? new() { [CursorTable.Shared] = catalog.CountAfter(null) }
            : all.ToDictionary(c => c.Consumer, c => catalog.CountAfter(c.At));
    }

    private void ForgetPictures()
    {
        var days = PictureDays();
        foreach (var old in days.Where(d => Age(d.Day) > options.PictureRetention).ToList())
        {
            Directory.Delete(old.Path, recursive: true);
            days.Remove(old);
        }
        var sizes = days.ConvertAll(d => new DirectoryInfo(d.Path).EnumerateFiles().Sum(f => f.Length));
        var total = sizes.Sum();
        for (var i = 0; i < days.Count - 1 && total > options.MaxPictureBytes; i++)
        {
            Directory.Delete(days[i].Path, recursive: true);
            total -= sizes[i];
        }
        if (total <= options.MaxPictureBytes) return;
        // Names begin with their time, so their order is their age.
        foreach (var file in new DirectoryInfo(days[^1].Path).GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            if (total <= options.MaxPictureBytes) return;
            total -= file.Length;
            file.Delete();
        }
    }

    private List<(DateOnly Day, string Path)> PictureDays()
    {
        var days = new List<(DateOnly Day, string Path)>();
        foreach (var path in Directory.GetDirectories(pictures))
        {
            if (DateOnly.TryParseExact(Path.GetFileName(path), JournalName.DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                days.Add((day, path));
        }
        days.Sort();
        return days;
    }

    // A day's age counts from its end.
    private TimeSpan Age(DateOnly day) => time.GetUtcNow().UtcDateTime - day.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
