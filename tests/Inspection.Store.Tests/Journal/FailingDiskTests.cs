using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Store.Tests;

public sealed class FailingDiskTests
{
    [Fact]
    public async Task A_journal_that_is_deleted_while_it_is_written_makes_the_ledger_unavailable_and_a_new_chain_says_so()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(10);
        var before = box.Ledger.Last;
        File.Delete(box.Journals[0]);
        var draft = new NoteDraft(box.Time, "after it was gone");
        box.Ledger.TryAppend(draft).ShouldBeTrue();
        await Eventually.Holds(() => box.Raised("ledger-unavailable"));
        await draft.Released.WaitAsync(TimeSpan.FromSeconds(10));
        draft.Durable!.Value.LedgerId.ShouldNotBe(before.LedgerId);
        var gap = Box.Json(box.Ledger.ReadAfter(before, 10)[0]);
        gap.GetProperty("reason").GetString().ShouldBe("tail-lost");
        gap.GetProperty("predecessor").GetGuid().ShouldBe(before.LedgerId);
        gap.GetProperty("predecessorPosition").GetInt64().ShouldBe(before.Position);
    }

    [Theory]
    [InlineData(DiskFault.Write)]
    [InlineData(DiskFault.HalfWrite)]
    [InlineData(DiskFault.Sync)]
    public async Task After_a_failed_write_or_fsync_the_file_is_left_alone_and_what_was_not_durable_stands_in_a_new_chain(DiskFault fault)
    {
        using var disk = new FaultyDisk();
        await using var box = new Box { Seams = disk.Seams };
        box.Open();
        await box.AppendAsync(10);
        var before = box.Ledger.Last;
        var file = box.Journals[0];
        var length = new FileInfo(file).Length;

        disk.Fault = fault;
        var drafts = Enumerable.Range(0, 5).Select(i => new NoteDraft(box.Time, $"again {i}")).ToList();
        foreach (var draft in drafts) box.Ledger.TryAppend(draft).ShouldBeTrue();
        await Eventually.Holds(() => box.Ledger.Health.Failed is not null);
        await Eventually.Holds(() => box.Raised("ledger-unavailable"));
        box.Ledger.Health.Unavailable.ShouldBeTrue();
        drafts.ShouldAllBe(d => d.Durable == null);

        disk.Fault = DiskFault.None;
        foreach (var draft in drafts) await draft.Released.WaitAsync(TimeSpan.FromSeconds(10));
        box.Ledger.Health.Failed.ShouldBeNull();
        await Eventually.Holds(() => box.Alarms.Active.All(a => a.Code != "ledger-unavailable"));
        drafts.ShouldAllBe(d => d.Releases == 1 && d.Durable!.Value.LedgerId != before.LedgerId);
        drafts.Select(d => d.Durable!.Value.Sequence).ShouldBe([1, 2, 3, 4, 5]);
        new FileInfo(file).Length.ShouldBe(length);

        await box.ReopenAsync();
        var after = box.Ledger.ReadAfter(before, 100);
        after.Count.ShouldBe(6);
        var walked = new List<LedgerRow>();
        box.Ledger.Walk(walked.Add).FirstBad.ShouldBeNull();
        walked.Count(r => r.Kind == EntryKind.Inspection).ShouldBe(15, "what was written anew counts once");
        Box.Json(after[0]).GetProperty("reason").GetString().ShouldBe("write-failed");
        Box.Json(after[0]).GetProperty("predecessor").GetGuid().ShouldBe(before.LedgerId);
        box.All().Count.ShouldBe(16, "nothing is there twice");
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }

    [Fact]
    public async Task A_disk_that_others_have_filled_makes_the_ledger_unavailable_while_what_comes_still_becomes_durable()
    {
        using var disk = new FaultyDisk();
        await using var box = new Box { Seams = disk.Seams };
        box.Open();
        await box.AppendAsync(1);
        box.Ledger.Health.Unavailable.ShouldBeFalse();

        disk.Free = JournalReserve.LeastFree - 1;
        await Eventually.Holds(() => box.Ledger.Health.Unavailable, TimeSpan.FromSeconds(10));
        box.Ledger.Health.Failed.ShouldNotBeNull().ShouldContain("the disk is full");
        await Eventually.Holds(() => box.Raised("ledger-unavailable"));
        await box.AppendAsync(20);
        box.Ledger.Health.Unavailable.ShouldBeTrue("the parts that are still stored do not make room");

        disk.Free = JournalReserve.LeastFree;
        await Eventually.Holds(() => !box.Ledger.Health.Unavailable, TimeSpan.FromSeconds(10));
        (await box.Ledger.StopAsync()).ShouldBe(0);
        box.Journals.Count.ShouldBe(1, "no new chain is needed");
        box.Gaps().ShouldBeEmpty();
    }

    [Fact]
    public async Task When_the_kept_room_is_used_up_what_waits_is_told_with_its_number_at_the_end_and_nothing_of_the_chain_is_given_up()
    {
        using var disk = new FaultyDisk();
        await using var box = new Box { Seams = disk.Seams };
        box.Open();
        await box.AppendAsync(1);
        disk.Free = 0;
        await Eventually.Holds(() => box.Ledger.Health.Unavailable);
        await box.AppendAsync(50);
        var drafts = Enumerable.Range(0, 120).Select(_ => new NoteDraft(box.Time, new string('x', 50_000))).ToList();
        foreach (var draft in drafts) box.Ledger.TryAppend(draft).ShouldBeTrue();
        await Eventually.Holds(() => box.Ledger.Health.Failed?.StartsWith("the ledger cannot be written: the disk is full", StringComparison.Ordinal) == true);
        var stored = drafts.Count(d => d.Durable is not null);
        box.Ledger.Health.Pending.ShouldBe(120 - stored);
        var lost = await box.Ledger.StopAsync(TimeSpan.FromSeconds(1));
        lost.ShouldBe(120 - stored);
        var told = box.All()[^1];
        (told.Kind, Box.Json(told).GetProperty("reason").GetString(), Box.Json(told).GetProperty("count").GetInt32()).ShouldBe((EntryKind.Gap, "not-recorded", lost));
        box.Journals.Count.ShouldBe(1);
        await box.ReopenAsync();
        box.Gaps().ShouldBe(["not-recorded"], "the next start has nothing to add");
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }

    [Fact]
    public async Task When_there_is_room_again_the_same_chain_goes_on_though_the_kept_room_was_used_up()
    {
        using var disk = new FaultyDisk();
        await using var box = new Box { Seams = disk.Seams };
        box.Open();
        await box.AppendAsync(1);
        disk.Free = 0;
        await Eventually.Holds(() => box.Ledger.Health.Unavailable);
        await box.AppendAsync(50);
        var drafts = Enumerable.Range(0, 120).Select(_ => new NoteDraft(box.Time, new string('x', 50_000))).ToList();
        foreach (var draft in drafts) box.Ledger.TryAppend(draft).ShouldBeTrue();
        await Eventually.Holds(() => box.Ledger.Health.Failed?.StartsWith("the ledger cannot be written", StringComparison.Ordinal) == true);
        disk.Free = long.MaxValue;
        foreach (var draft in drafts) await draft.Released.WaitAsync(TimeSpan.FromSeconds(20));
        drafts.ShouldAllBe(d => d.Durable != null);
        box.Journals.Count.ShouldBe(1);
        box.Gaps().ShouldBeEmpty();
        await Eventually.Holds(() => !box.Ledger.Health.Unavailable);
    }

    [Fact]
    public async Task Room_is_kept_on_the_disk_ahead_of_the_journal_and_given_back_at_the_end()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux tells how many blocks a file holds.");
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(3);
        await Eventually.Holds(() => Blocks(box.Journals[0]) >= JournalReserve.Bytes);
        new FileInfo(box.Journals[0]).Length.ShouldBeLessThan(64 * 1024, "its length is what it holds");
        await box.Ledger.StopAsync();
        Blocks(box.Journals[0]).ShouldBeLessThan(JournalReserve.Bytes / 2);

        static long Blocks(string path)
        {
            using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%b", path]) { RedirectStandardOutput = true })!;
            return long.Parse(stat.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture) * 512;
        }
    }

    [Fact]
    public async Task On_a_full_disk_a_new_day_goes_on_in_the_journal_that_has_room_kept()
    {
        var time = Box.Clock();
        using var disk = new FaultyDisk();
        await using var box = new Box(time) { Seams = disk.Seams };
        box.Open();
        await box.AppendAsync(1);
        disk.Refused = "2026-03-15";
        time.Advance(TimeSpan.FromDays(1));
        await box.AppendAsync(2);
        box.Journals.Count.ShouldBe(1);
        await Eventually.Holds(() => box.Ledger.Health.Failed?.Contains("2026-03-15", StringComparison.Ordinal) == true);
        box.Ledger.Health.Unavailable.ShouldBeTrue("until the new day has its journal");
        disk.Refused = null;
        await Eventually.Holds(() => !box.Ledger.Health.Unavailable, TimeSpan.FromSeconds(10));
        await box.AppendAsync(1);
        box.Journals.Count.ShouldBe(2);
        box.All().Select(m => m.At.Position).ShouldBe([1, 2, 3, 4]);
        box.Gaps().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_is_full_from_the_first_entry_on_begins_one_chain_when_there_is_room()
    {
        using var disk = new FaultyDisk { Fault = DiskFault.HalfWrite };
        await using var box = new Box { Seams = disk.Seams };
        box.Open();
        var draft = new NoteDraft(box.Time, "first");
        box.Ledger.TryAppend(draft).ShouldBeTrue();
        await Eventually.Holds(() => disk.Failures >= 2);
        disk.Fault = DiskFault.None;
        await draft.Released.WaitAsync(TimeSpan.FromSeconds(10));

        box.Journals.Count.ShouldBe(1);
        draft.Durable.ShouldNotBeNull().Position.ShouldBe(1);
        box.Gaps().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_hangs_is_told_by_the_age_of_what_waits_and_an_alarm()
    {
        using var disk = new FaultyDisk { Fault = DiskFault.Hang };
        await using var box = new Box { Seams = disk.Seams };
        box.Open();
        var draft = new NoteDraft(box.Time, "waits");
        box.Ledger.TryAppend(draft).ShouldBeTrue();
        await Eventually.Holds(() => box.Ledger.Health.OldestPending > LedgerHealth.MaxPending);
        box.Ledger.Health.Unavailable.ShouldBeTrue();
        await Eventually.Holds(() => box.Raised("ledger-unavailable"));
        disk.Fault = DiskFault.None;
        await draft.Released.WaitAsync(TimeSpan.FromSeconds(10));
        box.Ledger.Health.Unavailable.ShouldBeFalse();
    }

    [Theory]
    [InlineData(DiskFault.Hang)]
    [InlineData(DiskFault.HalfWrite)]
    public async Task A_disk_that_hangs_or_is_full_never_blocks_whoever_records_and_is_unavailable_after_2_s(DiskFault fault)
    {
        var time = Box.Clock();
        await using var box = new Box(time) { Options = new() { Queue = 1024 } };
        using var disk = new FaultyDisk { Fault = fault };
        box.Seams = disk.Seams;
        box.Open();
        var drafts = Enumerable.Range(0, 2000).Select(i => new NoteDraft(time, $"{i}")).ToList();
        box.Ledger.TryAppend(drafts[0]).ShouldBeTrue();
        await Eventually.Holds(() => disk.Reached > 0);
        if (fault == DiskFault.Hang)
        {
            time.Advance(LedgerHealth.MaxPending);
            box.Ledger.Health.Unavailable.ShouldBeFalse("2 s are allowed");
            time.Advance(TimeSpan.FromMilliseconds(1));
            box.Ledger.Health.Unavailable.ShouldBeTrue();
            box.Ledger.Health.Failed.ShouldBeNull();
        }
        else
        {
            await Eventually.Holds(() => box.Ledger.Health.Failed is not null);
            box.Ledger.Health.Unavailable.ShouldBeTrue("a disk that refuses need not be waited for");
        }

        // The disk hangs for 20 s at least, so whoever waited for it once would take longer than this.
        var began = TimeProvider.System.GetTimestamp();
        var taken = drafts.Skip(1).Count(box.Ledger.TryAppend);
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        taken.ShouldBe(1023);
        box.Ledger.Health.QueueFill.ShouldBe(1);

        disk.Fault = DiskFault.None;
        foreach (var draft in drafts.Take(1024)) await draft.Released.WaitAsync(TimeSpan.FromSeconds(20));
        drafts.Take(1024).ShouldAllBe(d => d.Durable != null);
        box.Ledger.Health.Unavailable.ShouldBeFalse();
    }

    [Fact]
    public async Task What_cannot_be_stored_until_the_end_is_counted_and_released_once()
    {
        var time = Box.Clock();
        using var disk = new FaultyDisk { Fault = DiskFault.Write };
        await using var box = new Box(time) { Seams = disk.Seams };
        box.Open();
        var drafts = Enumerable.Range(0, 3).Select(i => new NoteDraft(time, $"{i}")).ToList();
        foreach (var draft in drafts) box.Ledger.TryAppend(draft).ShouldBeTrue();
        await Eventually.Holds(() => box.Ledger.Health.Failed is not null);
        var stopped = box.Ledger.StopAsync();
        await Eventually.Holds(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return stopped.IsCompleted;
        });

        (await stopped).ShouldBe(3);
        foreach (var draft in drafts) await draft.Released.WaitAsync(TimeSpan.FromSeconds(10));
        drafts.ShouldAllBe(d => d.Releases == 1 && d.Durable == null);
    }
}

public enum DiskFault
{
    None,
    Write,
    HalfWrite,
    Sync,
    Hang,
}

/// <summary>
/// Real files whose writes and fsyncs fail or hang when the test says so. Heals when disposed: made after its box, it
/// keeps a failed check from hanging the run where the clock stands still.
/// </summary>
internal sealed class FaultyDisk : IDisposable
{
    private int _failures;
    private int _fault;
    private int _reached;
    private long _free = long.MaxValue;

    public DiskFault Fault
    {
        get => (DiskFault)Volatile.Read(ref _fault);
        set => Volatile.Write(ref _fault, (int)value);
    }

    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Fsyncs and failures begun.</summary>
    public int Reached => Volatile.Read(ref _reached) + Failures;

    /// <summary>No journal of this day can be made; null for none.</summary>
    public string? Refused { get; set; }

    /// <summary>Bytes that are left for all files.</summary>
    public long Free
    {
        get => Volatile.Read(ref _free);
        set => Volatile.Write(ref _free, value);
    }

    public StoreSeams Seams => new(
        path => Refused is { } day && Path.GetFileName(path).StartsWith(day, StringComparison.Ordinal) ? throw new IOException("No space left on device") : new FaultyFile(this, path),
        _ => 0.1, _ => Free, (journal, end) => Free >= JournalReserve.LeastFree && JournalReserve.TryKeep(journal, end));

    public void Dispose() => Fault = DiskFault.None;

    private void Fail()
    {
        Interlocked.Increment(ref _failures);
        throw new IOException("No space left on device");
    }

    private sealed class FaultyFile(FaultyDisk disk, string path)
        : FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (disk.Fault == DiskFault.HalfWrite) base.Write(buffer[..(buffer.Length / 2)]);
            if (disk.Fault is DiskFault.Write or DiskFault.HalfWrite) disk.Fail();
            base.Write(buffer);
        }

        public override void Flush(bool flushToDisk)
        {
            if (disk.Fault == DiskFault.Sync) disk.Fail();
            Interlocked.Increment(ref disk._reached);
            SpinWait.SpinUntil(() => disk.Fault != DiskFault.Hang, TimeSpan.FromSeconds(20));
            base.Flush(flushToDisk);
        }
    }
}
