using System.Diagnostics;
using Inspection.Core;
using Inspection.Mqtt;
using Inspection.Station.Hosting;
using Inspection.Testing;

namespace Inspection.Station.Tests.Hosting;

public sealed class RequestEntryTests
{
    [Fact]
    public async Task A_request_to_trip_that_finds_the_ledger_full_is_entered_when_there_is_room()
    {
        var time = TimeProvider.System;
        var ledger = new MemoryLedger(time) { Full = true };
        var outbox = new EntryOutbox(time, true);
        outbox.Attach(ledger);
        var interlock = new Interlock(time, new FakeRelay(), new InterlockOptions(), static _ => { });
        var station = new MqttStation(ledger, interlock, new Alarms(time, (_, _) => { }), new Counters(time), new DeliveryBoard(), time, true, "0.1.0", () => Some.Context)
        {
            Append = outbox.Append,
        };
        var options = new MqttOptions { Port = 0 };
        await using var delivery = (await MqttDelivery.StartAsync(options, station)).Value!;
        using var asking = Process.Start("/usr/bin/mosquitto_pub", ["-p", $"{delivery.Port}", "-i", "plc", "-q", "1", "-t", $"{options.Root}/request-trip", "-m", "door open"]);
        await asking.WaitForExitAsync(TestContext.Current.CancellationToken);
        interlock.State.ShouldBe(InterlockState.Tripped);
        ledger.Commands("request-trip").ShouldBeEmpty();
        ledger.Full = false;
        outbox.Pump();
        ledger.Commands("request-trip").ShouldBe(["obeyed; Tripped"]);
    }
}
