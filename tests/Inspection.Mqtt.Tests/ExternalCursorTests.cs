using Inspection.Core;
using Inspection.Mqtt.External;
using Inspection.Testing;
using MQTTnet;
using MQTTnet.Packets;

namespace Inspection.Mqtt.Tests;

/// <summary>What a broker may answer in the moments around a subscription, which no real one can be made to repeat.</summary>
public sealed class ExternalCursorTests : IAsyncDisposable
{
    private readonly Bench _bench = new();
    private readonly List<string> _taken = [];
    private readonly List<string> _refused = [];
    private readonly List<bool> _retained = [];

    [Fact]
    public async Task A_receiver_that_subscribes_between_a_gap_and_the_next_verdict_is_told_of_both()
    {
        _bench.Judge(50);
        _bench.Ledger.Cursors.Set(new ConsumerCursor(CursorTable.Shared, _bench.Ledger.Last with { Position = 10 }, _bench.Time.GetUtcNow(), TimeSpan.Zero, false));
        _bench.Ledger.ForgetOldest(40);
        await DeliverAsync(topic => topic == "verdict" || _refused.Contains("gap") && _taken.Count > 0 ? 0 : 0x10);
        _taken.ShouldBe(["verdict", "gap", .. Enumerable.Repeat("verdict", 9)]);
        Shared.ShouldBe(50);
    }

    [Fact]
    public async Task A_receiver_that_subscribes_between_two_messages_gets_the_first_as_well()
    {
        _bench.Append(EntryKind.Disposition);
        _bench.Append(EntryKind.Lot);
        _bench.Judge(2);
        await DeliverAsync(topic => _refused.Count == 2 ? 0 : 0x10);
        _taken.ShouldBe(["verdict", "disposition", "lot", "verdict"]);
        Shared.ShouldBe(4);
    }

    [Fact]
    public async Task What_nobody_wants_is_sent_twice_and_then_passed_by()
    {
        _bench.Append(EntryKind.Disposition);
        _bench.Judge(2);
        await DeliverAsync(topic => topic == "verdict" ? 0 : 0x10);
        _taken.ShouldBe(["verdict", "verdict"]);
        _refused.ShouldBe(["disposition", "disposition"]);
    }

    [Fact]
    public async Task However_many_messages_nobody_wants_the_verdict_behind_them_is_reached()
    {
        for (var i = 0; i < 300; i++) _bench.Append(EntryKind.Alarm);
        _bench.Judge(2);
        await DeliverAsync(topic => topic == "verdict" ? 0 : 0x10);
        _taken.ShouldBe(["verdict", "verdict"]);
        _refused.Count.ShouldBe(256 + 300, "each is offered once more when there is a receiver");
    }

    [Fact]
    public async Task What_is_sent_once_more_is_not_retained_since_something_later_may_be()
    {
        _bench.Append(EntryKind.Interlock);
        _bench.Judge();
        await DeliverAsync(topic => topic == "verdict" || _refused.Count > 0 ? 0 : 0x10);
        _taken.ShouldBe(["verdict", "interlock"]);
        _retained.ShouldBe([true, false, false], "offered and retained, the verdict, and once more");
    }

    [Fact]
    public async Task A_message_that_the_broker_refuses_with_an_error_stops_the_cursor_before_it()
    {
        _bench.Judge();
        _bench.Append(EntryKind.Alarm);
        _bench.Judge();
        await DeliverAsync(topic => topic == "alarm" ? 0x87 : 0, () => _refused.Count == 2);
        _taken.ShouldBe(["verdict"]);
        Shared.ShouldBe(1);
        _bench.AlarmIs("broker-refuses-messages", true).ShouldBeTrue();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private long Shared => _bench.Ledger.Cursors.Find(CursorTable.Shared)?.At?.Position ?? 0;

    /// <summary>Delivers to a broker that answers as told, until all is delivered or the condition holds.</summary>
    private async Task DeliverAsync(Func<string, int> answer, Func<bool>? until = null)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var delivering = new ExternalCursor(_bench.Station, new Topics(_bench.Root)).DeliverAsync(
            message =>
            {
                var topic = message.Topic[(_bench.Root.Length + 1)..];
                var code = answer(topic);
                (code == 0 ? _taken : _refused).Add(topic);
                _retained.Add(message.Retain);
                return Task.FromResult(new MqttClientPublishResult(1, (MqttClientPublishReasonCode)code, "", new List<MqttUserProperty>()));
            },
            lost.Token);
        until ??= () => Shared == _bench.Ledger.Last.Position;
        await Eventually.Holds(until, TimeSpan.FromSeconds(30));
        await lost.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => delivering);
    }
}
