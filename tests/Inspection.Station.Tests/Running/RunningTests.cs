using Inspection.Core;
using Inspection.Mqtt.Tests;
using Inspection.Testing;
using Inspection.Vision.Tests;

namespace Inspection.Station.Tests.Running;

public sealed class RunningTests
{
    [Fact]
    public async Task A_person_starts_the_line_parts_pass_while_Running_and_the_end_stops_it_before_anything_else()
    {
        using var box = new StationBox();
        box.SimulateAt(20, StationBox.Patient);
        var station = await StationInside.StartAsync(box);
        station.Interlock.State.ShouldBe(InterlockState.Stopped);
        station.Interlock.Snapshot.Obstacle.ShouldBeNull();
        await station.RunUntilPassedAsync(40);
        await station.DisposeAsync();
        station.Interlock.State.ShouldBe(InterlockState.Stopped);
        station.Interlock.Start(Some.Person).ShouldNotBeNull();
        box.Verdicts().Count.ShouldBe((int)station.Parts.Counters.Snapshot().Inspected);
        box.Verdicts().Count(v => StationBox.Member(v, "interlock").GetString() == "Running").ShouldBeGreaterThan(0);
        var transitions = StationInside.Transitions(box);
        transitions.Select(t => $"{t.GetProperty("from")} → {t.GetProperty("to")} by {t.GetProperty("who").GetProperty("name")}").ToList()
            .ShouldSatisfyAllConditions(t => t.ShouldContain("Stopped → Running by Ada"), t => t[^1].ShouldBe("Running → Stopped by station"));
        transitions.ShouldAllBe(t => t.GetProperty("simulated").GetBoolean());
        box.Verify().FirstBad.ShouldBeNull();
    }

    [Theory]
    [InlineData(InterlockState.Tripped)]
    [InlineData(InterlockState.Faulted)]
    public async Task Parts_are_judged_recorded_and_told_while_the_line_may_not_run(InterlockState state)
    {
        using var box = new StationBox();
        box.SimulateAt(20, StationBox.Patient);
        await using var station = await StationInside.StartAsync(box);
        await using var subscriber = new MosquittoSub(box.Mqtt, "mes");
        if (state == InterlockState.Tripped) station.Interlock.Trip(TripCause.Request, "the plant asked", Who.Plant("mes"));
        else station.Interlock.Fault(TripCause.GpioLost, "the chip is gone");
        station.Interlock.State.ShouldBe(state);
        await Eventually.Holds(() => subscriber.Lines.Count(l => StationBox.Member(l, "interlock").GetString() == state.ToString()) >= 10, TimeSpan.FromSeconds(30));
        station.Interlock.State.ShouldBe(state);
        await station.DisposeAsync();
        box.Verdicts().Count(v => StationBox.Member(v, "interlock").GetString() == state.ToString()).ShouldBeGreaterThanOrEqualTo(10);
        box.Verify().FirstBad.ShouldBeNull();
    }

    [Fact]
    public async Task Start_is_refused_with_the_value_to_set_while_the_model_is_too_slow_for_the_heartbeat()
    {
        using var box = new StationBox();
        new TinyModel { Width = 2048, Height = 2048, WithMap = false, WithLabels = false }.Write(Path.Combine(box.Model, "model.onnx"));
        box.SimulateAt(1, """, "interlock": { "loopDeadline": "75 ms" }, "capture": { "lostAfter": "20 s" }""");
        await using var station = await StationInside.StartAsync(box);
        var refused = station.Interlock.Start(Some.Person).ShouldNotBeNull();
        refused.Code.ShouldBe("model-too-slow");
        refused.Message.ShouldContain("interlock.loopDeadline");
        station.Interlock.Snapshot.Obstacle.ShouldBe(refused.Message);
        station.Interlock.State.ShouldBe(InterlockState.Stopped);
    }

    [Fact]
    public async Task The_picture_of_a_simulated_reject_is_stored_with_the_label_of_made_pictures_and_named_in_its_entry()
    {
        using var box = new StationBox(threshold: 0.01f);
        box.SimulateAt(20, StationBox.Patient);
        await using (var station = await StationInside.StartAsync(box))
            await Eventually.Holds(() => station.Parts.Counters.Snapshot().Rejected >= 5, TimeSpan.FromSeconds(30));
        var images = box.Verdicts().Where(v => StationBox.Member(v, "verdict").GetString() == "Reject")
            .Select(v => StationBox.Member(v, "views")[0].GetProperty("image")).Where(i => i.ValueKind == System.Text.Json.JsonValueKind.Object).ToList();
        images.ShouldNotBeEmpty();
        foreach (var image in images)
        {
            var bytes = File.ReadAllBytes(Path.Combine(box.Data, "pictures", image.GetProperty("path").GetString()!));
            bytes.Length.ShouldBe(image.GetProperty("bytes").GetInt32());
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)).ShouldBe(image.GetProperty("sha256").GetString());
            bytes.AsSpan().IndexOf("AIGC"u8).ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task A_model_that_is_replaced_on_disk_trips_the_running_line_and_only_a_new_start_of_the_station_checks_it_again()
    {
        using var box = new StationBox();
        box.SimulateAt(10, StationBox.Patient);
        await using (var station = await StationInside.StartAsync(box))
        {
            await station.RunUntilPassedAsync(1);
            var model = Directory.GetFiles(Path.Combine(box.Data, "models"), "model.onnx", SearchOption.AllDirectories).Single();
            File.SetAttributes(model, FileAttributes.Normal);
            File.AppendAllText(model, "x");
            await Eventually.Holds(() => station.Interlock.Snapshot.FirstOut?.Cause == TripCause.ModelIntegrity);
            station.Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved);
            station.Interlock.Start(Some.Person)!.Message.ShouldContain("not the file that was checked");
            station.Parts.Counters.Snapshot().Inspected.ShouldBeGreaterThan(0);
        }
        File.Exists(Path.Combine(box.Data, "relay.json")).ShouldBeTrue("the relay's cycles are kept");
    }

    [Fact]
    public async Task A_broker_of_the_plant_that_hangs_delays_no_part_and_gets_everything_when_it_wakes()
    {
        using var box = new StationBox();
        await using var broker = await Mosquitto.StartAsync();
        box.SimulateAt(40, StationBox.Patient + $$""", "mqtt": { "broker": "external", "host": "127.0.0.1", "port": {{broker.Port}} }""");
        await using var station = await StationInside.StartAsync(box, ownBroker: false);
        await using var subscriber = new MosquittoSub(broker.Port, "mes");
        await Eventually.Holds(() => subscriber.Lines.Count > 5, TimeSpan.FromSeconds(30));
        await station.RunUntilPassedAsync(10);

        StationProcess.Send(broker.Id, StationProcess.Stop);
        var told = subscriber.Lines.Count;
        var from = station.Parts.Counters.Snapshot().Inspected;
        // Long enough for a publication to run into its time limit and the connection to be made anew.
        await Eventually.Holds(() => station.Parts.Alarms.Active.Any(a => a.Code == "broker-unreachable"), TimeSpan.FromSeconds(60));
        await station.RunUntilPassedAsync(40);
        var judged = (int)(station.Parts.Counters.Snapshot().Inspected - from);
        judged.ShouldBeGreaterThan(100);
        subscriber.Lines.Count.ShouldBeLessThan(told + 25, "the broker hung all the time");
        station.Parts.Ledger.Journal.Health.Unavailable.ShouldBeFalse();

        StationProcess.Send(broker.Id, StationProcess.Continue);
        await Eventually.Holds(() => subscriber.Lines.Select(StationBox.Sequence).Distinct().Count() >= told + judged, TimeSpan.FromSeconds(60));
        await station.DisposeAsync();
        box.Verdicts().Count(v => StationBox.Member(v, "reason").GetString() == "late").ShouldBeLessThanOrEqualTo(2, "verdicts that came after their part's deadline while the broker hung");
        StationInside.Transitions(box).Select(t => t.GetProperty("cause").GetString()).Distinct().Except([null, "heartbeat-missed"]).ShouldBeEmpty();
    }
}
