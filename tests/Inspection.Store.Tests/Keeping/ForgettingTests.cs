using Inspection.Core;
using Inspection.Testing;

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
    public async Task What_a_cursor_loses_is_durable_before_the_day_goes_so_that_no_kill_can_hide_it()
    {
        var time = Box.Clock();
        var disk = new FaultyDisk();
        await using var box = new Box(time) { Options = new() { Retention = TimeSpan.FromDays(2) }, Seams = disk.Seams };
        await DaysAsync(box, time, 2);
        box.Ledger.Cursors.Set(new("slow", new(box.Ledger.Last.LedgerId, 1), time.GetUtcNow(), TimeSpan.FromDays(7), false));
        disk.Fault = DiskFault.Hang;
        time.Advance(TimeSpan.FromDays(2));
        await Eventually.Holds(() => box.Ledger.Pending == 1);
        box.Journals.Select(DayOf).ShouldContain("2026-03-14", "nobody could know yet what went with it");

        disk.Fault = DiskFault.None;
        await Eventually.Holds(() => !box.Journals.Select(DayOf).Contains("2026-03-14"));
        box.Gaps().ShouldBe(["retention"]);
    }

    [Fact]
    public async Task On_a_full_disk_the_oldest_day_goes_first_and_is_told_when_there_is_room()
    {
        var time = Box.Clock();
        var disk = new FaultyDisk();
        var share = 0.1;
        await using var box = new Box(time) { Seams = disk.Seams with { DiskShare = _ => Volatile.Read(ref share) } };
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
