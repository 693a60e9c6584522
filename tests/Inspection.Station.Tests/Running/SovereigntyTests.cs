using System.Globalization;
using Inspection.Mqtt.Tests;
using Inspection.Panel.Tests.Hosting;

namespace Inspection.Station.Tests.Running;

public sealed class SovereigntyTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData("simulated")]
    [InlineData("folder")]
    [InlineData("video")]
    public async Task The_station_listens_on_loopback_only_and_connects_to_nowhere(string source)
    {
        using var box = new StationBox();
        box.WritePhotos(10);
        await using var station = StationProcess.Start(box.Run("--source", Source(box, source)));
        await station.ReadyAsync();
        await using var subscriber = new MosquittoSub(box.Mqtt, "mes");
        await using var page = await chromium.Open($"http://localhost:{box.Http}/");
        var listening = await WatchAsync(station, page, () => subscriber.Lines.Count > 0, connectsTo: null, box.Http, box.Mqtt);
        listening.ShouldBe([box.Http, box.Mqtt], ignoreOrder: true);
        (await station.EndAsync()).ShouldBe(0, station.Said);
    }

    [Fact]
    public async Task With_the_plants_broker_it_connects_to_that_one_and_to_nowhere_else()
    {
        using var box = new StationBox();
        await using var broker = await Mosquitto.StartAsync();
        box.SimulateAt(10, $$""", "mqtt": { "broker": "external", "host": "127.0.0.1", "port": {{broker.Port}} }""");
        await using var subscriber = new MosquittoSub(broker.Port, "mes");
        await using var station = StationProcess.Start(["run", "--data", box.Data, "--model", box.Model, "--http-port", $"{box.Http}", "--allow-simulated"]);
        await station.ReadyAsync();
        await using var page = await chromium.Open($"http://localhost:{box.Http}/");
        var listening = await WatchAsync(station, page, () => subscriber.Lines.Count > 0, connectsTo: broker.Port, box.Http);
        listening.ShouldBe([box.Http]);
        (await station.EndAsync()).ShouldBe(0, station.Said);
    }

    /// <summary>Looks at every socket of the station again and again while a page follows it, until it has worked for a while.</summary>
    /// <returns>The ports that it listened on.</returns>
    private static async Task<HashSet<int>> WatchAsync(StationProcess station, Browser page, Func<bool> told, int? connectsTo, params int[] ports)
    {
        var listening = new HashSet<int>();
        var verdict = page.Page.Locator(".verdict:not([data-verdict=none])");
        for (var (looks, followed) = (0, 0); looks < 100 || followed < 20 || !told(); looks++)
        {
            looks.ShouldBeLessThan(3000, $"told: {told()}; looks while the page followed: {followed}");
            foreach (var socket in Sockets(station.Id))
            {
                socket.LocalIsLoopback.ShouldBeTrue(socket.Line);
                socket.Protocol.ShouldStartWith("tcp");
                if (socket.State == "0A") listening.Add(socket.LocalPort);
                // A connection is one that somebody on this machine made to one of the station's ports, or that to the broker.
                else (ports.Contains(socket.LocalPort) || (socket.RemoteIsLoopback && socket.RemotePort == connectsTo)).ShouldBeTrue(socket.Line);
            }
            // A verdict is on the page only once its circuit stands.
            if (await verdict.CountAsync() > 0) followed++;
        }
        page.Complaints.ShouldBeEmpty();
        return listening;
    }

    private static string Source(StationBox box, string kind) => kind switch
    {
        "folder" => "folder:" + box.Photos,
        "video" => "video:" + box.WriteVideo(),
        _ => kind,
    };

    private static IEnumerable<Socket> Sockets(int pid)
    {
        var inodes = Directory.GetFiles($"/proc/{pid}/fd").Select(LinkOf).Where(l => l.StartsWith("socket:[", StringComparison.Ordinal)).Select(l => l[8..^1]).ToHashSet();
        foreach (var protocol in (string[])["tcp", "tcp6", "udp", "udp6"])
        {
            foreach (var line in File.ReadLines($"/proc/{pid}/net/{protocol}").Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (!inodes.Contains(fields[9])) continue;
                var (local, remote) = (fields[1].Split(':'), fields[2].Split(':'));
                yield return new(protocol, IsLoopback(local[0]), Port(local[1]), IsLoopback(remote[0]), Port(remote[1]), fields[3], line);
            }
        }
    }

    // 127.0.0.1, ::1 and ::ffff:127.0.0.1 as the kernel writes them, word by word in the machine's order.
    private static bool IsLoopback(string address)
        => address is "0100007F" or "00000000000000000000000001000000" or "0000000000000000FFFF00000100007F";

    private static int Port(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string LinkOf(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, false)?.Name is { } name ? name : "";
        }
        catch (IOException)
        {
            // Closed since the folder was listed.
            return "";
        }
    }

    private sealed record Socket(string Protocol, bool LocalIsLoopback, int LocalPort, bool RemoteIsLoopback, int RemotePort, string State, string Line);
}
