using System.Text.Json;

namespace Inspection.Station.Tests.Commands;

public sealed class LedgerTests
{
    [Fact]
    public async Task A_ledger_that_is_marked_as_restored_goes_on_under_a_new_ledgerId_and_a_query_tells_which_pictures_are_gone()
    {
        using var box = new StationBox(threshold: 0.01f);
        box.WritePhotos(2);
        (await StationProcess.RunAsync("ledger", "restored", "--data", box.Data)).Exit.ShouldBe(2, "there is nothing to mark yet");
        await OnceAsync(box);
        (await StationProcess.RunAsync("ledger", "restored", "--data", box.Data)).Exit.ShouldBe(0);
        await OnceAsync(box);
        box.Verdicts().Select(v => StationBox.Member(v, "ledgerId").GetString()).Distinct().Count().ShouldBe(2);
        box.Verdicts().Select(StationBox.Sequence).ShouldBe([1, 2, 1, 2]);
        box.Verify().FirstBad.ShouldBeNull();

        var gone = Directory.GetFiles(Path.Combine(box.Data, "pictures"), "*.*", SearchOption.AllDirectories)[0];
        File.Delete(gone);
        var (exit, _, output) = await StationProcess.RunAsync("ledger", "query", "--kind", "inspection", "--json", "--data", box.Data);
        exit.ShouldBe(0);
        var rows = JsonElement.Parse(output).EnumerateArray().ToList();
        rows.Count.ShouldBe(4);
        foreach (var row in rows)
        {
            var picture = row.GetProperty("body").GetProperty("views")[0].GetProperty("image").GetProperty("path").GetString()!;
            row.GetProperty("picturesKept").GetBoolean().ShouldBe(Path.GetFileName(picture) != Path.GetFileName(gone));
        }
    }

    private static async Task OnceAsync(StationBox box)
    {
        var (exit, said, _) = await StationProcess.RunAsync(box.Run("--source", "folder:" + box.Photos, "--once"));
        exit.ShouldBe(0, said);
    }
}
