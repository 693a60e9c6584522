using System.Text.Json;
using Inspection.Testing;

namespace Inspection.Station.Tests.Commands;

public sealed class ConsumerCommandTests
{
    [Fact]
    public async Task What_waits_for_a_receiver_that_is_away_is_told_listed_and_forgotten_on_request()
    {
        using var box = new StationBox();
        box.WritePhotos(4);
        await using (var station = StationProcess.Start(box.Run("--source", "folder:" + box.Photos, "--once")))
        {
            await station.ReadyAsync();
            await using var subscriber = new MosquittoSub(box.Mqtt, "mes");
            (await station.ExitAsync()).ShouldBe(0, station.Said);
            // The station waits for the acknowledgement, not for the client to have printed the line.
            await Eventually.Holds(() => subscriber.Lines.Count == 4);
        }
        var (exit, said, output) = await StationProcess.RunAsync(box.Run("--source", "folder:" + box.Photos, "--once", "--json"));
        exit.ShouldBe(0, said);
        said.ShouldContain("4 verdicts wait for mes.");
        StationBox.Member(output, "waiting")[0].GetProperty("consumer").GetString().ShouldBe("mes");
        StationBox.Member(output, "waiting")[0].GetProperty("verdicts").GetInt64().ShouldBe(4);

        (exit, said, output) = await StationProcess.RunAsync("consumers", "list", "--data", box.Data, "--json");
        exit.ShouldBe(0, said);
        said.ShouldContain("mes: ");
        said.ShouldContain("1 consumers.");
        var listed = JsonElement.Parse(output)[0];
        listed.GetProperty("consumer").GetString().ShouldBe("mes");
        listed.GetProperty("waiting").GetInt64().ShouldBeGreaterThanOrEqualTo(4);

        (exit, said, output) = await StationProcess.RunAsync("consumers", "remove", "mes", "--data", box.Data, "--json");
        exit.ShouldBe(0, said);
        StationBox.Member(output, "removed").GetString().ShouldBe("mes");
        (exit, said, output) = await StationProcess.RunAsync("consumers", "remove", "mes", "--data", box.Data, "--json");
        exit.ShouldNotBe(0);
        said.ShouldContain("There is no consumer 'mes'");
        output.ShouldBeEmpty();
        (_, said, output) = await StationProcess.RunAsync("consumers", "list", "--data", box.Data, "--json");
        said.ShouldContain("0 consumers.");
        JsonElement.Parse(output).GetArrayLength().ShouldBe(0);
        (_, said, output) = await StationProcess.RunAsync("ledger", "query", "--kind", "audit", "--data", box.Data, "--json");
        output.ShouldContain("consumer-removed");
    }

    [Fact]
    public async Task Beside_a_running_station_they_are_refused_and_nothing_is_harmed()
    {
        using var box = new StationBox();
        await using var station = StationProcess.Start(box.Run());
        await station.ReadyAsync();
        var (exit, said, _) = await StationProcess.RunAsync("consumers", "list", "--data", box.Data);
        exit.ShouldBe(1);
        said.ShouldContain("Another station");
        (await station.EndAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("cursors.json.aside")]
    [InlineData("ledger/place.aside")]
    public async Task What_cannot_be_written_is_not_told_as_forgotten(string inTheWay)
    {
        using var box = new StationBox();
        WriteCursors(box, """{"schema":1,"cursors":[{"consumer":"mes","lastConnected":"2026-03-14T12:00:00Z","expiry":"3650 d","named":false}]}""");
        // A folder of this name keeps the file from being written, as a full disk would.
        Directory.CreateDirectory(Path.Combine(box.Data, inTheWay));
        var (exit, said, output) = await StationProcess.RunAsync("consumers", "remove", "mes", "--data", box.Data, "--json");
        exit.ShouldBe(1, said);
        said.ShouldContain("Check the room on the disk");
        said.ShouldNotContain("is forgotten");
        output.ShouldBeEmpty();

        Directory.Delete(Path.Combine(box.Data, inTheWay));
        (exit, said, _) = await StationProcess.RunAsync("consumers", "list", "--data", box.Data);
        exit.ShouldBe(0, said);
        said.ShouldContain(inTheWay.StartsWith("cursors", StringComparison.Ordinal) ? "mes: " : "0 consumers");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("remove", "mes")]
    public async Task Cursors_that_cannot_be_read_are_told_and_left_for_the_station_to_set_aside(params string[] command)
    {
        using var box = new StationBox();
        WriteCursors(box, "{");
        var (exit, said, output) = await StationProcess.RunAsync(["consumers", .. command, "--data", box.Data, "--json"]);
        exit.ShouldBe(1, said);
        said.ShouldContain("cursors-unreadable");
        output.ShouldBeEmpty();
        (await File.ReadAllTextAsync(Path.Combine(box.Data, "cursors.json"))).ShouldBe("{");
    }

    private static void WriteCursors(StationBox box, string content) => File.WriteAllText(Path.Combine(box.Data, "cursors.json"), content);
}
