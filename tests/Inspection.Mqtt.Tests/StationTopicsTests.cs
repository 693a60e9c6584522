using System.Net;
using System.Net.Sockets;
using Inspection.Core;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;

namespace Inspection.Mqtt.Tests;

/// <summary>Status, the board, and what the plant may and may not publish.</summary>
public sealed class StationTopicsTests
{
    [Fact]
    public async Task Status_is_retained_expires_after_thirty_seconds_and_is_repeated_every_ten()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var bench = await Bench.StartAsync(time: time);
        bench.Judge(4);
        await using var mes = await Receiver.ConnectAsync(bench, "mes", subscribe: "status");
        await Eventually.Holds(() => mes.Of("status").Count == 1);
        mes.Of("status")[0].Message.Retain.ShouldBeTrue();
        mes.Of("status")[0].Message.MessageExpiryInterval.ShouldBe(30u);
        for (var i = 0; i < 20; i++) time.Advance(TimeSpan.FromMilliseconds(500));
        await Eventually.Holds(() => mes.Of("status").Count == 2);
        var status = mes.Of("status")[1].Json;
        status.GetProperty("lastPosition").GetInt64().ShouldBe(4);
        status.GetProperty("ledgerId").GetGuid().ShouldBe(bench.Ledger.Last.LedgerId);
        status.GetProperty("online").GetBoolean().ShouldBeTrue();
        status.GetProperty("simulated").GetBoolean().ShouldBeTrue();
        status.GetProperty("version").GetString().ShouldBe("0.1.0");
        status.GetProperty("interlock").GetProperty("state").GetString().ShouldBe("Stopped");
        status.GetProperty("model").GetProperty("name").GetString().ShouldBe("demo-part");
        status.GetProperty("recipe").GetProperty("revision").GetInt32().ShouldBe(1);
        status.GetProperty("receivers")[0].GetProperty("backlog").GetInt64().ShouldBe(4);
    }

    [Fact]
    public async Task The_board_shows_who_listens_and_what_waits()
    {
        await using var bench = await Bench.StartAsync();
        bench.Judge(3);
        await Eventually.Holds(() => bench.Board.Receivers is [{ Name: "", Connected: false, Backlog: 3 }]);
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600);
        await Eventually.Holds(() => bench.Board.Receivers is [{ Name: "mes", Connected: true, Backlog: 0, LastAcknowledged: not null }]);
        bench.Board.Broker.ShouldBe($"embedded, port {bench.Port}, 1 client");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_trips_and_is_entered(bool retain)
    {
        await using var bench = await Bench.StartAsync();
        await using var plc = await Receiver.ConnectAsync(bench, "plc", subscribe: null);
        var answer = await plc.PublishAsync($"{bench.Root}/request-trip", "door\u0007 open", retain);
        answer.ReasonCode.ShouldBe(MqttClientPublishReasonCode.Success);
        bench.Interlock.State.ShouldBe(InterlockState.Tripped);
        bench.Interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.Request);
        bench.Interlock.Snapshot.FirstOut.Detail.ShouldBe("requested by plc: door open");
        bench.Ledger.Commands("request-trip").ShouldBe(["obeyed; Tripped"]);
        // It is never kept for later.
        await using var late = await Receiver.ConnectAsync(bench, "late", subscribe: "#");
        await Eventually.Holds(() => late.Of("status").Count == 1);
        late.Of("request-trip").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<b>stop</b> & \u202Ego\u0000\r\nnow\u0007", "<b>stop</b> & go now")]
    [InlineData("\u0001\u0002 \t", "")]
    [InlineData("\u0301\u0301pie\u0301za a\u0301\u0302\u20DD\u0E49\u0307b \u0301c", "pie\u0301za a\u0301b c")]
    public async Task A_reason_is_one_line_of_text_without_characters_that_garble_a_page(string reason, string kept)
    {
        await using var bench = await Bench.StartAsync();
        await using var plc = await Receiver.ConnectAsync(bench, "plc", subscribe: null);
        await plc.PublishAsync($"{bench.Root}/request-trip", reason);
        bench.Interlock.Snapshot.FirstOut!.Detail.ShouldBe(kept.Length == 0 ? "requested by plc" : $"requested by plc: {kept}");
    }

    [Fact]
    public async Task A_client_s_name_garbles_neither_a_page_nor_the_ledger()
    {
        await using var bench = await Bench.StartAsync();
        await using var plc = await Receiver.ConnectAsync(bench, "p\u202Elc" + new string('\u0301', 40), subscribe: null);
        var entered = new List<(EntryKind, string)>();
        bench.Ledger.Taken = entry => entered.Add((entry.Kind, entry.Who.Name));
        await plc.PublishAsync($"{bench.Root}/request-trip", "");
        bench.Interlock.Snapshot.FirstOut!.Detail.ShouldBe("requested by plc\u0301");
        entered.ShouldBe([(EntryKind.Interlock, "plc\u0301"), (EntryKind.Command, "plc\u0301")]);
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(201, true)]
    [InlineData(10_000, true)]
    public async Task A_long_reason_is_shortened_and_says_so(int length, bool shortened)
    {
        await using var bench = await Bench.StartAsync();
        await using var plc = await Receiver.ConnectAsync(bench, "plc", subscribe: null);
        await plc.PublishAsync($"{bench.Root}/request-trip", new string('x', length));
        bench.Interlock.Snapshot.FirstOut!.Detail.ShouldBe("requested by plc: " + new string('x', 200) + (shortened ? $"… (shortened from {length} bytes)" : ""));
    }

    [Fact]
    public async Task A_request_while_tripped_is_entered_once_a_minute_for_each_sender_with_a_count_and_changes_nothing()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var bench = await Bench.StartAsync(time: time);
        await using var plc = await Receiver.ConnectAsync(bench, "plc", subscribe: null);
        await using var mes = await Receiver.ConnectAsync(bench, "mes", subscribe: null);
        for (var i = 0; i < 5; i++) await plc.PublishAsync($"{bench.Root}/request-trip", $"first {i}");
        await mes.PublishAsync($"{bench.Root}/request-trip", "second");
        bench.Ledger.Commands("request-trip").ShouldBe(["obeyed; Tripped", "obeyed; Tripped"]);
        var since = bench.Interlock.Snapshot.Since;
        for (var i = 0; i < 121; i++) time.Advance(TimeSpan.FromMilliseconds(500));
        await Eventually.Holds(() => bench.Ledger.Commands("request-trip").Count == 3);
        bench.Ledger.Commands("request-trip")[2].ShouldBe("obeyed; Tripped; 4 more since the last entry");
        bench.Ledger.Commands("request-trip", "reason").ShouldBe(["first 0", "second", "first 4"]);
        bench.Interlock.Snapshot.ShouldSatisfyAllConditions(s => s.Since.ShouldBe(since), s => s.FirstOut!.Detail.ShouldBe("requested by plc: first 0"), s => s.Later.ShouldBeEmpty());

        for (var i = 0; i < 30; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            bench.Interlock.Turn();
        }
        // After a Reset the next request changes the state again, so it is entered at once.
        bench.Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldBeNull();
        await plc.PublishAsync($"{bench.Root}/request-trip", "again");
        bench.Interlock.State.ShouldBe(InterlockState.Tripped);
        bench.Ledger.Commands("request-trip").Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_flood_while_the_zone_runs_out_does_not_fill_the_ledger()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var bench = await Bench.StartAsync(time: time);
        bench.Interlock.Use(Some.Recipe with { Stop = new StopRules { Category = 1 } }).ShouldBeTrue();
        bench.Interlock.SetObstacle(null);
        bench.Interlock.Turn();
        bench.Interlock.Start(Some.Person).ShouldBeNull();
        await using var plc = await Receiver.ConnectAsync(bench, "plc", subscribe: null);
        for (var i = 0; i < 50; i++) await plc.PublishAsync($"{bench.Root}/request-trip", "");
        bench.Interlock.Snapshot.ShouldSatisfyAllConditions(s => s.State.ShouldBe(InterlockState.Running), s => s.StoppingSince.ShouldNotBeNull());
        bench.Ledger.Commands("request-trip").ShouldBe(["obeyed; Running"]);
    }

    [Fact]
    public async Task A_crowd_of_senders_does_not_fill_the_ledger_and_what_was_counted_is_entered_at_the_end()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var bench = await Bench.StartAsync(time: time);
        for (var i = 0; i < 70; i++)
        {
            await using var client = await Receiver.ConnectAsync(bench, $"client{i}", subscribe: null);
            await client.PublishAsync($"{bench.Root}/request-trip", "");
        }
        bench.Ledger.Commands("request-trip").Count.ShouldBe(65);
        await bench.DisposeAsync();
        bench.Ledger.Commands("request-trip")[^1].ShouldBe("obeyed; Tripped; 5 more since the last entry");
    }

    [Theory]
    [InlineData("verdict")]
    [InlineData("status")]
    [InlineData("gap")]
    [InlineData("request-trip/more")]
    public async Task Nobody_but_the_station_publishes_under_its_root(string topic)
    {
        await using var bench = await Bench.StartAsync();
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600, subscribe: "#");
        await using var forger = await Receiver.ConnectAsync(bench, "forger", subscribe: null);
        (await forger.PublishAsync($"{bench.Root}/{topic}", "{\"position\":1}", retain: true)).ReasonCode.ShouldBe(MqttClientPublishReasonCode.NotAuthorized);
        (await forger.PublishAsync($"{bench.Root}/{topic}", "{}", qos: 2)).ReasonCode.ShouldBe(MqttClientPublishReasonCode.NotAuthorized);
        bench.Judge();
        await mes.Gets(1);
        mes.Positions.ShouldBe([1]);
        mes.Of("more").ShouldBeEmpty();
        await using var late = await Receiver.ConnectAsync(bench, "late", subscribe: "#");
        await Eventually.Holds(() => late.Of("status").Count == 1);
        late.Of(topic).ShouldAllBe(m => m.Json.GetProperty("schema").GetInt32() == 1);
        bench.Interlock.State.ShouldBe(InterlockState.Stopped);
    }

    [Fact]
    public async Task A_flood_of_requests_is_obeyed_but_does_not_fill_the_ledger()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var bench = await Bench.StartAsync(time: time);
        await using var plc = await Receiver.ConnectAsync(bench, "plc", subscribe: null);
        for (var i = 0; i < 50; i++) await plc.PublishAsync($"{bench.Root}/request-trip", "");
        bench.Interlock.State.ShouldBe(InterlockState.Tripped);
        bench.Ledger.Commands("request-trip").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_port_in_use_is_told_with_the_setting_to_change()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var outcome = await MqttDelivery.StartAsync(new MqttOptions { Port = port }, new Bench().Station);
        outcome.Failure!.Code.ShouldBe("port-in-use");
        outcome.Failure.Message.ShouldContain($"Port {port}");
        outcome.Failure.Message.ShouldContain("mqtt.port");
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_with_the_setting_to_change()
    {
        var outcome = await MqttDelivery.StartAsync(new MqttOptions { Port = 0, Bind = "192.0.2.1" }, new Bench().Station);
        outcome.Failure!.Code.ShouldBe("address-not-available");
        outcome.Failure.Message.ShouldContain("mqtt.bind");
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task A_client_without_a_name_is_given_one(MqttProtocolVersion version)
    {
        await using var bench = await Bench.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();
        var answer = await client.ConnectAsync(
            new MqttClientOptions
            {
                ClientId = "",
                ProtocolVersion = version,
                ChannelOptions = new MqttClientTcpOptions { RemoteEndpoint = new DnsEndPoint("127.0.0.1", bench.Port) },
            },
            TestContext.Current.CancellationToken);
        answer.ResultCode.ShouldBe(MqttClientConnectResultCode.Success);
        if (version == MqttProtocolVersion.V500) answer.AssignedClientIdentifier.ShouldStartWith("anonymous-");
    }
}
