using System.Text.Json;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Tests.Commands;

public sealed class RelayCommandTests
{
    [Fact]
    public async Task An_exchange_is_in_the_ledger_with_who_when_and_the_old_relays_cycles()
    {
        using var box = new StationBox();
        var file = new RelayFile(DataFolder.RelayOf(box.Data));
        file.Save(new RelayLife(4711, null, null));
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var (exit, said, output) = await StationProcess.RunAsync("relay", "exchanged", "--by", "Mo", "--data", box.Data, "--json");
        exit.ShouldBe(0, said);
        StationBox.Member(output, "before").GetInt64().ShouldBe(4711);
        var row = new LedgerArchive(DataFolder.LedgerOf(box.Data)).Query(new LedgerQuery { Kind = EntryKind.Audit }).Rows
            .Single(r => JsonElement.Parse(r.Body.Span).GetProperty("action").GetString() == "relay-exchanged");
        row.At.ShouldBeGreaterThan(before);
        JsonElement.Parse(row.Body.Span).GetProperty("detail").GetString().ShouldBe("by Mo, on the command line; the old relay had pulled in 4711 times");
        file.Load().Value.ShouldNotBeNull().ShouldSatisfyAllConditions(life => life.Cycles.ShouldBe(0), life => life.ExchangedBy.ShouldBe("Mo"));
        box.Verify().FirstBad.ShouldBeNull();
    }

    [Fact]
    public async Task Beside_a_running_station_nothing_is_changed_and_it_says_what_to_do()
    {
        using var box = new StationBox();
        var file = new RelayFile(DataFolder.RelayOf(box.Data));
        file.Save(new RelayLife(4711, null, null));
        using var held = DataFolder.Open(box.Data, TimeProvider.System).Value!;
        var (exit, said, _) = await StationProcess.RunAsync("relay", "exchanged", "--by", "Mo", "--data", box.Data);
        exit.ShouldNotBe(0);
        said.ShouldContain("Stop it first");
        file.Load().Value!.Cycles.ShouldBe(4711);
    }

    [Fact]
    public async Task Where_the_ledger_cannot_be_written_the_old_relays_count_stays()
    {
        using var box = new StationBox();
        var file = new RelayFile(DataFolder.RelayOf(box.Data));
        file.Save(new RelayLife(4711, null, null));
        await using var exchanging = StationProcess.StartOnDiskWithoutRoom(["relay", "exchanged", "--by", "Mo", "--data", box.Data]);
        (await exchanging.ExitAsync()).ShouldNotBe(0, exchanging.Said);
        file.Load().Value!.Cycles.ShouldBe(4711);
    }
}
