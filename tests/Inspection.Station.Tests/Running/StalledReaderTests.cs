using System.Text.Json;
using Inspection.Testing;

namespace Inspection.Station.Tests.Running;

public sealed class StalledReaderTests
{
    [Fact]
    public async Task A_reader_that_hangs_and_pages_that_are_never_read_delay_no_verdict()
    {
        using var box = new StationBox();
        box.SimulateAt(20);
        await using var station = StationProcess.Start(box.Run());
        await station.ReadyAsync();
        await using var hanging = new MosquittoSub(box.Mqtt, "hanging");
        await using var healthy = new MosquittoSub(box.Mqtt, "healthy");
        await Eventually.Holds(() => hanging.Lines.Count > 5 && healthy.Lines.Count > 5, TimeSpan.FromSeconds(30));
        StationProcess.Send(hanging.Id, StationProcess.Stop);
        var pages = await OpenPagesThatNobodyReadsAsync(box.Http, 20);

        var from = healthy.Lines.Count;
        await Eventually.Holds(() => healthy.Lines.Count >= from + 100, TimeSpan.FromSeconds(60));
        var late = healthy.Lines.Skip(from).Select(line => JsonElement.Parse(line)).Where(v => v.GetProperty("reason").GetString() == "late").ToList();
        late.Count.ShouldBeLessThanOrEqualTo(5, "verdicts that came after their part's deadline while readers hung");

        foreach (var page in pages) page.Dispose();
        StationProcess.Send(hanging.Id, StationProcess.Continue);
        await Eventually.Holds(() => hanging.Lines.Count >= from + 100, TimeSpan.FromSeconds(60));
        hanging.Lines.Select(StationBox.Sequence).Distinct().Count().ShouldBeGreaterThanOrEqualTo(from + 100 - 1);
        (await station.EndAsync()).ShouldBe(0, station.Said);
    }

    private static async Task<List<System.Net.Sockets.TcpClient>> OpenPagesThatNobodyReadsAsync(int port, int count)
    {
        var open = new List<System.Net.Sockets.TcpClient>();
        for (var i = 0; i < count; i++)
        {
            var client = new System.Net.Sockets.TcpClient { ReceiveBufferSize = 1024 };
            await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            open.Add(client);
        }
        return open;
    }

}
