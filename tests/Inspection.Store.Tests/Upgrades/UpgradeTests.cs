using System.Runtime.CompilerServices;
using Inspection.Core;

namespace Inspection.Store.Tests;

/// <summary>Data folders of each release, as they were written then, are read and gone on with by this program.</summary>
public sealed class UpgradeTests
{
    [Fact]
    public async Task A_folder_of_0_1_0_is_verified_queried_and_appended_to_under_a_new_ledgerId_because_it_is_a_copy()
    {
        var time = Box.Clock();
        time.SetUtcNow(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        await using var box = new Box(time);
        Copy("0.1.0", box.Root);
        var old = Path.GetFileName(box.Journals.ShouldHaveSingleItem());
        var bytes = await File.ReadAllBytesAsync(box.Journals[0]);

        var verified = box.Archive.Verify();
        verified.FirstBad.ShouldBeNull();
        verified.Entries.ShouldBe(21);
        box.Archive.Query(new() { Max = 1000 }).Rows.Select(r => r.Kind).Distinct().ShouldBe(Enum.GetValues<EntryKind>(), ignoreOrder: true);
        var people = new People(new PeopleFile(Path.Combine(box.Root, "people.json")).Load().Value.ShouldNotBeNull(), time);
        people.SignIn("Ada", "4711").Value.ShouldBe(Who.Person("Ada", Role.Setter));
        new RecipeStore(Path.Combine(box.Root, "recipes")).Load("demo-part").Value.ShouldNotBeNull().Revision.ShouldBe(1);

        box.Open();
        box.Raised("cursors-unreadable").ShouldBeFalse();
        var plant = box.Ledger.Cursors.Find("mes").ShouldNotBeNull().At.ShouldNotBeNull();
        old.ShouldContain(plant.LedgerId.ToString());
        await box.AppendAsync(2);
        box.Ledger.Last.LedgerId.ShouldNotBe(plant.LedgerId);
        var rejects = box.Ledger.Query(new() { Verdict = VerdictKind.Reject, Max = 1000 }).Rows;
        rejects.ShouldNotBeEmpty();
        rejects.Select(r => r.Sequence).ShouldBeInOrder(SortDirection.Descending);
        box.Ledger.Query(new() { Kind = EntryKind.Inspection, Max = 1000 }).Rows.Count.ShouldBe(12 + 2);
        var waiting = box.Ledger.ReadAfter(plant, 100);
        waiting.Select(m => m.Kind).ShouldBe(
            [EntryKind.Interlock, EntryKind.Gap, EntryKind.Override, EntryKind.Disposition, EntryKind.Lot, EntryKind.Gap, EntryKind.Inspection, EntryKind.Inspection]);
        var gap = Box.Json(waiting[5]);
        gap.GetProperty("reason").GetString().ShouldBe("restored");
        gap.GetProperty("predecessor").GetGuid().ShouldBe(plant.LedgerId);
        (await File.ReadAllBytesAsync(Path.Combine(box.LedgerFolder, old))).ShouldBe(bytes, "what was written is never changed");
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }

    private static void Copy(string release, string to, [CallerFilePath] string here = "")
    {
        var from = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../upgrades", release));
        foreach (var source in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, source));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
        }
    }
}
