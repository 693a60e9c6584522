using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Inspection.Station.Tests.Hosting;

public sealed class PageHostTests
{
    [Fact]
    public async Task A_page_that_is_served_at_one_address_is_served_at_loopback_too_where_alone_it_may_start()
    {
        var address = NetworkInterface.GetAllNetworkInterfaces().SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        if (address is null) Assert.Skip("This machine has no address besides loopback.");
        using var box = new StationBox();
        box.SimulateAt(20, $$""", "http": { "bind": "{{address}}" }""");
        await using var station = StationProcess.Start(box.Run());
        await station.ReadyAsync();
        station.Said.ShouldContain($"http://localhost:{box.Http}");
        using var http = new HttpClient();
        foreach (var host in (string[])["localhost", address.ToString()])
            (await http.GetAsync(new Uri($"http://{host}:{box.Http}/alive"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await station.EndAsync()).ShouldBe(0, station.Said);
    }
}
