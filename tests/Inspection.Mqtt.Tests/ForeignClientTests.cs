using System.Text.Json;
using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Mqtt.Tests;

/// <summary>Debian's mosquitto_sub and mosquitto_pub at the embedded broker.</summary>
public sealed class ForeignClientTests
{
    [Theory]
    [InlineData("-i", "mes", "-c", "-V", "mqttv311")]
    [InlineData("-i", "mes", "-c", "-V", "mqttv5", "-x", "3600")]
    [InlineData("-V", "mqttv311")]
    [InlineData("-V", "mqttv5")]
    [InlineData("-V", "mqttv31")]
    public async Task A_foreign_subscriber_gets_each_verdict_once_and_in_order(params string[] arguments)
    {
        await using var bench = await Bench.StartAsync();
        bench.Judge(150);
        var lines = await Mosquitto.SubscribeAsync(bench.Port, $"{bench.Root}/verdict", 150, ["-q", "1", .. arguments]);
        lines.Select(Position).ShouldBe(Enumerable.Range(1, 150).Select(n => (long)n));
    }

    [Fact]
    public async Task A_foreign_subscriber_with_a_persistent_session_misses_nothing_when_the_station_is_killed()
    {
        await using var bench = await Bench.StartAsync();
        using var mes = Mosquitto.Subscriber(bench.Port, $"{bench.Root}/#", 10_000, "-q", "1", "-i", "mes", "-c", "-V", "mqttv311");
        var bodies = new Dictionary<long, string>();
        var reading = Task.Run(async () =>
        {
            while (await mes.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (!line.Contains("/verdict ", StringComparison.Ordinal)) continue;
                lock (bodies)
                {
                    if (bodies.TryGetValue(Position(line), out var before)) line.ShouldBe(before);
                    bodies[Position(line)] = line;
                }
            }
        }, TestContext.Current.CancellationToken);
        for (var life = 1; life <= 3; life++)
        {
            bench.Judge(200);
            await Eventually.Holds(() => Count() > (200 * life) - 150, TimeSpan.FromSeconds(40), $"verdicts in life {life}");
            if (life == 3) break;
            await bench.KillAsync();
            await bench.StartAgainAsync();
        }
        await Eventually.Holds(() => Count() == 600, TimeSpan.FromSeconds(40));
        await Eventually.Holds(() => bench.Acknowledged("mes") == 600);
        mes.Kill();
        await reading;

        int Count()
        {
            lock (bodies) return bodies.Count;
        }
    }

    [Fact]
    public async Task A_foreign_publisher_may_ask_for_a_trip_and_for_nothing_else()
    {
        await using var bench = await Bench.StartAsync();
        var forged = await Mosquitto.PublishAsync(bench.Port, $"{bench.Root}/verdict", "{}", "-q", "1", "-V", "mqttv5", "-r");
        forged.Errors.ShouldContain("Not authorized");
        bench.Interlock.State.ShouldBe(InterlockState.Stopped);
        await Mosquitto.PublishAsync(bench.Port, $"{bench.Root}/request-trip", "oven too hot", "-q", "1", "-i", "oven");
        await Eventually.Holds(() => bench.Interlock.State == InterlockState.Tripped);
        bench.Interlock.Snapshot.FirstOut!.Detail.ShouldBe("requested by oven: oven too hot");
    }

    [Fact]
    public async Task A_will_may_ask_for_a_trip()
    {
        await using var bench = await Bench.StartAsync();
        using var guard = Mosquitto.Subscriber(
            bench.Port, $"{bench.Root}/status", 100, "-i", "guard", "--will-topic", $"{bench.Root}/request-trip", "--will-payload", "guard is gone");
        await Eventually.Holds(() => bench.Board.Broker.EndsWith("1 client", StringComparison.Ordinal));
        guard.Kill();
        await Eventually.Holds(() => bench.Interlock.State == InterlockState.Tripped);
    }

    private static long Position(string line) => JsonElement.Parse(line[line.IndexOf(' ', StringComparison.Ordinal)..]).GetProperty("position").GetInt64();
}
