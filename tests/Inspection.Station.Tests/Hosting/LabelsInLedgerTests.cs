using System.Text.Json;
using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Store;
using Inspection.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Station.Tests.Hosting;

/// <summary>What counts and what does not, from real journals.</summary>
public sealed class LabelsInLedgerTests : IDisposable
{
    private static readonly JudgingModel Judge = new(Some.Model, 0.5f);
    private static readonly Who Quinn = Who.Person("Quinn", Role.Quality);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));
    private readonly string _root = Directory.CreateTempSubdirectory("inspection-labels-").FullName;

    public void Dispose() => Directory.Delete(_root, true);

    [Theory]
    [InlineData("Pass", "within-threshold", "production", "Running", 1, 0)]
    [InlineData("Reject", "above-threshold", "production", "Running", 0, 1)]
    [InlineData("Reject", "above-threshold", "production", "Bypassed", 0, 1)]
    [InlineData("Pass", "within-threshold", "production", "Stopped", 1, 0)]
    [InlineData("Reject", "above-threshold", "testPart", "Running", 0, 0)]
    [InlineData("Pass", "within-threshold", "testPart", "Running", 0, 0)]
    [InlineData("Pass", "within-threshold", "reinspection", "Running", 0, 0)]
    [InlineData("Indeterminate", "unsure", "production", "Running", 0, 0)]
    [InlineData("Indeterminate", "late", "production", "Running", 0, 0)]
    public async Task Production_parts_that_the_model_passed_or_rejected_count_whatever_the_interlock_s_state(
        string verdict, string reason, string purpose, string interlock, int passed, int rejected)
    {
        await using var box = Open();
        await box.AppendAsync(new Part(_time, verdict) { Reason = reason, Purpose = purpose, Interlock = interlock });
        var counts = Read().Counts(Judge);
        (counts.Passed, counts.Rejected).ShouldBe((passed, rejected));
    }

    [Fact]
    public async Task An_overruled_verdict_stays_the_model_s()
    {
        await using var box = Open();
        var part = await box.AppendAsync(new Part(_time, "Pass"));
        var other = await box.AppendAsync(new Part(_time, "Reject"));
        await box.AppendAsync(new OverrideEntry(_time, true, part, new(VerdictKind.Pass, VerdictKind.Reject, "a crack was seen", Quinn, _time.GetUtcNow())));
        await box.AppendAsync(new OverrideEntry(_time, true, other, new(VerdictKind.Reject, VerdictKind.Pass, "only dust", Quinn, _time.GetUtcNow())));
        var counts = Read().Counts(Judge);
        (counts.Passed, counts.Rejected).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Another_version_another_hash_and_another_threshold_are_counted_apart()
    {
        await using var box = Open();
        await box.AppendAsync(new Part(_time, "Pass"));
        await box.AppendAsync(new Part(_time, "Pass") { Threshold = 0.6f });
        await box.AppendAsync(new Part(_time, "Pass") { Model = Some.Model with { Version = 2 } });
        await box.AppendAsync(new Part(_time, "Pass") { Model = Some.Model with { Sha256 = new('b', 64) } });
        var book = Read();
        book.Judges.Count().ShouldBe(4);
        book.Judges.ShouldAllBe(judge => book.Counts(judge).Passed == 1);
        book.Newest.ShouldBe(new(Some.Model with { Sha256 = new('b', 64) }, 0.5f));
    }

    [Fact]
    public async Task Only_parts_whose_pictures_are_kept_can_be_drawn_and_each_once()
    {
        await using var box = Open();
        var kept = await box.AppendAsync(Pictured("Pass"));
        await box.AppendAsync(new Part(_time, "Pass"));
        await box.AppendAsync(new Part(_time, "Pass") { Image = ("2026-03-14/gone.jpg", new string('0', 64)) });
        var drawn = await box.AppendAsync(Pictured("Reject"));
        await box.AppendAsync(new LabelDrawEntry(_time, true, Quinn, new(Identifiers.New(_time), Judge, SampleRank.NewSeed(), [new(drawn, VerdictKind.Reject)]), LabelCounts.None));
        Read().Candidates(Judge).ShouldBe([new DrawnPart(kept, VerdictKind.Pass)]);
    }

    [Fact]
    public async Task A_book_that_follows_says_the_same_as_one_that_is_read_anew()
    {
        await using var box = Open();
        var following = new LabelBook();
        var reading = LabelsInLedger.Of(box.Ledger, Path.Combine(_root, "pictures"));
        using var sample = new LabelSample(Judge, following, reading, draft => box.Ledger.TryAppend(draft), TimeProvider.System, true);
        reading.Follow(following).ShouldBeNull();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 6; i++) await box.AppendAsync(Pictured(i % 2 == 0 ? "Pass" : "Reject"));
            var open = (await sample.DrawAsync(Quinn, 4)).Value!.Open;
            while (open is not null) open = (await sample.LabelAsync(Quinn, open, PartLabel.CannotTell)).Value!.Open;
            var anew = Read();
            var (a, b) = (anew.Counts(Judge), following.Counts(Judge));
            (a.Passed, a.Rejected, a.Passes, a.Rejects, string.Join(',', a.People)).ShouldBe((b.Passed, b.Rejected, b.Passes, b.Rejects, string.Join(',', b.People)));
            (a.Rejected, a.Rejects).ShouldBe((3 * (round + 1), new(0, 0, 2 * (round + 1))));
            anew.Candidates(Judge).ShouldBe(following.Candidates(Judge));
        }
    }

    [Fact]
    public async Task More_entries_than_one_page_of_a_question_are_followed_without_a_gap()
    {
        await using var box = Open();
        var (book, reading) = (new LabelBook(), LabelsInLedger.Of(box.Ledger, Path.Combine(_root, "pictures")));
        await box.AppendAsync(new Part(_time, "Pass"));
        reading.Follow(book).ShouldBeNull();
        var parts = Enumerable.Range(0, 2300).Select(_ => new Part(_time, "Reject")).ToList();
        foreach (var part in parts) box.Ledger.TryAppend(part).ShouldBeTrue();
        await parts[^1].Durable.Task.WaitAsync(TimeSpan.FromSeconds(20));
        for (var again = 0; again < 2; again++)
        {
            reading.Follow(book).ShouldBeNull();
            (book.Counts(Judge).Passed, book.Counts(Judge).Rejected).ShouldBe((1, 2300));
        }
    }

    [Fact]
    public async Task When_days_are_forgotten_the_next_draw_s_entry_keeps_what_they_said()
    {
        LabelCounts counts;
        await using (var box = Open())
        {
            for (var i = 0; i < 8; i++) await box.AppendAsync(Pictured(i % 2 == 0 ? "Pass" : "Reject"));
            await LabelAllAsync(box, PartLabel.Good);
        }
        var first = Directory.GetFiles(Path.Combine(_root, "ledger"), "*.journal").ShouldHaveSingleItem();
        _time.Advance(TimeSpan.FromDays(1));
        await using (var box = Open())
        {
            for (var i = 0; i < 8; i++) await box.AppendAsync(Pictured(i % 2 == 0 ? "Pass" : "Reject"));
            await LabelAllAsync(box, PartLabel.Bad);
            counts = Read().Counts(Judge);
        }
        (counts.Passed, counts.Rejects, counts.Passes).ShouldBe((8, new(2, 2, 0), new(2, 2, 0)));
        File.Delete(first);
        var left = Read().Counts(Judge);
        (left.Passed, left.Rejected, left.Passes, left.Rejects).ShouldBe((counts.Passed, counts.Rejected, counts.Passes, counts.Rejects));
    }

    [Fact]
    public async Task A_restored_ledger_goes_on_with_what_it_still_holds()
    {
        await using (var box = Open())
        {
            for (var i = 0; i < 4; i++) await box.AppendAsync(Pictured(i % 2 == 0 ? "Pass" : "Reject"));
            await LabelAllAsync(box, PartLabel.Good, 2);
        }
        using (var folder = DataFolder.Open(_root, _time).Value!) JournalLedger.MarkRestored(folder).ShouldBeNull();
        await using (var box = Open())
        {
            await box.AppendAsync(Pictured("Reject"));
            var counts = Read().Counts(Judge);
            (counts.Passed, counts.Rejected, counts.Passes.All, counts.Rejects.All).ShouldBe((2, 3, 1, 1));
            await LabelAllAsync(box, PartLabel.Bad, 4);
            Read().Counts(Judge).Rejects.ShouldBe(new(1, 2, 0));
        }
    }

    [Fact]
    public async Task A_ledger_that_was_changed_on_disk_says_nothing_and_says_where()
    {
        await using (var box = Open())
        {
            for (var i = 0; i < 4; i++) await box.AppendAsync(Pictured("Reject"));
            await LabelAllAsync(box, PartLabel.Bad);
        }
        var journal = Directory.GetFiles(Path.Combine(_root, "ledger"), "*.journal").ShouldHaveSingleItem();
        var bytes = File.ReadAllBytes(journal);
        var at = bytes.AsSpan().IndexOf("\"label\":\"bad\""u8);
        at.ShouldBeGreaterThan(0);
        bytes[at + 10] ^= 1;
        File.WriteAllBytes(journal, bytes);
        var book = new LabelBook();
        var refused = new LabelsInLedger(new LedgerArchive(Path.Combine(_root, "ledger")).Walk, null, Path.Combine(_root, "pictures")).Follow(book).ShouldNotBeNull();
        refused.Code.ShouldBe("ledger-not-as-written");
        refused.Message.ShouldSatisfyAllConditions(m => m.ShouldContain(Path.GetFileName(journal)), m => m.ShouldContain("ledger verify"));
        book.Judges.ShouldBeEmpty();

        var (exit, said, _) = await StationProcess.RunAsync("label-sample", "--data", _root);
        exit.ShouldBe(1);
        said.ShouldContain("ledger-not-as-written");
    }

    [Theory]
    [InlineData("""{"purpose":"production","verdict":"Reject","threshold":0.5}""")]
    [InlineData("""{"purpose":"production","verdict":"Reject","threshold":0.5,"model":{"name":"x","version":"one","sha256":""},"views":[]}""")]
    public async Task An_entry_that_is_not_as_this_version_writes_it_is_told(string body)
    {
        await using var box = Open();
        await box.AppendAsync(new Part(_time, "Reject") { Body = body });
        var labels = new LabelsInLedger(box.Ledger.Walk, box.Ledger.Query, Path.Combine(_root, "pictures"));
        labels.Follow(new LabelBook()).ShouldNotBeNull().Code.ShouldBe("ledger-not-as-written");
    }

    private LabelBook Read()
    {
        var book = new LabelBook();
        new LabelsInLedger(new LedgerArchive(Path.Combine(_root, "ledger")).Walk, null, Path.Combine(_root, "pictures")).Follow(book).ShouldBeNull();
        return book;
    }

    private async Task LabelAllAsync(Opened box, PartLabel label, int count = 4)
    {
        using var sample = new LabelSample(Judge, new(), LabelsInLedger.Of(box.Ledger, Path.Combine(_root, "pictures")), draft => box.Ledger.TryAppend(draft), TimeProvider.System, true);
        var open = (await sample.DrawAsync(Quinn, count)).Value!.Open;
        while (open is not null) open = (await sample.LabelAsync(Quinn, open, label)).Value!.Open;
    }

    /// <summary>A part with a picture on disk.</summary>
    private Part Pictured(string verdict)
    {
        var path = $"2026-03-14/{Identifiers.New(TimeProvider.System)}.jpg";
        Directory.CreateDirectory(Path.Combine(_root, "pictures", "2026-03-14"));
        File.WriteAllText(Path.Combine(_root, "pictures", path), path);
        return new(_time, verdict) { Image = (path, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(path)))) };
    }

    private Opened Open()
    {
        var folder = DataFolder.Open(_root, _time).Value!;
        var ledger = JournalLedger.Open(folder, new StoreOptions(), _time, new Alarms(_time, (_, _) => { }), () => false, true, NullLogger.Instance).Value!;
        ledger.Start();
        return new(folder, ledger);
    }

    private sealed class Opened(DataFolder folder, JournalLedger ledger) : IAsyncDisposable
    {
        public JournalLedger Ledger => ledger;

        /// <summary>Appends and waits; gives the number of a part.</summary>
        public async Task<InspectionNumber> AppendAsync(EntryDraft draft)
        {
            ledger.TryAppend(draft).ShouldBeTrue();
            if (draft is Part part) return await part.Durable.Task.WaitAsync(TimeSpan.FromSeconds(20));
            (await ((StoredEntry)draft).Stored.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
            return default;
        }

        public async ValueTask DisposeAsync()
        {
            await ledger.DisposeAsync();
            folder.Dispose();
        }
    }

    /// <summary>An inspection with as much of its body as is read here.</summary>
    private sealed class Part : EntryDraft
    {
        private readonly string _verdict;

        public Part(TimeProvider time, string verdict) => (At, Timestamp, _verdict) = (time.GetUtcNow(), time.GetTimestamp(), verdict);

        public string Reason { get; init; } = "above-threshold";

        public string Purpose { get; init; } = "production";

        public string Interlock { get; init; } = "Running";

        public float Threshold { get; init; } = 0.5f;

        public ModelIdentity Model { get; init; } = Some.Model;

        public (string Path, string Sha256)? Image { get; init; }

        public string? Body { get; init; }

        public TaskCompletionSource<InspectionNumber> Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override EntryKind Kind => EntryKind.Inspection;

        public override void WriteBody(Utf8JsonWriter json, in EntryNumbers numbers)
        {
            if (Body is not null)
            {
                json.WriteRawValue($$"""{"sequence":{{numbers.Sequence}},{{Body[1..]}}""");
                return;
            }
            json.WriteStartObject();
            json.WriteString("ledgerId", numbers.LedgerId);
            json.WriteNumber("sequence", numbers.Sequence);
            json.WriteString("purpose", Purpose);
            json.WriteString("verdict", _verdict);
            json.WriteString("reason", Reason);
            json.WriteNumber("threshold", Threshold);
            json.WriteStartArray("views");
            json.WriteStartObject();
            if (Image is { } image)
            {
                json.WriteStartObject("image");
                json.WriteString("path", image.Path);
                json.WriteString("sha256", image.Sha256);
                json.WriteEndObject();
            }
            else json.WriteNull("image");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("model");
            json.WriteString("name", Model.Name);
            json.WriteNumber("version", Model.Version);
            json.WriteString("sha256", Model.Sha256);
            json.WriteEndObject();
            json.WriteString("interlock", Interlock);
            json.WriteEndObject();
        }

        public override void OnDurable(in EntryNumbers numbers) => Durable.SetResult(new(numbers.LedgerId, numbers.Sequence));
    }
}
