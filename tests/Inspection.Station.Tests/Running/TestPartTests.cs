using System.Text.Json;
using Inspection.Core;
using Inspection.Gpio;
using Inspection.Store;
using Inspection.Testing;

namespace Inspection.Station.Tests.Running;

public sealed class TestPartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_good_and_a_bad_part_prove_the_line_a_restart_knows_it_and_a_wrong_one_holds_what_was_made_since()
    {
        using var box = Prepared(TestPartKind.Bad);
        await using (var station = await StationInside.StartAsync(box))
        {
            var tests = station.Parts.TestParts!;
            await Eventually.Holds(() => tests.Snapshot.IsDue);
            await Eventually.Holds(() => BlueIsLit(station));
            await StartAsync(station);
            var produced = station.Parts.Counters.Snapshot();
            await ShowAsync(station, "good A");
            await ShowAsync(station, "scratch");
            await Eventually.Holds(() => !tests.Snapshot.IsDue);
            await Eventually.Holds(() =>
            {
                // A beat that a busy machine missed asks for a reset, and that is blue, too.
                if (station.Interlock.State == InterlockState.Tripped) station.Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved);
                return !BlueIsLit(station);
            }, Patience);
            tests.Snapshot.LastPassed!.By.ShouldBe(Some.Operator.Name);
            await Eventually.Holds(() => station.Parts.Counters.Snapshot().TestParts == 2);
            station.Parts.Counters.Snapshot().Inspected.ShouldBeGreaterThan(produced.Inspected);
        }
        Tested(box).ShouldBe([("good A", "Pass", true), ("scratch", "Reject", true)]);
        Audits(box, TestEntry.Passed).Count.ShouldBe(1);

        // The same parts with a recipe that calls the dark one bad: a change-over, and the test fails.
        Save(box, TestPartKind.Good);
        await using (var station = await StationInside.StartAsync(box))
        {
            var tests = station.Parts.TestParts!;
            await Eventually.Holds(() => tests.Snapshot.Reasons.Contains("change-over") && tests.Snapshot.Reasons.Contains("camera-change"));
            tests.Snapshot.LastPassed!.By.ShouldBe(Some.Operator.Name, "the ledger remembers");
            await StartAsync(station);
            await ShowAsync(station, "scratch", wrongly: true);
            await Eventually.Holds(() => station.Interlock.State == InterlockState.Tripped);
            station.Interlock.Snapshot.ShouldSatisfyAllConditions(s => s.Present.ShouldContain(TripCause.TestPart), s => s.Later.Prepend(s.FirstOut!).ShouldContain(t => t.Cause == TripCause.TestPart));
            await Eventually.Holds(() => station.Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved)?.Code == "test-part");
        }
        var lot = Bodies(box, EntryKind.Lot).ShouldHaveSingleItem();
        lot.GetProperty("reason").GetString().ShouldBe("test-part-failed");
        lot.GetProperty("madeFrom").GetDateTimeOffset().ShouldBe(Audits(box, TestEntry.Passed)[0].GetProperty("lastPassed").GetProperty("at").GetDateTimeOffset());

        await using (var station = await StationInside.StartAsync(box))
        {
            station.Parts.TestParts!.Snapshot.Reasons.ShouldContain("failed");
            station.Parts.TestParts.Snapshot.IsOverdue.ShouldBeTrue("a restart proves nothing");
        }
        box.Verify().FirstBad.ShouldBeNull();
    }

    [Fact]
    public async Task With_a_gate_a_test_is_passed_only_when_the_good_part_was_delivered_and_the_bad_one_seen_in_the_bin()
    {
        // A second from camera to gate, so that a busy disk has made the verdict durable by then.
        using var box = Prepared(TestPartKind.Bad, new GateRules { Distance = 200, Tolerance = 15, BinDistance = 20, BinTolerance = 15 });
        await using (var station = await StationInside.StartAsync(box))
        {
            var tests = station.Parts.TestParts!;
            await StartAsync(station);
            // A part on its way proves nothing where a busy machine stops the line, and is asked for again.
            while (tests.Snapshot.Next is { } next)
            {
                await StartAsync(station);
                await ShowAsync(station, next.Name);
                await Eventually.Holds(() => tests.Snapshot.OnItsWay is null, Patience);
            }
            tests.Snapshot.IsDue.ShouldBeFalse();
        }
        var shown = Bodies(box, EntryKind.Inspection).Where(v => v.GetProperty("purpose").GetString() == "testPart")
            .GroupBy(v => v.GetProperty("testPart").GetProperty("name").GetString()!)
            .ToDictionary(g => g.Key, g => g.Last().GetProperty("trigger").GetProperty("id").GetGuid());
        var became = Bodies(box, EntryKind.Disposition).ToDictionary(d => d.GetProperty("trigger").GetProperty("id").GetGuid());
        became[shown["good A"]].GetProperty("disposition").GetString().ShouldBe("Delivered");
        became[shown["scratch"]].GetProperty("disposition").GetString().ShouldBe("Diverted");
        var passed = Audits(box, TestEntry.Passed).ShouldHaveSingleItem();
        passed.GetProperty("who").GetProperty("name").GetString().ShouldBe(Some.Operator.Name);
        var ejected = Bodies(box, EntryKind.Disposition).Single(d => d.GetProperty("trigger").GetProperty("id").GetGuid() == shown["scratch"]);
        passed.GetProperty("at").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(ejected.GetProperty("at").GetDateTimeOffset(), "the bin's eye comes first");
    }

    /// <summary>Photos in blocks, twenty of ten a second, or with a gate ten of four: dark ones that pass, then bright ones that are rejected.</summary>
    private static StationBox Prepared(TestPartKind bright, GateRules? gate = null)
    {
        var box = new StationBox(threshold: 0.6f);
        var block = gate is null ? 20 : 10;
        box.WritePhotos(block, brightness: 60);
        foreach (var photo in Directory.GetFiles(box.Photos)) File.Move(photo, Path.Combine(box.Photos, "dark-" + Path.GetFileName(photo)));
        box.WritePhotos(block, brightness: 195);
        File.WriteAllText(Path.Combine(box.Data, "station.json"),
            $$"""{ "source": "folder:{{box.Photos}}", "gpio": { "chip": "simulated" }, "replay": { "partsPerSecond": {{(gate is null ? 10 : 4)}} }{{StationBox.Patient}} }""");
        Save(box, bright, gate);
        return box;
    }

    /// <summary>The next revision; the part named scratch is a bright one.</summary>
    private static void Save(StationBox box, TestPartKind scratch, GateRules? gate = null)
    {
        using var folder = DataFolder.Open(box.Data, TimeProvider.System).Value!;
        var saved = new RecipeStore(folder.Recipes).Save(Some.Recipe with
        {
            Name = "tiny",
            Model = new ModelReference { Name = "tiny", Version = 1 },
            Rules = new TripRules { RejectsInARow = 1000, Indeterminates = 1000, IndeterminateWindow = 10_000, Deadline = TimeSpan.FromSeconds(5) },
            Output = gate is null ? new() : new PartOutput { Mode = OutputMode.Gate },
            Gate = gate,
            TestParts = new TestPartRules
            {
                Parts = [new() { Name = "good A", Kind = TestPartKind.Good }, new() { Name = "scratch", Kind = scratch }, .. scratch == TestPartKind.Good ? (TestPart[])[new() { Name = "dent", Kind = TestPartKind.Bad }] : []],
            },
        });
        saved.Failure.ShouldBeNull();
    }

    private static bool BlueIsLit(StationInside station)
        => station.Parts.Lines.Simulation!.States().Any(line => line is { Name: LineNames.StackBlue, Active: true });

    /// <summary>On a machine that is busy with other things a beat may be missed; then a person resets and starts again.</summary>
    private static async Task StartAsync(StationInside station)
    {
        Failure? refused = null;
        try
        {
            await Eventually.Holds(() =>
            {
                if (station.Interlock.State == InterlockState.Tripped) refused = station.Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved);
                if (station.Interlock.State == InterlockState.Stopped) refused = station.Interlock.Start(Some.Person);
                return station.Interlock.State == InterlockState.Running;
            }, Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(refused?.Message, e);
        }
    }

    /// <summary>Waits for the first of a block of the photos that the part stands for, announces the part, and sees that it was taken.</summary>
    private static async Task ShowAsync(StationInside station, string part, bool wrongly = false)
    {
        var bright = part != "good A";
        await MoreAsync(counters => bright ? counters.Passed : counters.Rejected);
        await MoreAsync(counters => bright ? counters.Rejected : counters.Passed);
        station.Parts.TestParts!.Announce(Some.Operator, part).ShouldBeNull();
        var before = station.Parts.Counters.Snapshot().TestParts;
        await Eventually.Holds(() => station.Parts.Counters.Snapshot().TestParts > before, Patience);
        station.Parts.TestParts.Snapshot.Reasons.Contains("failed").ShouldBe(wrongly);

        Task MoreAsync(Func<CounterSnapshot, long> count)
        {
            var from = count(station.Parts.Counters.Snapshot());
            return Eventually.Holds(() => count(station.Parts.Counters.Snapshot()) > from, Patience);
        }
    }

    private static List<(string?, string?, bool)> Tested(StationBox box)
        => [.. Bodies(box, EntryKind.Inspection).Where(v => v.GetProperty("purpose").GetString() == "testPart").Select(v => (
            v.GetProperty("testPart").GetProperty("name").GetString(), v.GetProperty("verdict").GetString(), v.GetProperty("testPart").GetProperty("right").GetBoolean()))];

    private static List<JsonElement> Audits(StationBox box, string action)
        => [.. Bodies(box, EntryKind.Audit).Where(a => a.GetProperty("action").GetString() == action)];

    private static List<JsonElement> Bodies(StationBox box, EntryKind kind)
        => [.. new LedgerArchive(DataFolder.LedgerOf(box.Data)).Query(new() { Kind = kind, Max = 1000 }).Rows.Reverse().Select(r => JsonElement.Parse(r.Body.Span))];
}
