using System.Globalization;
using Inspection.Core;
using Microsoft.Extensions.Logging;

namespace Inspection.Store;

/// <summary>
/// Bounded forgetting: whole closed days, oldest first, when they are older than <c>store.retention</c> or the disk is
/// fuller than <c>store.maxDiskShare</c>; pictures earlier. What a cursor loses becomes a <c>gap</c> entry, which is
/// durable before the day goes: a kill between the two tells it again rather than never.
/// </summary>
/// <param name="catalog">The journals.</param>
/// <param name="index">Their indexes.</param>
/// <param name="pictures">The folder of pictures.</param>
/// <param name="cursors">Who may lose something.</param>
/// <param name="options">The limits.</param>
/// <param name="time">The clock of ages.</param>
/// <param name="diskShare">How much of the disk is in use, 0–1.</param>
/// <param name="clockTrusted">Whether the wall clock may say what is old.</param>
/// <param name="gap">Makes a gap entry (count, detail).</param>
/// <param name="tell">Appends it; false when there is no room now.</param>
/// <param name="alarms">Takes <c>disk-nearly-full</c>.</param>
/// <param name="log">For engineers.</param>
internal sealed class Forgetting(
    JournalCatalog catalog, LedgerIndex index, string pictures, CursorTable cursors, StoreOptions options, TimeProvider time,
    Func<double> diskShare, Func<bool> clockTrusted, Func<long, string, RetentionGap> gap, Func<RetentionGap, bool> tell, Alarms alarms, ILogger log)
{
    // Only this thread waits, and a disk that takes longer is told by the ledger's own alarm.
    private static readonly TimeSpan TellWait = TimeSpan.FromSeconds(5);

    private const string NoRoom = "the disk is nearly full";

    // What the day that goes next costs whom; empty when no day is going.
    private readonly List<RetentionGap> _gaps = [];
    private readonly Queue<RetentionGap> _untold = new();
    private JournalFile? _going;

    /// <summary>Forgets what is due. Throws <see cref="IOException"/>, and <see cref="OperationCanceledException"/> when the station ends.</summary>
    public void Run(CancellationToken stop)
    {
        while (_untold.TryPeek(out var late) && tell(late)) _untold.Dequeue();
        // A clock that stands in another year would make everything old at once.
        while (clockTrusted() && catalog.Files is [var oldest, _, ..] && Age(oldest.Name.Day) > options.Retention)
        {
            var why = $"older than {DurationJson.Format(options.Retention)}";
            if (!IsTold(oldest, why, stop)) break; // it is tried again in a minute
            Forget(oldest, why);
        }
        ForgetForRoom(stop);
        ForgetPictures();
    }

    /// <summary>One day a run, so that a person who sees the alarm can make room otherwise.</summary>
    private void ForgetForRoom(CancellationToken stop)
    {
        var share = diskShare();
        if (share <= options.MaxDiskShare)
        {
            alarms.Clear("disk-nearly-full");
            return;
        }
        alarms.Raise("disk-nearly-full", AlarmPriority.Medium,
            string.Create(CultureInfo.InvariantCulture, $"{share:P0} of the disk is in use; the oldest days of the ledger, and pictures, are forgotten as far as there are any."),
            "Make room on the disk, or copy the data folder's oldest days elsewhere.");
        // The day that is written, which failed writes may have parted, stays: its messages are still on their way.
        if (catalog.Files is [var oldest, .., var newest] && oldest.Name.Day < newest.Name.Day)
        {
            // On a full disk nothing can be told before there is room: then the day goes first.
            IsTold(oldest, NoRoom, stop);
            Forget(oldest, NoRoom);
        }
        else if (PictureDays() is [var day, _, ..]) Directory.Delete(day.Path, recursive: true);
    }

    /// <summary>Tells what the readers lose with the oldest day, once, and waits until that is durable.</summary>
    private bool IsTold(JournalFile oldest, string why, CancellationToken stop)
    {
        if (_going != oldest)
        {
            (_going, var losses) = (oldest, Losses(oldest, why).ToList());
            _gaps.Clear();
            _gaps.AddRange(losses);
            losses.ForEach(_untold.Enqueue);
        }
        while (_untold.TryPeek(out var next) && tell(next)) _untold.Dequeue();
        return _gaps.TrueForAll(g => g.WaitDurable(TellWait, stop));
    }

    private void Forget(JournalFile file, string why)
    {
        catalog.Remove(file);
        index.Delete(file);
        File.Delete(file.Path);
        foreach (var day in PictureDays().Where(d => d.Day <= file.Name.Day && catalog.Files.All(f => f.Name.Day > d.Day)))
            Directory.Delete(day.Path, recursive: true);
        log.LogInformation("Forgot {Journal}: {Why}", file.Name, why);
    }

    private IEnumerable<RetentionGap> Losses(JournalFile file, string why)
    {
        // With nobody in the table, everything still waits for a first subscriber.
        var all = cursors.All();
        (string Reader, LedgerPosition? At)[] readers = all.Count == 0 ? [(CursorTable.Shared, null)] : [.. all.Select(c => (c.Consumer, c.At))];
        foreach (var (reader, at) in readers)
        {
            var lost = catalog.CountAfter(at) - catalog.CountAfter(at, without: file);
            if (lost <= 0) continue;
            var name = reader.Length == 0 ? "the shared reader" : $"the consumer '{reader}'";
            yield return gap(lost, $"{lost} messages of {file.Name.DayText} were forgotten ({why}) before {name} had them.");
        }
    }

    private void ForgetPictures()
    {
        var days = PictureDays();
        foreach (var old in days.Where(d => clockTrusted() && Age(d.Day) > options.PictureRetention).ToList())
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
