using Inspection.Core;
using Inspection.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inspection.Store.Tests;

public sealed class ForgettingTests
{
    [Fact]
    public async Task Days_beyond_the_retention_go_with_their_pictures_and_what_a_cursor_loses_is_a_gap()
    {
        var time = Box.Clock();
        await using var box = new Box(time) { Options = new() { Retention = TimeSpan.FromDays(2) } };
        await DaysAsync(box, time, 2);
        var id = box.Ledger.Last.LedgerId;
        box.Ledger.Cursors.Set(new("slow", new(id, 1), time.GetUtcNow(), TimeSpan.FromDays(7), false));
        box.Ledger.Cursors.Set(new("fast", new(id, 3), time.GetUtcNow(), TimeSpan.FromDays(7), false));
        time.Advance(TimeSpan.FromDays(2));
        await Eventually.Holds(() => box.Journals.Count == 2 && Directory.GetDirectories(box.Pictures).Length == 1);

        box.Journals.Select(DayOf).ShouldBe(["2026-03-15", "2026-03-17"]);
        Directory.GetDirectories(box.Pictures).Select(Path.GetFileName).ShouldBe(["2026-03-15"]);
        var gap = Box.Json(box.All().Single(m => m.Kind == EntryKind.Gap));
        gap.GetProperty("reason").GetString().ShouldBe("retention");
        gap.GetProperty("count").GetInt64().ShouldBe(2);
        gap.GetProperty("detail").GetString()!.ShouldContain("'slow'");
        box.Ledger.ReadAfter(new(id, 1), 1)[0].At.Position.ShouldBe(4);
        box.Ledger.CountAfter(new(id, 1)).ShouldBe(4);
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }

    [Fact]
    public async Task A_day_goes_only_when_what_a_cursor_loses_is_durable_and_after_a_kill_in_between_it_is_told_again()
    {
        var time = Box.Clock();
        await using var box = new Box(time);
        await DaysAsync(box, time, 2);
        var slow = new LedgerPosition(box.Ledger.Last.LedgerId, 1);
        await box.CloseAsync();
        time.Advance(TimeSpan.FromDays(90));
        var (told, oldest) = (new List<RetentionGap>(), box.Journals[0]);

        // The station ends while the gap waits: as if killed before it was durable.
        using var ending = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => Forget(gap =>
        {
            File.Exists(oldest).ShouldBeTrue();
            told.Add(gap);
            ending.Cancel();
            return true;
        }, ending.Token));
        told.Count.ShouldBe(1);
        File.Exists(oldest).ShouldBeTrue("nobody could know any more what went with it");

        Forget(gap =>
        {
            File.Exists(oldest).ShouldBeTrue();
            told.Add(gap);
            gap.OnDurable(default);
            return true;
        }, default);
        told.Count.ShouldBe(2);
        File.Exists(oldest).ShouldBeFalse();

        void Forget(Func<RetentionGap, bool> tell, CancellationToken stop)
        {
            using var catalog = JournalCatalog.Load(box.LedgerFolder);
            using var index = new LedgerIndex(catalog, NullLogger.Instance);
            var cursors = new CursorTable();
            cursors.Set(new("slow", slow, time.GetUtcNow(), TimeSpan.FromDays(7), false));
            new Forgetting(
                catalog, index, box.Pictures, cursors, new(), time, () => 0.1, () => true, (count, detail) => new(time, true, count, detail), tell, box.Alarms, NullLogger.Instance).Run(stop);
        }
    }

    [Fact]
    public async Task On_a_full_disk_the_oldest_day_goes_first_and_is_told_when_there_is_room()
    {
        var time = Box.Clock();
        var share = 0.1;
        await using var box = new Box(time);
        using var disk = new FaultyDisk();
        box.Seams = disk.Seams with { DiskShare = _ => Volatile.Read(ref share) };
        await DaysAsync(box, time, 2);
        disk.Fault = DiskFault.Write;
        Volatile.Write(ref share, 1.0);
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(() => box.Journals.Count == 1, TimeSpan.FromSeconds(30));
        box.Gaps().ShouldBeEmpty();

        Volatile.Write(ref share, 0.5);
        disk.Fault = DiskFault.None;
        await Eventually.Holds(() => box.Gaps().Contains("retention"));
    }

    [Fact]
    public async Task The_day_that_is_written_is_kept_on_a_full_disk_also_where_failed_writes_parted_it()
    {
        var time = Box.Clock();
        var share = 0.1;
        await using var box = new Box(time);
        using var disk = new FaultyDisk();
        box.Seams = disk.Seams with { DiskShare = _ => Volatile.Read(ref share) };
        box.Open();
        await box.AppendAsync(3);
        disk.Fault = DiskFault.Write;
        var draft = new NoteDraft(time, "refused at first");
        box.Ledger.TryAppend(draft).ShouldBeTrue();
        await Eventually.Holds(() => disk.Failures > 0);
        disk.Fault = DiskFault.None;
        await draft.Released.WaitAsync(TimeSpan.FromSeconds(10));
        box.Journals.Count.ShouldBe(2);

        Volatile.Write(ref share, 1.0);
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(() => box.Raised("disk-nearly-full"), TimeSpan.FromSeconds(30));
        await box.CloseAsync();
        box.Journals.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_loses_its_oldest_day_with_an_alarm_and_never_the_current_one()
    {
        var time = Box.Clock();
        var share = 0.1;
        await using var box = new Box(time) { Seams = StoreSeams.Real with { DiskShare = _ => Volatile.Read(ref share) } };
        await DaysAsync(box, time, 3);
        Volatile.Write(ref share, 0.95);
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(() => box.Journals.Count == 2);
        box.Raised("disk-nearly-full").ShouldBeTrue();
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(() => box.Journals.Count == 1);
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(() => Directory.GetDirectories(box.Pictures).Length == 1);
        box.Journals.Select(DayOf).ShouldBe(["2026-03-16"]);

        Volatile.Write(ref share, 0.5);
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(() => box.Alarms.Active.All(a => a.Code != "disk-nearly-full"));
        await box.AppendAsync(1);
    }

    [Fact]
    public async Task Pictures_go_before_their_entries_by_age_and_by_size()
    {
        var time = Box.Clock();
        await using var box = new Box(time) { Options = new() { PictureRetention = TimeSpan.FromDays(3), MaxPictureBytes = 1_048_576 } };
        await DaysAsync(box, time, 6);
        box.Journals.Count.ShouldBe(6);
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(() => Directory.GetDirectories(box.Pictures).Length == 4);

        var today = Path.Combine(box.Pictures, "2026-03-19");
        for (var i = 0; i < 4; i++) await File.WriteAllBytesAsync(Path.Combine(today, $"a{i}.jpg"), new byte[400_000]);
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Holds(() => Directory.GetFiles(today).Length == 2);
        Directory.GetDirectories(box.Pictures).ShouldHaveSingleItem();
        Directory.GetFiles(today).Select(Path.GetFileName).Order().ShouldBe(["a2.jpg", "a3.jpg"]);
        box.Journals.Count.ShouldBe(6);
    }

    private static string DayOf(string journal) => Path.GetFileName(journal)[..10];

    private static async Task DaysAsync(Box box, Microsoft.Extensions.Time.Testing.FakeTimeProvider time, int days)
    {
        box.Open();
        for (var day = 0; day < days; day++)
        {
            if (day > 0) time.Advance(TimeSpan.FromDays(1));
            await box.AppendAsync(3);
            var pictures = Directory.CreateDirectory(Path.Combine(box.Pictures, MessageSchema.Time(time.GetUtcNow())[..10]));
            await File.WriteAllBytesAsync(Path.Combine(pictures.FullName, "0.jpg"), new byte[100]);
        }
    }
}
