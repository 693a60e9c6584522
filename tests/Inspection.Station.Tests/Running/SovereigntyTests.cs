using System.Globalization;
using Inspection.Testing;
using OpenCvSharp;

namespace Inspection.Station.Tests.Running;

public sealed class SovereigntyTests
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
        using var browser = new HttpClient { BaseAddress = new Uri($"http://localhost:{box.Http}") };
        var listening = new HashSet<int>();
        var looks = 0;
        await Eventually.Holds(() =>
        {
            foreach (var socket in Sockets(station.Id))
            {
                socket.LocalIsLoopback.ShouldBeTrue(socket.Line);
                socket.Protocol.ShouldStartWith("tcp");
                if (socket.State == "0A") listening.Add(socket.LocalPort);
                // A connection is one that somebody on this machine made to one of the station's two ports.
                else (socket.LocalPort == box.Http || socket.LocalPort == box.Mqtt).ShouldBeTrue(socket.Line);
            }
            return ++looks > 100 && subscriber.Lines.Count > 0;
        }, TimeSpan.FromSeconds(30));
        (await browser.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        listening.ShouldBe([box.Http, box.Mqtt], ignoreOrder: true);
        (await station.EndAsync()).ShouldBe(0, station.Said);
    }

    private static string Source(StationBox box, string kind)
    {
        if (kind == "simulated") return kind;
        if (kind == "folder") return "folder:" + box.Photos;
        var path = Path.Combine(box.Root, "film.avi");
        using var film = new VideoWriter(path, FourCC.MJPG, 10, new Size(64, 48));
        foreach (var photo in Directory.GetFiles(box.Photos).Order())
        {
            using var pixels = Cv2.ImRead(photo);
            film.Write(pixels);
        }
        return "video:" + path;
    }

    private static IEnumerable<Socket> Sockets(int pid)
    {
        var inodes = Directory.GetFiles($"/proc/{pid}/fd").Select(LinkOf).Where(l => l.StartsWith("socket:[", StringComparison.Ordinal)).Select(l => l[8..^1]).ToHashSet();
        foreach (var protocol in (string[])["tcp", "tcp6", "udp", "udp6"])
        {
            foreach (var line in File.ReadLines($"/proc/{pid}/net/{protocol}").Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (!inodes.Contains(fields[9])) continue;
                var local = fields[1].Split(':');
                yield return new(protocol, IsLoopback(local[0]), int.Parse(local[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), fields[3], line);
            }
        }
    }

    // 127.0.0.1, ::1 and ::ffff:127.0.0.1 as the kernel writes them, word by word in the machine's order.
    private static bool IsLoopback(string address)
        => address is "0100007F" or "00000000000000000000000001000000" or "0000000000000000FFFF00000100007F";

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

    private sealed record Socket(string Protocol, bool LocalIsLoopback, int LocalPort, string State, string Line);
}
