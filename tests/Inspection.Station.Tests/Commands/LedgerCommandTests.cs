using System.Text.Json;

namespace Inspection.Station.Tests.Commands;

public sealed class LedgerCommandTests
{
    [Fact]
    public async Task Query_and_verify_tell_people_on_stderr_and_programs_on_stdout_and_a_changed_byte_ends_verify_with_exit_1()
    {
        using var box = new StationBox(threshold: 0.7f);
        box.WritePhotos(3);
        box.WritePhotos(5, brightness: 190);
        box.WritePhotos(3);
        await using (var station = StationProcess.Start(box.Run("--source", "folder:" + box.Photos, "--once")))
        {
            await station.ReadyAsync();
            await using var subscriber = new MosquittoSub(box.Mqtt, "mes");
            (await station.ExitAsync()).ShouldBe(0, station.Said);
        }

        var (exit, said, output) = await StationProcess.RunAsync("ledger", "query", "--kind", "inspection", "--data", box.Data, "--json");
        exit.ShouldBe(0, said);
        said.ShouldContain("5 entries.");
        Rows(output).Select(r => r.GetProperty("sequence").GetInt64()).ShouldBe([5, 4, 3, 2, 1]);
        foreach (var (row, verdict) in Rows(output).AsEnumerable().Reverse().Zip(box.Verdicts()))
            JsonElement.DeepEquals(row.GetProperty("body"), JsonElement.Parse(verdict)).ShouldBeTrue(verdict);

        (_, said, output) = await StationProcess.RunAsync("ledger", "query", "--verdict", "reject", "--data", box.Data, "--json");
        Rows(output).Count.ShouldBe(2, said);
        said.ShouldContain("Reject above-threshold");
        Rows(output).ShouldAllBe(r => r.GetProperty("body").GetProperty("verdict").GetString() == "Reject");
        (_, said, output) = await StationProcess.RunAsync("ledger", "query", "--first", "2", "--last", "3", "--max", "1", "--data", box.Data);
        said.ShouldContain("1 entries; there are older ones.");
        output.ShouldBeEmpty();

        (exit, said, output) = await StationProcess.RunAsync("ledger", "verify", "--data", box.Data, "--json");
        exit.ShouldBe(0, said);
        said.ShouldContain("Every record, number and hash is as it was written.");
        JsonElement.Parse(output).GetProperty("firstBad").ValueKind.ShouldBe(JsonValueKind.Null);

        var journal = Directory.GetFiles(Path.Combine(box.Data, "ledger"), "*.journal").Single();
        var bytes = File.ReadAllBytes(journal);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(journal, bytes);
        (exit, said, output) = await StationProcess.RunAsync("ledger", "verify", "--data", box.Data, "--json");
        exit.ShouldBe(1);
        said.ShouldContain("is not as it was written at byte");
        JsonElement.Parse(output).GetProperty("firstBad").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Theory]
    [InlineData("query")]
    [InlineData("verify")]
    public async Task Where_there_is_no_ledger_it_says_what_to_name(string command)
    {
        using var box = new StationBox();
        var (exit, said, output) = await StationProcess.RunAsync("ledger", command, "--data", Path.Combine(box.Root, "elsewhere"), "--json");
        exit.ShouldNotBe(0);
        said.ShouldContain("--data DIR");
        output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_question_that_makes_no_sense_is_wrong_usage()
    {
        using var box = new StationBox();
        var (exit, said, _) = await StationProcess.RunAsync("ledger", "query", "--max", "0", "--data", box.Data);
        exit.ShouldBe(2);
        said.ShouldContain("1–1000");
    }

    private static List<JsonElement> Rows(string output) => [.. JsonElement.Parse(output).EnumerateArray()];
}
