using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Store.Tests;

public sealed class CursorTests
{
    [Fact]
    public async Task Cursors_come_back_as_they_were()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(3);
        var at = new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
        ConsumerCursor[] cursors =
        [
            new(CursorTable.Shared, box.Ledger.Last, at, TimeSpan.Zero, false),
            new("plant", null, at, TimeSpan.FromDays(7), true),
        ];
        foreach (var cursor in cursors) box.Ledger.Cursors.Set(cursor);
        await box.ReopenAsync();
        box.Ledger.Cursors.All().ShouldBe(cursors);
    }

    [Fact]
    public async Task A_cursor_is_on_disk_soon_after_it_moved()
    {
        await using var box = new Box();
        box.Open();
        box.Ledger.Cursors.Set(new("plant", null, box.Time.GetUtcNow(), TimeSpan.FromDays(7), false));
        var file = Path.Combine(box.Root, "cursors.json");
        await Eventually.Holds(() => File.Exists(file) && File.ReadAllText(file).Contains("plant", StringComparison.Ordinal));
    }

    [Fact]
    public void Cursors_that_move_without_end_are_written_at_most_once_a_second()
    {
        var time = Box.Clock();
        var folder = Directory.CreateTempSubdirectory("inspection-cursors-").FullName;
        var table = new CursorTable();
        var file = new CursorFile(Path.Combine(folder, "cursors.json"), table, time);
        file.IsDue.ShouldBeFalse("nothing has changed");
        var writes = 0;
        for (var millisecond = 0; millisecond < 10_000; millisecond++)
        {
            // As the keeper does, only far more often.
            table.Set(new("plant", new(Identifiers.New(time), millisecond), time.GetUtcNow(), TimeSpan.FromDays(7), false));
            if (file.IsDue)
            {
                file.Save();
                writes++;
            }
            time.Advance(TimeSpan.FromMilliseconds(1));
        }
        writes.ShouldBe(10);
        file.IsDue.ShouldBeTrue("the last move is still to be written");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Cursors_of_a_newer_schema_are_refused_with_the_version_to_install_and_left_as_they_are()
    {
        const string content = "{\"schema\":2,\"cursors\":[],\"shards\":3}";
        await using var box = new Box();
        box.Open();
        await box.CloseAsync();
        var file = Path.Combine(box.Root, "cursors.json");
        await File.WriteAllTextAsync(file, content);
        await File.WriteAllTextAsync(Path.Combine(box.Root, "schema.json"), """{"schema": 1, "writtenBy": "7.1.0", "createdAt": "2030-01-01T00:00:00Z"}""");

        var failure = box.TryOpen().ShouldNotBeNull();
        failure.Code.ShouldBe("cursors-newer");
        failure.Message.ShouldContain("Install Inspection 7.1.0 or newer");
        (await File.ReadAllTextAsync(file)).ShouldBe(content);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"schema\":1,\"cursors\":[{\"consumer\":\"a\",")]
    [InlineData("{\"schema\":0,\"cursors\":[]}")]
    [InlineData("{\"schema\":1,\"cursors\":[{\"consumer\":\"a\",\"position\":4,\"lastConnected\":\"2026-03-14T12:00:00Z\",\"expiry\":\"7 d\",\"named\":false}]}")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public async Task Cursors_that_cannot_be_read_are_set_aside_with_an_alarm_and_begin_at_the_newest_closed_day(string content)
    {
        var time = Box.Clock();
        await using var box = new Box(time);
        box.Open();
        await box.AppendAsync(5);
        time.Advance(TimeSpan.FromDays(1));
        await box.AppendAsync(4);
        time.Advance(TimeSpan.FromDays(1));
        await box.AppendAsync(3);
        await box.CloseAsync();
        await File.WriteAllTextAsync(Path.Combine(box.Root, "cursors.json"), content);

        box.Open();
        box.Raised("cursors-unreadable").ShouldBeTrue();
        var shared = box.Ledger.Cursors.All().ShouldHaveSingleItem();
        shared.At.ShouldBe(new LedgerPosition(box.Ledger.Last.LedgerId, 5));
        box.Ledger.CountAfter(shared.At).ShouldBe(7);
        (await File.ReadAllTextAsync(Directory.GetFiles(box.Root, "cursors.json.unreadable-*").ShouldHaveSingleItem())).ShouldBe(content);
    }

    [Fact]
    public async Task Opening_the_ledger_without_starting_it_leaves_unreadable_cursors_for_the_start_that_tells_of_them()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(5);
        await box.CloseAsync();
        var file = Path.Combine(box.Root, "cursors.json");
        await File.WriteAllTextAsync(file, "{");

        box.TryOpen().ShouldBeNull();
        (await File.ReadAllTextAsync(file)).ShouldBe("{");
        Directory.GetFiles(box.Root, "cursors.json.unreadable-*").ShouldBeEmpty();
        box.Open();
        box.Raised("cursors-unreadable").ShouldBeTrue();
        box.Ledger.Cursors.All().ShouldHaveSingleItem().Consumer.ShouldBe(CursorTable.Shared);
        Directory.GetFiles(box.Root, "cursors.json.unreadable-*").ShouldHaveSingleItem();
    }

    [Fact]
    public void Unreadable_cursors_are_replaced_only_by_what_takes_their_place()
    {
        var folder = Directory.CreateTempSubdirectory("inspection-cursors-").FullName;
        var path = Path.Combine(folder, "cursors.json");
        File.WriteAllText(path, "{");
        using var catalog = JournalCatalog.Load(folder);
        var file = new CursorFile(path, new CursorTable(), TimeProvider.System);
        file.Load(catalog).ShouldNotBeNull();
        file.SetAside();
        File.ReadAllText(path).ShouldBe("{", "a kill before the first save has the next start tell of it again");
        file.IsDue.ShouldBeTrue();
        file.Save();
        new CursorFile(path, new CursorTable(), TimeProvider.System).Load(catalog).ShouldBeNull();
        File.ReadAllText(Directory.GetFiles(folder, "cursors.json.unreadable-*").ShouldHaveSingleItem()).ShouldBe("{");
        Directory.Delete(folder, recursive: true);
    }
}
