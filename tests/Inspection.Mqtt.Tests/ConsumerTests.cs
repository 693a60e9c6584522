using Inspection.Core;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Mqtt.Tests;

/// <summary>Clients that are remembered: what they get, when, and for how long.</summary>
public sealed class ConsumerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_consumer_gets_everything_that_became_durable_while_it_was_away(bool old)
    {
        await using var bench = await Bench.StartAsync();
        await using (var first = await Receiver.ConnectAsync(bench, "mes", 3600, old))
        {
            bench.Judge(5);
            await first.Gets(5);
            await Eventually.Holds(() => bench.Acknowledged("mes") == 5);
        }
        bench.Judge(200);
        await using var again = await Receiver.ConnectAsync(bench, "mes", 3600, old);
        await again.Gets(200);
        again.Positions.ShouldBe(Enumerable.Range(6, 200).Select(n => (long)n));
        await Eventually.Holds(() => bench.Acknowledged("mes") == 205);
        bench.Ledger.Cursors.Find(CursorTable.Shared)!.At!.Value.Position.ShouldBe(205);
    }

    [Fact]
    public async Task A_killed_station_loses_nothing_of_a_persistent_session_and_repeats_only_the_same_bytes()
    {
        await using var bench = await Bench.StartAsync();
        var seen = new Dictionary<long, byte[]>();
        for (var life = 1; life <= 5; life++)
        {
            await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600);
            bench.Judge(100);
            var owed = 100 * life;
            await Eventually.Holds(() => mes.All.Any(r => r.Position > owed - 50));
            if (life == 5) await Eventually.Holds(() => bench.Acknowledged("mes") == owed);
            else await bench.KillAsync();
            foreach (var message in mes.Of("verdict"))
            {
                if (seen.TryGetValue(message.Position, out var before)) message.Body.ShouldBe(before);
                seen[message.Position] = message.Body;
            }
            if (life < 5) await bench.StartAgainAsync();
        }
        seen.Keys.Order().ShouldBe(Enumerable.Range(1, 500).Select(n => (long)n));
    }

    [Fact]
    public async Task At_most_twenty_are_unacknowledged_and_the_cursor_is_the_highest_place_below_which_all_are()
    {
        await using var bench = await Bench.StartAsync();
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600, holds: true);
        bench.Judge(60);
        await mes.Gets(20);
        await mes.AcknowledgeAsync(1);
        await mes.AcknowledgeAsync(2);
        await mes.Gets(22);
        mes.Positions.Count.ShouldBe(22);
        bench.Acknowledged("mes").ShouldBe(0);
        await mes.AcknowledgeAsync(0);
        await Eventually.Holds(() => bench.Acknowledged("mes") == 3);
        await mes.Gets(23);
        bench.Delivery.AllAcknowledged.ShouldBeFalse();
    }

    [Fact]
    public async Task A_client_that_takes_fewer_at_a_time_gets_no_more()
    {
        await using var bench = await Bench.StartAsync();
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600, holds: true, receiveMaximum: 3);
        bench.Judge(10);
        await mes.Gets(3);
        await mes.AcknowledgeAsync(0);
        await mes.Gets(4);
        mes.Positions.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Nothing_is_sent_in_a_connection_before_its_SUBSCRIBE()
    {
        await using var bench = await Bench.StartAsync();
        await using (await Receiver.ConnectAsync(bench, "mes", 3600)) await Eventually.Holds(() => bench.Ledger.Cursors.Find("mes") is not null);
        bench.Judge(3);
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600, subscribe: null);
        await using var other = await Receiver.ConnectAsync(bench, "watch", qos: 0);
        bench.Judge();
        await other.Gets(1);
        mes.All.ShouldBeEmpty();
        await mes.SubscribeAsync($"{bench.Root}/#");
        await mes.Gets(4);
        mes.Positions.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task A_new_consumer_starts_after_the_last_position_that_anyone_has_acknowledged()
    {
        await using var bench = await Bench.StartAsync();
        bench.Judge(4);
        await using var first = await Receiver.ConnectAsync(bench, "first", 3600);
        await first.Gets(4);
        await Eventually.Holds(() => bench.Acknowledged("first") == 4);
        bench.Judge();
        await first.Gets(5);
        await Eventually.Holds(() => bench.Acknowledged("first") == 5);
        await using var second = await Receiver.ConnectAsync(bench, "second", 3600);
        bench.Judge();
        await second.Gets(1);
        second.Positions.ShouldBe([6]);
    }

    [Fact]
    public async Task A_second_connection_of_the_same_id_takes_over_and_nothing_is_missing()
    {
        await using var bench = await Bench.StartAsync();
        await using var before = await Receiver.ConnectAsync(bench, "mes", 3600, holds: true);
        bench.Judge(30);
        await before.Gets(20);
        await using var after = await Receiver.ConnectAsync(bench, "mes", 3600);
        await after.Gets(30);
        after.Positions.ShouldBe(Enumerable.Range(1, 30).Select(n => (long)n));
        await Eventually.Holds(() => bench.Acknowledged("mes") == 30);
    }

    [Fact]
    public async Task What_a_receiver_answers_with_an_error_is_sent_again_a_second_later()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var bench = await Bench.StartAsync(time: time);
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600, subscribe: null);
        mes.Refuses = true;
        await mes.SubscribeAsync($"{bench.Root}/verdict");
        bench.Judge();
        await mes.Gets(1);
        bench.Acknowledged("mes").ShouldBe(0);
        mes.Refuses = false;
        await Eventually.Holds(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            return bench.Acknowledged("mes") == 1;
        });
        mes.Positions.ShouldAllBe(p => p == 1);
    }

    [Fact]
    public async Task Kinds_that_a_consumer_did_not_subscribe_to_are_passed_by_its_cursor()
    {
        await using var bench = await Bench.StartAsync();
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600);
        for (var i = 0; i < 40; i++)
        {
            bench.Append(EntryKind.Disposition);
            bench.Judge();
        }
        bench.Append(EntryKind.Lot);
        await mes.Gets(40);
        mes.All.Count.ShouldBe(40);
        await Eventually.Holds(() => bench.Acknowledged("mes") == 81);
        bench.Delivery.AllAcknowledged.ShouldBeTrue();
    }

    [Fact]
    public async Task An_unnamed_consumer_is_forgotten_after_its_expiry_with_alarm_and_entry()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var bench = await Bench.StartAsync(new MqttOptions { Port = 0, Consumers = ["erp"] }, time);
        await using (await Receiver.ConnectAsync(bench, "mes", 3600)) await Eventually.Holds(() => bench.Ledger.Cursors.Find("mes") is not null);
        await using (await Receiver.ConnectAsync(bench, "old", 1, old: true)) await Eventually.Holds(() => bench.Ledger.Cursors.Find("old") is not null);
        await Eventually.Holds(() => bench.Delivery.ConnectedReaders == 0);
        bench.Judge(7);

        time.Advance(TimeSpan.FromMinutes(59));
        bench.Ledger.Cursors.Find("mes").ShouldNotBeNull();
        time.Advance(TimeSpan.FromMinutes(2));
        await Eventually.Holds(() => bench.Ledger.Cursors.Find("mes") is null);
        await Eventually.Holds(() => bench.AlarmIs("consumer-forgotten", true));
        bench.Ledger.Cursors.Find("old").ShouldNotBeNull();

        time.Advance(TimeSpan.FromDays(8));
        await Eventually.Holds(() => bench.Ledger.Cursors.Find("old") is null);
        bench.Ledger.Cursors.Find("erp").ShouldNotBeNull();
        bench.Ledger.Audits("consumer-forgotten").Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_connected_consumer_is_never_forgotten()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var bench = await Bench.StartAsync(time: time);
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 60);
        await Eventually.Holds(() => bench.Ledger.Cursors.Find("mes") is not null);
        for (var i = 0; i < 20; i++) time.Advance(TimeSpan.FromHours(1));
        bench.Judge();
        await mes.Gets(1);
        bench.Ledger.Cursors.Find("mes").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_named_consumer_has_its_cursor_before_it_ever_came()
    {
        await using var bench = await Bench.StartAsync(new MqttOptions { Port = 0, Consumers = ["erp"] });
        bench.Judge(3);
        bench.Delivery.Waiting().ShouldBe([new Waiting("erp", false, 3)]);
        // It need not ask for a session of its own.
        await using var erp = await Receiver.ConnectAsync(bench, "erp");
        await erp.Gets(3);
        await Eventually.Holds(() => bench.Acknowledged("erp") == 3);
    }

    [Fact]
    public async Task What_retention_took_from_a_consumer_is_a_gap_message_for_it()
    {
        await using var bench = await Bench.StartAsync();
        await using (var first = await Receiver.ConnectAsync(bench, "mes", 3600, subscribe: "#"))
        {
            bench.Judge(10);
            await Eventually.Holds(() => bench.Acknowledged("mes") == 10);
        }
        bench.Judge(90);
        bench.Ledger.ForgetOldest(50);
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600, subscribe: "#");
        await mes.Gets(50);
        var gap = mes.Of("gap").Single().Json;
        gap.GetProperty("reason").GetString().ShouldBe("retention");
        gap.GetProperty("count").GetInt64().ShouldBe(40);
        gap.GetProperty("after").GetProperty("position").GetInt64().ShouldBe(10);
        gap.GetProperty("next").GetProperty("position").GetInt64().ShouldBe(51);
        mes.Positions[0].ShouldBe(51);
        await Eventually.Holds(() => bench.Acknowledged("mes") == 100 && bench.AlarmIs("messages-lost", false));
        bench.Ledger.Audits("messages-lost").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_new_ledger_is_followed_without_a_break()
    {
        await using var bench = await Bench.StartAsync();
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600);
        bench.Judge(3);
        await mes.Gets(3);
        bench.Ledger.BeginChain();
        bench.Judge(2);
        await mes.Gets(5);
        mes.Positions.ShouldBe([1, 2, 3, 1, 2]);
        mes.All.Select(r => r.Json.GetProperty("ledgerId").GetGuid()).Distinct().Count().ShouldBe(2);
        await Eventually.Holds(() => bench.Ledger.Cursors.Find(CursorTable.Shared)!.At == bench.Ledger.Last);
    }
}
