using System.Text.Json.Nodes;
using Inspection.Core;

namespace Inspection.Store.Tests;

/// <summary>A copy of a ledger never goes on with the original's numbers.</summary>
public sealed class LedgerPlaceTests
{
    [Fact]
    public async Task A_restart_in_place_keeps_the_ledgerId_after_a_kill_and_on_another_day_too()
    {
        var time = Box.Clock();
        await using var box = new Box(time);
        box.Open();
        await box.AppendAsync(3);
        var id = box.Ledger.Last.LedgerId;
        await box.ReopenAsync();
        await box.AppendAsync(3);
        await box.KillAsync();
        box.Open();
        time.Advance(TimeSpan.FromDays(1));
        await box.AppendAsync(1);
        await box.ReopenAsync();
        await box.AppendAsync(1);
        box.Ledger.Last.LedgerId.ShouldBe(id);
        box.Gaps().ShouldBe(["power-lost"]);
    }

    [Fact]
    public async Task A_folder_that_is_moved_within_its_disk_keeps_the_ledgerId()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(3);
        var id = box.Ledger.Last.LedgerId;
        await box.CloseAsync();
        Directory.Move(box.Root, box.Root + "-moved");
        Directory.Move(box.Root + "-moved", box.Root);
        box.Open();
        await box.AppendAsync(1);
        box.Ledger.Last.ShouldBe(new LedgerPosition(id, 4));
    }

    [Theory]
    [InlineData("new files", false)]
    [InlineData("new files", true)]
    [InlineData("into the old files", false)]
    [InlineData("into the old files", true)]
    [InlineData("only what differs", false)]
    [InlineData("only what differs", true)]
    public async Task A_backup_that_is_copied_back_over_the_folder_begins_a_new_ledgerId_that_names_its_predecessor(string way, bool sameRun)
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(10);
        box.Ledger.Cursors.Set(new("plant", box.Ledger.Last, box.Time.GetUtcNow(), TimeSpan.FromDays(7), false));
        var before = box.Ledger.Last;
        if (!sameRun) await box.CloseAsync();
        var backup = Directory.CreateTempSubdirectory("inspection-backup-").FullName;
        Copy(box.Root, backup, "new files");
        if (!sameRun) box.Open();
        var reused = await box.AppendAsync(5);
        if (sameRun) await box.KillAsync();
        else await box.CloseAsync();

        Copy(backup, box.Root, way);
        Directory.Delete(backup, recursive: true);
        box.Open();
        var after = await box.AppendAsync(5);
        after[0].Durable!.Value.LedgerId.ShouldNotBe(before.LedgerId);
        after.Select(d => new LedgerPosition(d.Durable!.Value.LedgerId, d.Durable.Value.Position))
            .Intersect(reused.Select(d => new LedgerPosition(d.Durable!.Value.LedgerId, d.Durable.Value.Position))).ShouldBeEmpty();
        var gap = Box.Json(box.Ledger.ReadAfter(before, 1)[0]);
        gap.GetProperty("reason").GetString().ShouldBe("restored");
        gap.GetProperty("predecessor").GetGuid().ShouldBe(before.LedgerId);
        gap.GetProperty("predecessorPosition").GetInt64().ShouldBe(10);
        box.Archive.Verify().FirstBad.ShouldBeNull();

        var id = box.Ledger.Last.LedgerId;
        await box.ReopenAsync();
        await box.AppendAsync(1);
        box.Ledger.Last.LedgerId.ShouldBe(id, "the copy is at home from now on");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backup_of_whole_days_that_replaces_only_what_differs_and_deletes_what_is_newer_is_seen(bool sameRun)
    {
        var time = Box.Clock();
        await using var box = new Box(time);
        box.Open();
        await box.AppendAsync(10);
        var before = box.Ledger.Last;
        if (!sameRun) await box.CloseAsync();
        var backup = Directory.CreateTempSubdirectory("inspection-backup-").FullName;
        Copy(box.Root, backup, "new files");
        time.Advance(TimeSpan.FromDays(1));
        if (!sameRun) box.Open();
        var reused = await box.AppendAsync(5);
        reused[0].Durable!.Value.LedgerId.ShouldBe(before.LedgerId);
        if (sameRun) await box.KillAsync();
        else await box.CloseAsync();

        // The first day's journal is as it was in the backup, so it is not copied.
        Copy(backup, box.Root, "only what differs");
        foreach (var file in Directory.GetFiles(box.Root, "*", SearchOption.AllDirectories))
        {
            if (!File.Exists(Path.Combine(backup, Path.GetRelativePath(box.Root, file)))) File.Delete(file);
        }
        Directory.Delete(backup, recursive: true);
        box.Journals.ShouldHaveSingleItem();
        box.Open();
        (await box.AppendAsync(5))[0].Durable!.Value.LedgerId.ShouldNotBe(before.LedgerId);
        Box.Json(box.Ledger.ReadAfter(before, 1)[0]).GetProperty("reason").GetString().ShouldBe("restored");
    }

    [Fact]
    public async Task A_newest_journal_that_is_gone_begins_a_new_ledgerId_that_tells_so()
    {
        var time = Box.Clock();
        await using var box = new Box(time);
        box.Open();
        await box.AppendAsync(3);
        time.Advance(TimeSpan.FromDays(1));
        await box.AppendAsync(3);
        await box.CloseAsync();
        var gone = box.Journals[1];
        File.Delete(gone);

        box.Open();
        await box.AppendAsync(1);
        var gap = Box.Json(box.All()[3]);
        gap.GetProperty("reason").GetString().ShouldBe("restored");
        gap.GetProperty("predecessorPosition").GetInt64().ShouldBe(3);
        gap.GetProperty("detail").GetString()!.ShouldContain($"its journal {Path.GetFileName(gone)} is missing");
        var id = box.Ledger.Last.LedgerId;
        await box.ReopenAsync();
        await box.AppendAsync(1);
        box.Ledger.Last.LedgerId.ShouldBe(id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kill_while_the_place_is_written_anew_goes_on_with_the_ledgerId(bool renamed)
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(3);
        var id = box.Ledger.Last.LedgerId;
        await box.KillAsync();
        var file = Path.Combine(box.LedgerFolder, "place.json");
        var known = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        var (there, other) = (known["place"]!.DeepClone().AsObject(), known["identity"]!.DeepClone());
        there["changed"] = renamed ? 0 : there["changed"]!.DeepClone();
        known["place"] = renamed ? other : there;
        known["next"] = renamed ? there : other.DeepClone();
        await File.WriteAllTextAsync(file, known.ToJsonString());

        box.Open();
        await box.AppendAsync(1);
        box.Ledger.Last.LedgerId.ShouldBe(id);
    }

    [Fact]
    public async Task A_folder_that_is_marked_as_restored_begins_a_new_ledgerId_once()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(3);
        var before = box.Ledger.Last.LedgerId;
        await box.CloseAsync();
        using (var folder = DataFolder.Open(box.Root, box.Time).Value!) JournalLedger.MarkRestored(folder).ShouldBeNull();
        box.Open();
        await box.AppendAsync(1);
        var id = box.Ledger.Last.LedgerId;
        id.ShouldNotBe(before);
        await box.ReopenAsync();
        await box.AppendAsync(1);
        box.Ledger.Last.LedgerId.ShouldBe(id);
        box.Gaps().ShouldBe(["restored"]);
    }

    [Fact]
    public async Task A_copy_that_was_never_written_to_begins_anew_at_each_start_until_it_is()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(3);
        await box.CloseAsync();
        var copy = Directory.CreateTempSubdirectory("inspection-copy-").FullName;
        Copy(box.LedgerFolder, copy, "new files");
        using var catalog = JournalCatalog.Load(copy);
        new LedgerPlace(copy).WhyCopy(catalog.Files).ShouldNotBeNull();
        new LedgerPlace(copy).WhyCopy(catalog.Files).ShouldNotBeNull("asking changes nothing");
        using var original = JournalCatalog.Load(box.LedgerFolder);
        new LedgerPlace(box.LedgerFolder).WhyCopy(original.Files).ShouldBeNull();
        Directory.Delete(copy, recursive: true);
    }

    /// <summary>Copies as programs for backups do: tar makes new files, cp writes into those that are there, rsync renames new ones over those that differ.</summary>
    private static void Copy(string from, string to, string way)
    {
        foreach (var source in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            // Held by the running station, or rebuilt.
            if (Path.GetFileName(source) == "lock" || Path.GetExtension(source) == ".db") continue;
            var target = Path.Combine(to, Path.GetRelativePath(from, source));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var (given, there) = (new FileInfo(source), new FileInfo(target));
            if (way == "only what differs" && there.Exists && there.Length == given.Length && there.LastWriteTimeUtc == given.LastWriteTimeUtc) continue;
            if (way == "into the old files" && there.Exists)
            {
                File.WriteAllBytes(target, File.ReadAllBytes(source));
            }
            else
            {
                File.WriteAllBytes(target + ".copy", File.ReadAllBytes(source));
                File.Move(target + ".copy", target, overwrite: true);
            }
            File.SetLastWriteTimeUtc(target, given.LastWriteTimeUtc);
        }
    }
}
