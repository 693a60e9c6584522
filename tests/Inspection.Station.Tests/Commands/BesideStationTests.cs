using Inspection.Store;

namespace Inspection.Station.Tests.Commands;

/// <summary>What only reads works beside a running station, and never holds up one that starts.</summary>
public sealed class BesideStationTests
{
    [Fact]
    public async Task Reading_works_beside_a_running_station_and_without_the_folders_lock()
    {
        using var box = new StationBox();
        await using var station = StationProcess.Start(box.Run());
        await station.ReadyAsync();
        string[][] readings =
        [
            ["recipe", "list"], ["recipe", "show", "tiny"], ["ledger", "query"], ["ledger", "verify"],
        ];
        foreach (var reading in readings)
        {
            var (exit, said, _) = await StationProcess.RunAsync([.. reading, "--data", box.Data]);
            exit.ShouldBe(0, $"{string.Join(' ', reading)}: {said}");
        }
        var (refused, why, _) = await StationProcess.RunAsync("consumers", "list", "--data", box.Data);
        refused.ShouldBe(1);
        why.ShouldContain("its page (Receivers) and its message 'status' show it");
        (await station.EndAsync()).ShouldBe(0, station.Said);
    }

    [Theory]
    [InlineData("recipe", "list")]
    [InlineData("recipe", "show", "tiny")]
    [InlineData("ledger", "query")]
    [InlineData("ledger", "verify")]
    public async Task Reading_makes_no_folder_where_there_is_none(params string[] reading)
    {
        using var box = new StationBox();
        var nowhere = Path.Combine(box.Root, "nowhere");
        var (exit, said, _) = await StationProcess.RunAsync([.. reading, "--data", nowhere]);
        exit.ShouldNotBe(0);
        said.ShouldContain("nowhere");
        Directory.Exists(nowhere).ShouldBeFalse();
    }

    [Fact]
    public async Task Somebody_who_has_not_typed_the_PIN_yet_holds_up_no_station()
    {
        using var box = new StationBox();
        await using var adding = StationProcess.Start(["people", "add", "Ada", "--role", "operator", "--data", box.Data], more: true);
        await Testing.Eventually.Holds(() => File.Exists(Path.Combine(box.Data, "schema.json")), TimeSpan.FromSeconds(30));
        await Testing.Eventually.Holds(() =>
        {
            using var held = DataFolder.Open(box.Data, TimeProvider.System).Value;
            return held is not null;
        });
    }

    [Fact]
    public async Task A_data_folder_that_breaks_while_the_PIN_is_typed_is_not_taken_for_a_running_station()
    {
        using var box = new StationBox();
        await using var adding = StationProcess.Start(["people", "add", "Ada", "--role", "operator", "--data", box.Data], more: true);
        var schema = Path.Combine(box.Data, "schema.json");
        await Testing.Eventually.Holds(() => File.Exists(schema), TimeSpan.FromSeconds(30));
        await Testing.Eventually.Holds(() =>
        {
            using var held = DataFolder.Open(box.Data, TimeProvider.System).Value;
            return held is not null;
        });
        await File.WriteAllTextAsync(schema, "{}", TestContext.Current.CancellationToken);
        adding.Type("4711");
        (await adding.ExitAsync()).ShouldNotBe(0);
        adding.Said.ShouldContain("does not say which schema");
        File.Exists(Path.Combine(box.Data, "people.json")).ShouldBeFalse();
    }
}
