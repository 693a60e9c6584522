using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Station.Settings;
using Inspection.Store;
using Inspection.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inspection.Station.Tests.Running;

public sealed class RunningTests
{
    [Fact]
    public async Task A_person_starts_the_line_parts_pass_while_Running_and_the_end_stops_it_before_anything_else()
    {
        using var box = new StationBox();
        File.WriteAllText(Path.Combine(box.Data, "station.json"), """
            { "source": "simulated", "gpio": { "chip": "simulated" }, "interlock": { "loopDeadline": "1 s" }, "capture": { "lostAfter": "20 s" },
              "simulated": { "width": 160, "height": 120, "partsPerSecond": 20 } }
            """);
        var request = new RunRequest(null, null, box.Model, false, false, box.Http, box.Mqtt, box.Data, false);
        long passed;
        using (var folder = DataFolder.Open(box.Data, TimeProvider.System).Value!)
        {
            var reading = SettingsFile.Read(folder.Root, request);
            reading.Errors.ShouldBeEmpty();
            var started = await StationHost.StartAsync(folder, reading.Settings, request, TimeProvider.System, NullLoggerFactory.Instance);
            started.Failure.ShouldBeNull();
            var station = started.Value!.Parts;
            station.Interlock.State.ShouldBe(InterlockState.Stopped);
            station.Interlock.Snapshot.Obstacle.ShouldBeNull();
            await RunUntilPassedAsync(station, 40);
            await started.Value.DisposeAsync();
            station.Interlock.State.ShouldBe(InterlockState.Stopped);
            station.Interlock.Start(Some.Person).ShouldNotBeNull();
            passed = station.Counters.Snapshot().Inspected;
        }
        box.Verdicts().Count.ShouldBe((int)passed);
        box.Verdicts().Count(v => StationBox.Member(v, "interlock").GetString() == "Running").ShouldBeGreaterThan(0);
        var transitions = Transitions(box);
        transitions[0].ShouldBe("Stopped → Stopped by station", "each start says anew that it is Stopped");
        transitions[1].ShouldBe("Stopped → Running by Ada");
        transitions[^1].ShouldBe("Running → Stopped by station");
        box.Verify().FirstBad.ShouldBeNull();
    }

    /// <summary>On a machine that is busy with other things a beat may be missed; then a person resets and starts again, as at a line.</summary>
    private static async Task RunUntilPassedAsync(StationParts station, int parts)
    {
        long? from = null;
        await Eventually.Holds(() =>
        {
            if (station.Interlock.State == InterlockState.Tripped) station.Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved);
            if (station.Interlock.State == InterlockState.Stopped && station.Interlock.Start(Some.Person) is null) from ??= station.Counters.Snapshot().Passed;
            return station.Interlock.State == InterlockState.Running && station.Counters.Snapshot().Passed >= from + parts;
        }, TimeSpan.FromSeconds(60));
    }

    private static List<string> Transitions(StationBox box)
        => [.. new LedgerArchive(DataFolder.LedgerOf(box.Data)).Query(new LedgerQuery { Kind = EntryKind.Interlock }).Rows.Reverse()
            .Select(row => System.Text.Json.JsonElement.Parse(row.Body.Span))
            .Select(b => $"{b.GetProperty("from")} → {b.GetProperty("to")} by {b.GetProperty("who").GetProperty("name")}")];
}
