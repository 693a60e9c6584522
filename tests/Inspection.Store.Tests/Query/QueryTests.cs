using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Store.Tests;

public sealed class QueryTests
{
    private static readonly string[] Verdicts = ["Pass", "Reject", "Pass", "Indeterminate"];

    [Fact]
    public async Task The_index_and_a_walk_through_the_journals_give_the_same_answers()
    {
        await using var box = await ThreeDaysAsync();
        foreach (var query in Queries(box))
        {
            var indexed = Rows(box.Ledger.Query(query));
            indexed.ShouldBe(Rows(box.Archive.Query(query)), query.ToString());
        }
        var rejects = box.Ledger.Query(new() { Verdict = VerdictKind.Reject, Max = 1000 });
        rejects.Rows.Count.ShouldBe(30);
        rejects.Rows.ShouldAllBe(r => r.Verdict == VerdictKind.Reject && r.Kind == EntryKind.Inspection);
        rejects.Rows.Select(r => r.Sequence).ShouldBeInOrder(SortDirection.Descending);
        box.Ledger.Query(new() { FirstSequence = 10, LastSequence = 14 }).Rows.Select(r => r.Sequence).ShouldBe([14, 13, 12, 11, 10]);
        box.Ledger.Query(new() { Max = 3 }).Rows.Select(r => r.Place.Entry).ShouldBe([123, 122, 121]);
    }

    [Fact]
    public async Task What_refers_to_an_inspection_is_found_in_its_ledger_and_in_later_ones_and_never_taken_for_another_of_its_number()
    {
        await using var box = new Box();
        box.Open();
        await box.AppendAsync(5);
        var first = new InspectionNumber(box.Ledger.Last.LedgerId, 3);
        await OverruleAsync(box, first, VerdictKind.Reject);
        await box.CloseAsync();
        using (var folder = DataFolder.Open(box.Root, box.Time).Value!) JournalLedger.MarkRestored(folder).ShouldBeNull();
        box.Open();
        var second = new InspectionNumber(box.Ledger.Last.LedgerId, 3);
        second.LedgerId.ShouldNotBe(first.LedgerId);
        await box.AppendAsync(5);
        await OverruleAsync(box, second, VerdictKind.Reject);
        await OverruleAsync(box, first, VerdictKind.Pass);
        foreach (var ask in (Func<LedgerQuery, LedgerPage>[])[box.Ledger.Query, box.Archive.Query])
        {
            var about = ask(new() { About = first });
            about.Rows.Select(r => System.Text.Json.JsonElement.Parse(r.Body.Span).GetProperty("to").GetString()).ShouldBe(["Pass", "Reject"]);
            about.Rows.ShouldAllBe(r => r.About == first && r.Sequence == 0);
            ask(new() { About = first, Max = 1 }).Next.ShouldNotBeNull();
            ask(new() { About = second }).Rows.ShouldHaveSingleItem();
            ask(new() { About = second with { Sequence = 4 } }).Rows.ShouldBeEmpty();
            ask(new() { FirstSequence = 3, LastSequence = 3 }).Rows.Select(r => r.Place.LedgerId).ShouldBe([second.LedgerId, first.LedgerId]);
        }
    }

    private static async Task OverruleAsync(Box box, InspectionNumber number, VerdictKind to)
    {
        var entry = new OverrideEntry(box.Time, true, number, new(VerdictKind.Indeterminate, to, "looked at it", Some.Person, box.Time.GetUtcNow()));
        box.Ledger.TryAppend(entry).ShouldBeTrue();
        (await entry.Stored.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
    }

    [Fact]
    public async Task Pages_join_without_a_gap_or_a_repetition()
    {
        await using var box = await ThreeDaysAsync();
        foreach (var ask in (Func<LedgerQuery, LedgerPage>[])[box.Ledger.Query, box.Archive.Query])
        {
            var entries = new List<long>();
            var query = new LedgerQuery { Kind = EntryKind.Inspection, Max = 7 };
            LedgerPage page;
            do
            {
                page = ask(query);
                entries.AddRange(page.Rows.Select(r => r.Sequence));
                query = query with { Before = page.Next };
            }
            while (page.Next is not null);
            entries.ShouldBe(Enumerable.Range(1, 120).Reverse().Select(i => (long)i));
        }
    }

    [Fact]
    public async Task Indexes_that_were_deleted_are_made_again_with_the_same_answers_closed_days_too()
    {
        await using var box = await ThreeDaysAsync();
        var before = Queries(box).Select(q => Rows(box.Ledger.Query(q))).ToList();
        await box.CloseAsync();
        var indexes = Directory.GetFiles(box.LedgerFolder, "*.db");
        indexes.Length.ShouldBe(3);
        foreach (var index in indexes) File.Delete(index);

        box.Open();
        Queries(box).Select(q => Rows(box.Ledger.Query(q))).ShouldBe(before);
        indexes.ShouldAllBe(index => File.Exists(index));
    }

    [Fact]
    public async Task A_damaged_index_is_made_again()
    {
        await using var box = await ThreeDaysAsync();
        var before = Queries(box).Select(q => Rows(box.Ledger.Query(q))).ToList();
        await box.CloseAsync();
        foreach (var index in Directory.GetFiles(box.LedgerFolder, "*.db"))
            await File.WriteAllBytesAsync(index, [.. Enumerable.Repeat((byte)0x5A, 20_000)]);

        box.Open();
        Queries(box).Select(q => Rows(box.Ledger.Query(q))).ShouldBe(before);
    }

    [Fact]
    public async Task A_walk_beside_a_running_station_changes_no_file()
    {
        await using var box = await ThreeDaysAsync();
        var before = Directory.GetFiles(box.LedgerFolder, "*.journal").ToDictionary(f => f, File.GetLastWriteTimeUtc);
        box.Archive.Query(new());
        box.Archive.Verify().FirstBad.ShouldBeNull();
        Directory.GetFiles(box.LedgerFolder, "*.journal").ToDictionary(f => f, File.GetLastWriteTimeUtc).ShouldBe(before);
        await box.AppendAsync(1);
    }

    [Fact]
    public async Task A_walk_gives_each_entry_once_oldest_first_and_only_those_that_are_as_they_were_written()
    {
        await using var box = await ThreeDaysAsync();
        var asked = box.Ledger.Query(new() { Max = 1000 }).Rows.Reverse().ToList();
        List<LedgerRow> beside = [], inside = [];
        box.Archive.Walk(beside.Add).FirstBad.ShouldBeNull();
        box.Ledger.Walk(inside.Add).FirstBad.ShouldBeNull();
        foreach (var walked in (List<LedgerRow>[])[beside, inside]) Rows(new(walked, null)).ShouldBe(Rows(new(asked, null)));
        await box.CloseAsync();

        var bytes = await File.ReadAllBytesAsync(box.Journals[1]);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(box.Journals[1], bytes);
        beside.Clear();
        var bad = box.Archive.Walk(beside.Add).FirstBad.ShouldNotBeNull();
        bad.File.ShouldBe(Path.GetFileName(box.Journals[1]));
        beside[^1].Place.Entry.ShouldBe(bad.Entry - 1);
    }

    [Fact]
    public void A_query_tells_all_that_is_out_of_range()
        => new LedgerQuery { Max = 0, FirstSequence = 3, LastSequence = 2, From = DateTimeOffset.MaxValue, To = DateTimeOffset.MinValue }
            .Errors().Select(e => e.Name).ShouldBe(["max", "from", "firstSequence"]);

    private static async Task<Box> ThreeDaysAsync()
    {
        var time = Box.Clock();
        var box = new Box(time);
        box.Open();
        for (var day = 0; day < 3; day++)
        {
            if (day > 0) time.Advance(TimeSpan.FromDays(1));
            for (var i = 0; i < 40; i++)
            {
                time.Advance(TimeSpan.FromMilliseconds(1500.5));
                box.Ledger.TryAppend(new NoteDraft(time, $"{day}.{i}", verdict: Verdicts[i % 4])).ShouldBeTrue();
            }
            await box.AppendAsync(1, EntryKind.Audit);
        }
        return box;
    }

    private static LedgerQuery[] Queries(Box box)
    {
        var middle = box.All()[60].EntryAt;
        return
        [
            new() { Max = 1000 },
            new() { Max = 5 },
            new() { Verdict = VerdictKind.Reject, Max = 11 },
            new() { From = middle, Max = 1000 },
            new() { From = middle.AddTicks(1), Max = 1000 },
            new() { To = middle, Max = 1000 },
            new() { From = middle.AddSeconds(-10), To = middle.AddSeconds(10), Verdict = VerdictKind.Pass },
            new() { Kind = EntryKind.Audit },
            new() { FirstSequence = 35, LastSequence = 45 },
            new() { LastSequence = 5, Max = 3 },
            new() { Before = new(box.Ledger.Last.LedgerId, 50), Max = 20 },
            new() { Before = new(Identifiers.New(box.Time), 50) },
        ];
    }

    private static List<string> Rows(LedgerPage page)
        => [.. page.Rows.Select(r => $"{r.Place} {r.Position} {r.Sequence} {r.Kind} {r.At:O} {r.Verdict} {Convert.ToHexString(r.Body.Span)}"), $"{page.Next}"];
}
