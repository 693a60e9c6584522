using Inspection.Core;
using Inspection.Testing;
using MQTTnet;

namespace Inspection.Mqtt.Tests;

/// <summary>Subscribers that nobody remembers: together one reader, or live viewers.</summary>
public sealed class ListenerTests
{
    [Fact]
    public async Task Verdicts_wait_while_nobody_listens_and_the_first_subscriber_gets_them()
    {
        await using var bench = await Bench.StartAsync();
        bench.Judge(300);
        bench.Delivery.Waiting().ShouldBe([new Waiting("", false, 300)]);
        await using var first = await Receiver.ConnectAsync(bench, "first");
        await first.Gets(300);
        await Eventually.Holds(() => bench.Delivery.AllAcknowledged && bench.Delivery.ConnectedReaders == 1);
        bench.Delivery.Waiting().ShouldBeEmpty();
        bench.Delivery.LastAcknowledged.ShouldNotBeNull();
        first.Positions.ShouldBe(Enumerable.Range(1, 300).Select(n => (long)n));
    }

    [Fact]
    public async Task A_viewer_without_acknowledgement_sees_what_is_live_and_takes_nothing_from_the_first_subscriber()
    {
        await using var bench = await Bench.StartAsync();
        bench.Judge(3);
        await using var viewer = await Receiver.ConnectAsync(bench, "viewer", subscribe: "#", qos: 0);
        bench.Judge(2);
        await viewer.Gets(2);
        viewer.Positions.ShouldBe([4, 5]);
        bench.Ledger.Cursors.Find(CursorTable.Shared).ShouldBeNull();
        await using var first = await Receiver.ConnectAsync(bench, "first");
        await first.Gets(5);
    }

    [Fact]
    public async Task Two_subscribers_are_one_reader_and_one_acknowledgement_moves_it()
    {
        await using var bench = await Bench.StartAsync();
        await using var silent = await Receiver.ConnectAsync(bench, "silent", holds: true);
        await using var brisk = await Receiver.ConnectAsync(bench, "brisk");
        bench.Judge(500);
        await brisk.Gets(500);
        await Eventually.Holds(() => bench.Ledger.Cursors.Find(CursorTable.Shared)?.At?.Position == 500);
        silent.Positions.Count.ShouldBeLessThanOrEqualTo(200);
        brisk.Positions.ShouldBe(Enumerable.Range(1, 500).Select(n => (long)n));
    }

    [Fact]
    public async Task What_only_a_departed_subscriber_had_is_sent_to_those_who_stay()
    {
        await using var bench = await Bench.StartAsync();
        await using var silent = await Receiver.ConnectAsync(bench, "silent", holds: true);
        bench.Judge(5);
        await silent.Gets(5);
        await using var stays = await Receiver.ConnectAsync(bench, "stays");
        await silent.DisposeAsync();
        await stays.Gets(5);
        await Eventually.Holds(() => bench.Ledger.Cursors.Find(CursorTable.Shared)?.At?.Position == 5);
    }

    [Fact]
    public async Task Beside_a_consumer_others_get_live_messages_only()
    {
        await using var bench = await Bench.StartAsync();
        await using (await Receiver.ConnectAsync(bench, "mes", 3600)) await Eventually.Holds(() => bench.Ledger.Cursors.Find("mes") is not null);
        await Eventually.Holds(() => bench.Delivery.ConnectedReaders == 0);
        bench.Judge(10);
        await using var other = await Receiver.ConnectAsync(bench, "other");
        bench.Judge(2);
        await other.Gets(2);
        other.Positions.ShouldBe([11, 12]);
        bench.Delivery.Waiting().ShouldBe([new Waiting("mes", false, 12)]);
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600);
        await mes.Gets(12);
    }

    [Fact]
    public async Task A_live_listener_that_takes_nothing_holds_no_more_than_its_bound_and_delays_nobody()
    {
        await using var bench = await Bench.StartAsync();
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600);
        await using var slow = await Receiver.ConnectAsync(bench, "slow", holds: true);
        bench.Judge(1000);
        await mes.Gets(1000);
        await Eventually.Holds(() => bench.Acknowledged("mes") == 1000);
        slow.Positions.Count.ShouldBe(200);
        await Eventually.Holds(() => bench.Board.Broker.EndsWith(", 800 live copies skipped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("inspection/#")]
    [InlineData("#")]
    [InlineData("+/+/+/+/verdict")]
    [InlineData("inspection/demo/line1/station1/+")]
    public async Task Wildcards_match(string filter)
    {
        await using var bench = await Bench.StartAsync();
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600, subscribe: null);
        (await mes.SubscribeAsync(filter)).ShouldBe(MqttClientSubscribeResultCode.GrantedQoS1);
        bench.Judge(2);
        await mes.Gets(2);
        bench.Ledger.Cursors.Find("mes").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("$share/group/inspection/#", MqttClientSubscribeResultCode.SharedSubscriptionsNotSupported)]
    [InlineData("inspection/demo#", MqttClientSubscribeResultCode.TopicFilterInvalid)]
    [InlineData("inspection/demo+/#", MqttClientSubscribeResultCode.TopicFilterInvalid)]
    public async Task A_subscription_that_could_not_be_served_is_refused(string filter, MqttClientSubscribeResultCode code)
    {
        await using var bench = await Bench.StartAsync();
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600, subscribe: null);
        (await mes.SubscribeAsync(filter)).ShouldBe(code);
        bench.Ledger.Cursors.Find("mes").ShouldBeNull();
    }

    [Fact]
    public async Task Each_kind_of_message_has_its_topic_and_the_interlock_is_retained()
    {
        await using var bench = await Bench.StartAsync();
        bench.RecordAlarms = true;
        await using var all = await Receiver.ConnectAsync(bench, "all", subscribe: "#");
        bench.Judge();
        bench.Alarms.Raise("test", AlarmPriority.Low, "m", "r");
        bench.Interlock.Trip(TripCause.Request, "test", Who.Station);
        bench.Append(EntryKind.Override);
        await Eventually.Holds(() => all.Of("override").Count == 1 && all.Of("verdict").Count == 1 && all.Of("alarm").Count == 1 && all.Of("interlock").Count == 1);
        await using var late = await Receiver.ConnectAsync(bench, "late", subscribe: "interlock");
        await Eventually.Holds(() => late.Of("interlock").Count == 1);
        late.Of("interlock")[0].Json.GetProperty("to").GetString().ShouldBe("Tripped");
        late.Of("interlock")[0].Message.Retain.ShouldBeTrue();
    }
}
