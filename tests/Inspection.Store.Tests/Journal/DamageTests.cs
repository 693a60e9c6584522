using FsCheck;
using FsCheck.Fluent;
using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Store.Tests;

public sealed class DamageTests
{
    [Fact]
    public async Task A_torn_last_record_is_cut_and_the_chain_goes_on()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(10);
        var id = box.Ledger.Last.LedgerId;
        await box.KillAsync();
        Truncate(box.Journals[0], new FileInfo(box.Journals[0]).Length - 5);

        box.Open();
        await box.AppendAsync(1);
        box.Ledger.Last.ShouldBe(new LedgerPosition(id, 11));
        box.Gaps().ShouldBe(["power-lost"]);
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Verify_misses_what_a_receiver_has_and_no_journal_holds(bool allGone)
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(10);
        var has = box.Ledger.Last;
        box.Ledger.Cursors.Set(new("mes", has, box.Time.GetUtcNow(), TimeSpan.FromDays(7), false));
        await box.CloseAsync();
        box.Archive.Verify().FirstBad.ShouldBeNull();
        if (allGone) File.Delete(box.Journals[0]);
        else Truncate(box.Journals[0], new FileInfo(box.Journals[0]).Length / 2);
        box.Archive.Verify().FirstBad.ShouldNotBeNull().Problem.ShouldContain($"acknowledged message {has.Position}");

        box.Open();
        await box.AppendAsync(1);
        var gap = Box.Json(box.Ledger.ReadAfter(has, 1)[0]);
        gap.GetProperty("reason").GetString().ShouldBe("tail-lost");
        gap.GetProperty("predecessorPosition").GetInt64().ShouldBe(has.Position, "what receivers have of it still counts");
        box.Archive.Verify().FirstBad.ShouldBeNull("the new chain tells of it");
    }

    [Fact]
    public async Task Verify_misses_journals_that_are_all_gone_although_nobody_had_anything_of_them()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(3);
        await box.CloseAsync();
        File.Delete(box.Journals[0]);
        box.Archive.Verify().FirstBad.ShouldNotBeNull().Problem.ShouldContain("none is left");
    }

    [Fact]
    public async Task Pages_that_were_never_written_are_cut_too()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(10);
        var id = box.Ledger.Last.LedgerId;
        await box.KillAsync();
        await using (var file = new FileStream(box.Journals[0], FileMode.Append)) file.Write(new byte[5000]);

        box.Open();
        await box.AppendAsync(1);
        box.Ledger.Last.ShouldBe(new LedgerPosition(id, 12));
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }

    [Fact]
    public async Task A_flipped_bit_is_found_by_verify_at_its_place()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(100);
        await box.CloseAsync();
        var offset = OffsetOf(box.Journals[0], 42);
        Flip(box.Journals[0], offset + 100);

        var bad = box.Archive.Verify().FirstBad.ShouldNotBeNull();
        (bad.Offset, bad.Entry).ShouldBe((offset, 42));
        bad.Problem.ShouldContain("checksum");
    }

    [Fact]
    public async Task An_entry_that_was_changed_together_with_its_checksum_is_found_by_its_hash()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(10);
        await box.CloseAsync();
        var bytes = await File.ReadAllBytesAsync(box.Journals[0]);
        var offset = (int)OffsetOf(box.Journals[0], 5);
        var length = BitConverter.ToInt32(bytes, offset);
        var entry = bytes.AsSpan(offset + 8, length);
        entry[entry.IndexOf("Pass"u8)] = (byte)'p';
        BitConverter.TryWriteBytes(bytes.AsSpan(offset + 4), RecordFormat.Checksum(entry));
        await File.WriteAllBytesAsync(box.Journals[0], bytes);

        var bad = box.Archive.Verify().FirstBad.ShouldNotBeNull();
        bad.Entry.ShouldBe(5);
        bad.Problem.ShouldContain("hash");
    }

    [Fact]
    public async Task A_journal_that_is_missing_between_two_others_is_found_by_verify()
    {
        var time = Box.Clock();
        await using var box = new Box(time);
        box.Open();
        for (var day = 0; day < 3; day++)
        {
            await box.AppendAsync(3);
            time.Advance(TimeSpan.FromDays(1));
        }
        await box.CloseAsync();
        File.Delete(box.Journals[1]);

        box.Archive.Verify().FirstBad.ShouldNotBeNull().Problem.ShouldBe("found entry 7, expected 4");
        File.Delete(box.Journals[0]);
        var verified = box.Archive.Verify();
        verified.FirstBad.ShouldBeNull("what is oldest can have been forgotten");
        verified.Notes.ShouldHaveSingleItem().ShouldContain("entry 7");
    }

    [Fact]
    public async Task Damage_before_whole_records_is_kept_as_it_is_and_a_new_chain_names_it()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(20);
        var before = box.Ledger.Last;
        await box.CloseAsync();
        Flip(box.Journals[0], OffsetOf(box.Journals[0], 11) + 2); // in the length, so that it points far beyond the file
        var bytes = await File.ReadAllBytesAsync(box.Journals[0]);

        box.Open();
        await box.AppendAsync(1);
        box.Ledger.Last.LedgerId.ShouldNotBe(before.LedgerId);
        (await File.ReadAllBytesAsync(box.Journals[0])).ShouldBe(bytes);
        box.Gaps().ShouldBe(["damaged"]);
        box.Raised("ledger-damaged").ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damage_after_which_the_power_went_too_is_told_with_the_promise(bool cleanStop)
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(20);
        if (cleanStop) await box.CloseAsync();
        else await box.KillAsync();
        Flip(box.Journals[0], OffsetOf(box.Journals[0], 11) + 2);

        box.Open();
        await box.AppendAsync(1);
        box.Gaps().ShouldBe(cleanStop ? ["damaged"] : ["damaged", "power-lost"]);
    }

    [Theory]
    [InlineData("tail-lost", false)]
    [InlineData("tail-lost", true)]
    [InlineData("damaged", false)]
    [InlineData("restored", false)]
    public async Task A_power_cut_before_the_reason_of_a_new_chain_is_durable_has_it_found_again(string reason, bool allGone)
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(20);
        var before = box.Ledger.Last;
        if (reason == "tail-lost") box.Ledger.Cursors.Set(new("client", before with { Position = 23 }, box.Time.GetUtcNow(), TimeSpan.FromDays(7), false));
        await box.CloseAsync();
        if (reason == "damaged") Flip(box.Journals[0], OffsetOf(box.Journals[0], 11) + 2);
        if (reason == "restored")
        {
            using var folder = DataFolder.Open(box.Root, box.Time).Value!;
            JournalLedger.MarkRestored(folder).ShouldBeNull();
        }

        if (allGone) File.Delete(box.Journals[0]);

        // Moved away before the first write, the folder stays as the power cut found it.
        var kept = box.LedgerFolder + "-kept";
        box.Seams = StoreSeams.Real with { OpenJournal = path => new CutFile(path, () => Directory.Move(box.LedgerFolder, kept)), DiskShare = _ => 0.1 };
        box.Open();
        await Eventually.Holds(() => Directory.Exists(kept));
        (await box.Ledger.StopAsync(TimeSpan.Zero)).ShouldBe(0);
        await box.CloseAsync();
        Directory.GetFiles(kept, "*.journal").Select(f => new FileInfo(f).Length).Count(l => l == 0).ShouldBe(1);
        if (Directory.Exists(box.LedgerFolder)) Directory.Delete(box.LedgerFolder, recursive: true);
        Directory.Move(kept, box.LedgerFolder);
        File.Delete(Path.Combine(box.LedgerFolder, "clean"));

        box.Seams = StoreSeams.Real;
        box.Open();
        await box.AppendAsync(1);
        box.Ledger.Last.LedgerId.ShouldNotBe(before.LedgerId);
        box.Gaps().ShouldBe([reason, "power-lost"]);
        box.Journals.Count.ShouldBe(allGone ? 1 : 2);
    }

    [Fact]
    public async Task A_chain_that_was_begun_after_a_failed_write_and_got_no_entry_is_followed_as_one_that_misses_nothing()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(20);
        var before = box.Ledger.Last;
        await box.KillAsync();
        var begun = new JournalName(DateOnly.FromDateTime(box.Time.GetUtcNow().UtcDateTime), ChainEnd.New(box.Time, before.LedgerId).LedgerId);
        await File.WriteAllBytesAsync(Path.Combine(box.LedgerFolder, begun + JournalName.Extension), []);

        box.Open();
        await box.AppendAsync(1);
        box.Ledger.Last.LedgerId.ShouldNotBe(before.LedgerId, "a journal is never appended to again after a failed write");
        box.Gaps().ShouldBe(["write-failed", "power-lost"]);
        Box.Json(box.Ledger.ReadAfter(before, 1)[0]).GetProperty("predecessorPosition").GetInt64().ShouldBe(20);
        box.Journals.Count.ShouldBe(2);
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }

    private sealed class CutFile(string path, Action cut)
        : FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            cut();
            throw new IOException("The power is gone");
        }
    }

    [Fact]
    [Trait("Long", "ledger")]
    public async Task A_journal_cut_at_any_byte_keeps_a_valid_prefix_and_numbers_without_gaps()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(12);
        var whole = box.All();
        await box.CloseAsync();
        var journal = box.Journals[0];
        var bytes = await File.ReadAllBytesAsync(journal);
        var ends = Enumerable.Range(2, 12).Select(entry => OffsetOf(journal, entry)).ToList();

        Prop.ForAll(Gen.Choose(0, bytes.Length).ToArbitrary(), cut =>
        {
            File.WriteAllBytes(journal, bytes[..cut]);
            using var catalog = JournalCatalog.Load(box.LedgerFolder);
            var found = JournalRecovery.Run(catalog, box.LedgerFolder, [], null, TimeProvider.System);
            var kept = ends.Count(end => end <= cut);
            found.Predecessor.ShouldBeNull();
            found.End.LedgerId.ShouldBe(whole[0].At.LedgerId);
            (found.End.Entry, found.End.Sequence, found.End.Position).ShouldBe((kept, kept, kept));
            new FileInfo(journal).Length.ShouldBe(kept == 0 ? 0 : ends[kept - 1]);
            catalog.ReadAfter(null, 1000).Select(m => m.Body.ToArray()).ShouldBe(whole.Take(kept).Select(m => m.Body.ToArray()));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Long ? 5000 : 200));
    }

    [Fact]
    [Trait("Long", "ledger")]
    public async Task A_flipped_bit_anywhere_is_never_read_as_another_entry_and_no_number_is_given_twice()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(12);
        var whole = box.All().Select(m => Convert.ToHexString(m.Body.Span)).ToHashSet();
        await box.CloseAsync();
        var journal = box.Journals[0];
        var bytes = await File.ReadAllBytesAsync(journal);

        Prop.ForAll(Gen.Choose(0, bytes.Length * 8 - 1).ToArbitrary(), bit =>
        {
            var flipped = bytes.AsSpan().ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(journal, flipped);
            using (var catalog = JournalCatalog.Load(box.LedgerFolder))
            {
                var found = JournalRecovery.Run(catalog, box.LedgerFolder, [], null, TimeProvider.System);
                found.Predecessor.ShouldNotBeNull().Reason.ShouldBe("damaged");
                catalog.ReadAfter(null, 1000).Select(m => Convert.ToHexString(m.Body.Span)).ShouldBeSubsetOf(whole);
            }
            File.ReadAllBytes(journal).ShouldBe(flipped);
            box.Archive.Verify().FirstBad.ShouldNotBeNull();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Long ? 5000 : 200));
    }

    private static readonly int[] Steps = [1, 2, 5, 40];

    [Fact]
    [Trait("Long", "ledger")]
    public void Any_run_of_appends_reopenings_kills_and_cuts_keeps_what_was_durable_before_the_cut_and_numbers_without_gaps()
    {
        var step = Gen.Choose(0, 3).SelectMany(what => Gen.Elements(Steps).Select(size => (what, size)));
        Prop.ForAll(step.ListOf(8).ToArbitrary(), steps => RunAsync([.. steps]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Long ? 200 : 12));

        static async Task RunAsync(IReadOnlyList<(int What, int Size)> steps)
        {
            await using var box = new Box();
            box.Open();
            var expected = new List<string>();
            foreach (var (what, size) in steps)
            {
                if (what is 0 or 3) await box.AppendAsync(size);
                else if (what == 1) await box.ReopenAsync();
                else
                {
                    // The cut takes no more than the entry appended just before it.
                    await box.AppendAsync(1);
                    await box.KillAsync();
                    Truncate(box.Journals[^1], new FileInfo(box.Journals[^1]).Length - size);
                    box.Open();
                    await box.AppendAsync(1);
                }
                var all = box.All().Select(m => Convert.ToHexString(m.Body.Span)).ToList();
                all.Take(expected.Count).ShouldBe(expected);
                expected = all;
                box.All().Select(m => m.At.Position).ShouldBe(Enumerable.Range(1, all.Count).Select(i => (long)i));
            }
            box.Archive.Verify().FirstBad.ShouldBeNull();
        }
    }

    internal static bool Long => Environment.GetEnvironmentVariable("INSPECTION_LONG") == "ledger";

    private static long OffsetOf(string journal, long entry)
    {
        using var handle = File.OpenHandle(journal);
        var reader = new RecordReader(handle);
        reader.Seek(0, new FileInfo(journal).Length);
        while (reader.Read(out var bytes) == RecordState.Whole)
        {
            if (Envelope.TryRead(bytes, out var envelope) && envelope.Entry == entry) return reader.Offset;
        }
        return reader.Offset;
    }

    private static void Truncate(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength(length);
    }

    private static void Flip(string path, long offset)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = offset;
        var b = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(b ^ 0x10));
    }
}
