using System.Text;
using System.Text.Json;
using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Store.Tests;

public sealed class JournalLedgerTests
{
    [Fact]
    public async Task Entries_are_numbered_without_gaps_across_restarts_and_days()
    {
        var time = Box.Clock();
        await using var box = new Box(time);
        box.Open();
        await box.AppendAsync(20);
        await box.AppendAsync(3, EntryKind.Audit);
        await box.ReopenAsync();
        await box.AppendAsync(5, EntryKind.Audit);
        time.Advance(TimeSpan.FromDays(1));
        await box.AppendAsync(2, EntryKind.Audit);
        await box.ReopenAsync();
        await box.AppendAsync(10, EntryKind.Override);
        time.Advance(TimeSpan.FromDays(1));
        var last = await box.AppendAsync(1);

        last[0].Durable.ShouldBe(new EntryNumbers(box.Ledger.Last.LedgerId, 41, 21, 31, true));
        box.All().Select(m => m.At.Position).ShouldBe(Enumerable.Range(1, 31).Select(i => (long)i));
        box.All().Select(m => m.At.LedgerId).Distinct().Count().ShouldBe(1);
        box.Journals.Select(j => Path.GetFileName(j)[..10]).ShouldBe(["2026-03-14", "2026-03-15", "2026-03-16"]);
        var verified = box.Archive.Verify();
        verified.FirstBad.ShouldBeNull();
        verified.Entries.ShouldBe(41);
    }

    [Fact]
    public async Task A_message_is_told_and_readable_only_after_it_is_in_the_file()
    {
        await using var box = new Box();
        box.Open();
        long bytesWhenTold = 0;
        var draft = new NoteDraft(box.Time, "the note") { Told = () => bytesWhenTold = new FileInfo(box.Journals[0]).Length };
        box.Ledger.TryAppend(draft).ShouldBeTrue();
        await box.Ledger.WaitAfterAsync(default, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        await draft.Released.WaitAsync(TimeSpan.FromSeconds(10));

        bytesWhenTold.ShouldBe(new FileInfo(box.Journals[0]).Length);
        var message = box.All().ShouldHaveSingleItem();
        Box.Json(message).GetProperty("note").GetString().ShouldBe("the note");
        File.ReadAllBytes(box.Journals[0]).AsSpan().IndexOf(message.Body.Span).ShouldBeGreaterThan(0, "the body is published exactly as it is stored");
        draft.Releases.ShouldBe(1);
    }

    [Fact]
    public async Task An_entry_has_the_members_of_the_ledger_in_order_and_its_hash_covers_what_stands_before_it()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(2);
        var bytes = await File.ReadAllBytesAsync(box.Journals[0]);
        var length = BitConverter.ToInt32(bytes);
        var entry = bytes.AsSpan(8, length).ToArray();
        var json = JsonDocument.Parse(entry).RootElement;

        json.EnumerateObject().Select(p => p.Name).ShouldBe(
            ["entry", "position", "kind", "schema", "at", "monotonic", "bootId", "clockTrusted", "who", "body", "previousHash", "hash"]);
        json.GetProperty("previousHash").GetString().ShouldBe(new string('0', 64));
        var text = Encoding.UTF8.GetString(entry);
        var hashed = text[..text.LastIndexOf(",\"hash\":", StringComparison.Ordinal)];
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(hashed)));
        json.GetProperty("hash").GetString().ShouldBe(hash);
        Encoding.UTF8.GetString(bytes).ShouldContain($"\"previousHash\":\"{hash}\"");
    }

    [Fact]
    public async Task A_reader_goes_on_after_its_cursor_across_chains_and_begins_with_the_oldest_where_its_chain_is_unknown()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(50);
        var first = box.Ledger.Last;
        await box.CloseAsync();
        await MoveCursorBeyondAsync(box, first with { Position = 60 });
        box.Open();
        await box.AppendAsync(50);

        box.Ledger.ReadAfter(first with { Position = 40 }, 20).Select(m => m.At.Position).ShouldBe([41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        box.Ledger.CountAfter(first with { Position = 40 }).ShouldBe(10 + 1 + 50);
        box.Ledger.CountAfter(first with { Position = 60 }).ShouldBe(1 + 50);
        box.Ledger.ReadAfter(first with { Position = 60 }, 1)[0].At.ShouldBe(new(box.Ledger.Last.LedgerId, 1));
        box.Ledger.ReadAfter(new(Identifiers.New(box.Time), 7), 1)[0].At.ShouldBe(new(first.LedgerId, 1));
        box.Ledger.CountAfter(null).ShouldBe(101);
        box.Ledger.CountAfter(box.Ledger.Last).ShouldBe(0);
        box.Ledger.ReadAfter(box.Ledger.Last, 10).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_chain_that_ends_before_the_highest_cursor_has_lost_its_tail_and_is_followed_by_one_that_names_it()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(10);
        var before = box.Ledger.Last;
        await box.CloseAsync();
        await MoveCursorBeyondAsync(box, before with { Position = 12 });

        box.Open();
        await box.AppendAsync(1);
        box.Ledger.Last.LedgerId.ShouldNotBe(before.LedgerId);
        var gap = Box.Json(box.Ledger.ReadAfter(before, 1)[0]);
        gap.GetProperty("reason").GetString().ShouldBe("tail-lost");
        gap.GetProperty("count").GetInt64().ShouldBe(2);
        gap.GetProperty("predecessor").GetGuid().ShouldBe(before.LedgerId);
        box.Raised("ledger-damaged").ShouldBeTrue();
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_tail_after_which_the_power_went_too_is_told_with_the_promise(bool cleanStop)
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(10);
        box.Ledger.Cursors.Set(new("client", box.Ledger.Last with { Position = 12 }, box.Time.GetUtcNow(), TimeSpan.FromDays(7), false));
        if (cleanStop) await box.CloseAsync();
        else await box.KillAsync();

        box.Open();
        await box.AppendAsync(1);
        box.Gaps().ShouldBe(cleanStop ? ["tail-lost"] : ["tail-lost", "power-lost"]);
    }

    [Fact]
    public async Task A_chain_whose_journals_are_all_gone_after_the_power_went_is_told_with_the_promise()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(3);
        box.Ledger.Cursors.Set(new("client", box.Ledger.Last, box.Time.GetUtcNow(), TimeSpan.FromDays(7), false));
        await box.KillAsync();
        File.Delete(box.Journals[0]);

        box.Open();
        await box.AppendAsync(1);
        box.Gaps().ShouldBe(["tail-lost", "power-lost"]);
    }

    [Fact]
    public async Task An_entry_of_a_newer_program_is_refused_and_never_read_as_if_it_were_ours()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(3);
        await box.CloseAsync();
        Rewrite(box.Journals[0], "\"schema\":1"u8, "\"schema\":2"u8);
        var bytes = await File.ReadAllBytesAsync(box.Journals[0]);
        await File.WriteAllTextAsync(Path.Combine(box.Root, "schema.json"), """{"schema": 1, "writtenBy": "7.1.0", "createdAt": "2030-01-01T00:00:00Z"}""");

        var failure = box.TryOpen().ShouldNotBeNull();
        failure.Code.ShouldBe("ledger-newer");
        failure.Message.ShouldContain("Install Inspection 7.1.0 or newer");
        (await File.ReadAllBytesAsync(box.Journals[0])).ShouldBe(bytes);
        Should.Throw<IOException>(() => box.Archive.Query(new())).Message.ShouldContain("7.1.0");
        Should.Throw<IOException>(() => box.Archive.Verify()).Message.ShouldContain("7.1.0");
    }

    /// <summary>Changes the last record as a newer program would have written it: hash and checksum fit.</summary>
    private static void Rewrite(string journal, ReadOnlySpan<byte> old, ReadOnlySpan<byte> with)
    {
        var bytes = File.ReadAllBytes(journal);
        var offset = 0;
        while (offset + 8 + BitConverter.ToInt32(bytes, offset) < bytes.Length) offset += 8 + BitConverter.ToInt32(bytes, offset);
        var entry = bytes.AsSpan(offset + 8);
        with.CopyTo(entry[entry.IndexOf(old)..]);
        var hashed = entry[..entry.LastIndexOf(",\"hash\":"u8)];
        RecordFormat.Hash(hashed, entry.Slice(hashed.Length + 9, RecordFormat.HashDigits));
        BitConverter.TryWriteBytes(bytes.AsSpan(offset + 4), RecordFormat.Checksum(entry));
        File.WriteAllBytes(journal, bytes);
    }

    [Fact]
    public async Task An_unclean_stop_is_told_once_by_a_gap_and_a_clean_one_is_not()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(3);
        await box.ReopenAsync();
        box.Gaps().ShouldBeEmpty();
        await box.KillAsync();
        box.Open();
        await box.AppendAsync(1);
        await box.ReopenAsync();
        box.Gaps().ShouldBe(["power-lost"]);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_what_it_took_becomes_durable()
    {
        using var hang = new ManualResetEventSlim();
        await using var box = new Box { Options = new() { Queue = 64 } };
        box.Open();
        var held = new NoteDraft(box.Time, "hangs") { Writing = () => hang.Wait(TimeSpan.FromSeconds(20)) };
        box.Ledger.TryAppend(held).ShouldBeTrue();
        var taken = new List<NoteDraft>();
        NoteDraft? refused = null;
        while (refused is null)
        {
            var draft = new NoteDraft(box.Time, $"part {taken.Count}");
            if (box.Ledger.TryAppend(draft)) taken.Add(draft);
            else refused = draft;
        }

        taken.Count.ShouldBe(63);
        box.Ledger.Health.QueueFill.ShouldBe(1);
        box.Ledger.Health.Unavailable.ShouldBeTrue();
        hang.Set();
        foreach (var draft in taken) await draft.Released.WaitAsync(TimeSpan.FromSeconds(10));
        await Eventually.Holds(() => box.Ledger.Pending == 0);
        box.Ledger.Health.Unavailable.ShouldBeFalse();
        refused.Releases.ShouldBe(0, "a refused draft stays its owner's");
        taken.ShouldAllBe(d => d.Releases == 1 && d.Durable != null);
    }

    [Fact]
    public async Task Appending_allocates_nothing()
    {
        await using var box = new Box { Options = new() { Queue = 4096 } };
        box.Open();
        await box.AppendAsync(100);
        var drafts = Enumerable.Range(0, 1000).Select(i => new NoteDraft(box.Time, "x")).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var taken = 0;
        foreach (var draft in drafts) taken += box.Ledger.TryAppend(draft) ? 1 : 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        taken.ShouldBe(1000);
        allocated.ShouldBe(0);
    }

    [Fact]
    public async Task An_entry_that_cannot_write_its_body_becomes_a_gap_and_stops_nobody()
    {
        await using var box = new Box();
        box.Open();
        var bad = new NoteDraft(box.Time, "bad") { Writing = () => throw new InvalidOperationException("a defect") };
        var good = new NoteDraft(box.Time, "good");
        box.Ledger.TryAppend(bad).ShouldBeTrue();
        box.Ledger.TryAppend(good).ShouldBeTrue();
        await good.Released.WaitAsync(TimeSpan.FromSeconds(10));

        bad.Durable.ShouldBeNull();
        bad.Releases.ShouldBe(1);
        good.Durable.ShouldNotBeNull().Position.ShouldBe(2);
        box.Gaps().ShouldBe(["not-recorded"]);
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }

    [Fact]
    public async Task After_stopping_nothing_is_taken_and_reading_goes_on()
    {
        await using var box = new Box();
        box.Open();
        var drafts = Enumerable.Range(0, 500).Select(i => new NoteDraft(box.Time, $"{i}")).ToList();
        foreach (var draft in drafts) box.Ledger.TryAppend(draft).ShouldBeTrue();
        (await box.Ledger.StopAsync()).ShouldBe(0);

        drafts.ShouldAllBe(d => d.Durable != null && d.Releases == 1);
        box.Ledger.TryAppend(new NoteDraft(box.Time, "late")).ShouldBeFalse();
        box.Ledger.CountAfter(null).ShouldBe(500);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_never_gives_an_earlier_journal()
    {
        var time = Box.Clock();
        await using var box = new Box(time);
        box.Open();
        time.Advance(TimeSpan.FromDays(2));
        await box.AppendAsync(2);
        await box.CloseAsync();
        var earlier = Box.Clock();
        await using var again = new Box(earlier);
        Directory.Delete(again.Root);
        Directory.CreateSymbolicLink(again.Root, box.Root);
        again.Open();
        await again.AppendAsync(2);

        again.Journals.Count.ShouldBe(1);
        again.All().Select(m => m.At.Position).ShouldBe([1, 2, 3, 4]);
        await again.CloseAsync();
        Directory.Delete(again.Root);
        Directory.CreateDirectory(again.Root);
    }

    private static async Task MoveCursorBeyondAsync(Box box, LedgerPosition at)
    {
        box.Open();
        box.Ledger.Cursors.Set(new("client", at, box.Time.GetUtcNow(), TimeSpan.FromDays(7), false));
        await box.CloseAsync();
    }
}
