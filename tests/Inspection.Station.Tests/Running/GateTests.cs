using System.Text.Json;
using System.Text.Json.Nodes;
using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Store;
using Inspection.Testing;

namespace Inspection.Station.Tests.Running;

public sealed class GateTests
{
    private static readonly string Dispositions = "inspection/demo/line1/station1/disposition";

    [Fact]
    public async Task Good_parts_go_through_the_gate_and_others_into_the_bin_and_a_subscriber_learns_what_became_of_each()
    {
        using var box = new StationBox();
        WithGate(box);
        await using var station = await StationInside.StartAsync(box);
        await using var subscriber = new MosquittoSub(box.Mqtt, "mes", Dispositions);
        station.Interlock.Snapshot.ZoneUnknown.ShouldBeTrue();
        // On a busy machine the simulated belt may stand for a moment; then a person resets and starts again.
        await Eventually.Holds(() =>
        {
            if (station.Interlock.State == InterlockState.Tripped) station.Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved);
            if (station.Interlock.State == InterlockState.Stopped) station.Interlock.Start(Some.Person);
            return Count(subscriber, "Delivered") >= 5 && Count(subscriber, "Diverted") >= 5;
        }, TimeSpan.FromSeconds(90));
        var diverted = subscriber.Lines.First(l => Told(l) == "Diverted");
        PartsInLedger.Find(station.Parts.Ledger.Journal, SequenceOf(diverted)).Value!.ShouldHaveSingleItem().KeptOff.ShouldBeTrue();
        await station.DisposeAsync();
        (await StationProcess.RunAsync("ledger", "query", "--data", box.Data, "--kind", "disposition")).Said.ShouldContain($"Diverted of sequence {SequenceOf(diverted)}");

        var verdicts = box.Verdicts();
        var byTrigger = verdicts.ToDictionary(v => StationBox.Member(v, "trigger").GetProperty("id").GetGuid(), v => StationBox.Member(v, "verdict").GetString());
        var told = All(box);
        foreach (var disposition in told.Where(d => Told(d) == "Delivered")) byTrigger[TriggerOf(disposition)].ShouldBe("Pass");
        told.Select(TriggerOf).ShouldBeUnique();
        byTrigger.Keys.Except(told.Select(TriggerOf)).ShouldBeEmpty("each part was told of, at the latest at the end");
        foreach (var disposition in told.Where(d => StationBox.Member(d, "inspection").ValueKind != JsonValueKind.Null))
            StationBox.Member(verdicts.Single(v => StationBox.Sequence(v) == SequenceOf(disposition)), "trigger").GetProperty("id").GetGuid().ShouldBe(TriggerOf(disposition));
    }

    [Fact]
    public async Task What_is_told_at_the_end_of_the_parts_on_the_belt_names_their_inspections_however_slow_the_disk_is()
    {
        using var box = new StationBox();
        // So far that none comes to its end before the station does.
        WithGate(box, distance: 100_000);
        await using var station = await StationInside.StartAsync(box);
        var slow = new SlowEntry();
        station.Parts.Ledger.Journal.TryAppend(slow).ShouldBeTrue();
        await slow.Writing.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var before = station.Parts.Counters.Snapshot().Inspected;
        await Eventually.Holds(() => station.Parts.Counters.Snapshot().Inspected > before);
        await station.DisposeAsync();
        var byTrigger = box.Verdicts().ToDictionary(v => StationBox.Member(v, "trigger").GetProperty("id").GetGuid(), StationBox.Sequence);
        var told = All(box).Where(d => byTrigger.ContainsKey(TriggerOf(d))).ToList();
        told.ShouldNotBeEmpty();
        foreach (var disposition in told) SequenceOf(disposition).ShouldBe(byTrigger[TriggerOf(disposition)]);
    }

    [Fact]
    public async Task A_recipe_with_a_gate_on_lines_without_one_is_refused_at_the_start()
    {
        using var box = new StationBox();
        var map = JsonNode.Parse(File.ReadAllText(Path.Combine(StationBox.Repository, "hardware", "pin-map.json")))!;
        var lines = map["lines"]!.AsArray();
        lines.Remove(lines.Single(l => (string?)l!["name"] == "encoder"));
        var file = Path.Combine(box.Root, "pins.json");
        File.WriteAllText(file, map.ToJsonString());
        WithGate(box, $$""", "pinMap": "{{file}}" """);
        var (exit, said, _) = await StationProcess.RunAsync(box.Run());
        exit.ShouldBe(2);
        said.ShouldContain("the pin map has no encoder");
    }

    /// <summary>Photos of good parts and a dark one, and a recipe whose gate is 0.3 s behind the camera.</summary>
    private static void WithGate(StationBox box, string pinMap = "", int distance = 60)
    {
        box.WritePhotos(1, brightness: -255);
        File.Move(Path.Combine(box.Photos, "photo000.png"), Path.Combine(box.Photos, "dark.png"));
        box.WritePhotos(2);
        using (var folder = DataFolder.Open(box.Data, TimeProvider.System).Value!)
        {
            var saved = new RecipeStore(folder.Recipes).Save(Some.Recipe with
            {
                Name = "tiny",
                Model = new ModelReference { Name = "tiny", Version = 1 },
                Output = new PartOutput { Mode = OutputMode.Gate },
                Gate = new GateRules { Distance = distance, Tolerance = 15, BinDistance = 20, BinTolerance = 15 },
                Rules = new TripRules { Deadline = TimeSpan.FromSeconds(5), Indeterminates = 1000, IndeterminateWindow = 1000 },
                Frames = new FrameLimits { MinSharpness = 0 },
            });
            saved.Failure.ShouldBeNull();
        }
        File.WriteAllText(Path.Combine(box.Data, "station.json"),
            $$"""{ "source": "folder:{{box.Photos}}", "gpio": { "chip": "simulated"{{pinMap}} }, "replay": { "partsPerSecond": 4 }{{StationBox.Patient}} }""");
    }

    /// <summary>Keeps the ledger's writer for two seconds, as a busy disk does.</summary>
    private sealed class SlowEntry() : StationEntry(TimeProvider.System, true, Who.Station)
    {
        public TaskCompletionSource Writing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override EntryKind Kind => EntryKind.Audit;

        protected override void WriteMembers(Utf8JsonWriter json)
        {
            Writing.TrySetResult();
            using var never = new ManualResetEventSlim();
            never.Wait(TimeSpan.FromSeconds(2));
            json.WriteString("action", "slow");
            json.WriteString("detail", "");
        }
    }

    private static string Told(string body) => StationBox.Member(body, "disposition").GetString()!;

    private static Guid TriggerOf(string body) => StationBox.Member(body, "trigger").GetProperty("id").GetGuid();

    private static long SequenceOf(string body) => StationBox.Member(body, "inspection").GetProperty("sequence").GetInt64();

    private static int Count(MosquittoSub subscriber, string disposition) => subscriber.Lines.Count(line => Told(line) == disposition);

    private static List<string> All(StationBox box)
        => [.. new LedgerArchive(DataFolder.LedgerOf(box.Data)).Query(new LedgerQuery { Kind = EntryKind.Disposition, Max = 1000 }).Rows.Select(r => System.Text.Encoding.UTF8.GetString(r.Body.Span))];
}
