using System.Text.Json;

namespace Inspection.Station.Tests.Commands;

public sealed class BenchTests
{
    [Fact]
    public async Task Bench_measures_everything_from_one_run_and_every_part_passes_and_is_delivered()
    {
        using var box = new StationBox();
        box.WritePhotos(4);
        var file = Path.Combine(box.Root, "bench.json");
        var (exit, said, _) = await BenchAsync(box, file);
        // A machine that is busy with other things makes the line miss a beat and stop, as it must; the bench says so.
        for (var again = 0; again < 4 && exit == 1 && said.Contains("The line stopped", StringComparison.Ordinal); again++) (exit, said, _) = await BenchAsync(box, file);
        exit.ShouldBe(0, said);
        var report = JsonElement.Parse(File.ReadAllText(file));
        report.GetProperty("frames").GetInt32().ShouldBe(1000);
        report.GetProperty("bare").GetProperty("median").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("loop").GetProperty("p99").GetDouble().ShouldBeGreaterThanOrEqualTo(report.GetProperty("loop").GetProperty("median").GetDouble());
        report.GetProperty("ratioWithoutResize").GetProperty("median").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("throughput").GetProperty("framesPerSecond").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("managedBytes").GetProperty("median").GetInt64().ShouldBe(0, said);
        // One for each lock of the hot path at most, when two threads first meet at it.
        report.GetProperty("managedBytes").GetProperty("parts").GetInt32().ShouldBeLessThan(8, said);
        report.GetProperty("verdictToRelay").GetProperty("p999").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("graph").ValueKind.ShouldBe(JsonValueKind.Null, "the small model was not taught");
        report.GetProperty("durableEntriesPerSecond").GetDouble().ShouldBeGreaterThan(100);
        var subscriber = report.GetProperty("subscriber");
        subscriber.GetProperty("messages").GetInt64().ShouldBe(subscriber.GetProperty("sent").GetInt64());
        report.GetProperty("passed").GetInt64().ShouldBe(subscriber.GetProperty("sent").GetInt64());
    }

    private static Task<(int Exit, string Said, string Output)> BenchAsync(StationBox box, string file)
        => StationProcess.RunAsync("bench", "--model", box.Model, "--images", box.Photos, "--json", file);
}
