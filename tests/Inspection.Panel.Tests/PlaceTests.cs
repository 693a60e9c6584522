using System.Net.NetworkInformation;
using System.Net.Sockets;
using Inspection.Core;
using Inspection.Panel.Tests.Hosting;
using Inspection.Testing;
using Microsoft.Playwright;

namespace Inspection.Panel.Tests;

/// <summary>Nothing over the network may start, reset, bypass or energise.</summary>
public sealed class PlaceTests(Chromium chromium)
{
    private const string Told = "This is done only at the station, where the line is seen";

    [Fact]
    public async Task A_page_of_another_address_shows_and_stops_but_starts_resets_bypasses_and_empties_nothing()
    {
        var address = NetworkInterface.GetAllNetworkInterfaces().SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !System.Net.IPAddress.IsLoopback(a));
        if (address is null) Assert.Skip("This machine has no address besides loopback.");
        await using var station = await TestStation.OnNetwork(("Olga", Role.Setter, "9999"));
        station.Interlock.Use(Some.Recipe with
        {
            Output = new PartOutput { Mode = OutputMode.Gate },
            Gate = new GateRules { Distance = 100, Tolerance = 10, BinDistance = 40, BinTolerance = 20 },
        }).ShouldBeTrue();
        await using var far = await chromium.Open(station.AddressAt(address.ToString()));
        // Whoever can set a header gains nothing by it.
        await far.Page.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["X-Forwarded-For"] = "127.0.0.1", ["Forwarded"] = "for=127.0.0.1" });
        await Refused(far, "[data-act=start]");
        await far.Photograph("not-at-station");
        await Refused(far, "[data-act=zone]");
        station.Interlock.Snapshot.ShouldSatisfyAllConditions(s => s.State.ShouldBe(InterlockState.Stopped), s => s.ZoneUnknown.ShouldBeTrue());

        await using (var near = await chromium.Open(station.AddressAt("127.0.0.1")))
        {
            await near.Page.Locator(".person").ClickAsync();
            await near.SignIn("Olga", "9999");
            await Browser.Sees(near.Page.Locator(".signed-in"));
            await near.Act("start");
            await Browser.Sees(far.State("running"));
            near.Complaints.ShouldBeEmpty();
        }
        await far.Act("stop");
        await Browser.Sees(far.State("stopped"));

        station.Interlock.Start(Some.Person).ShouldBeNull();
        station.Interlock.SetCondition(TripCause.CameraLost, true, "the camera sends nothing");
        await Browser.Sees(far.State("tripped"));
        await Refused(far, "[data-act=reset]");
        await Refused(far, "[data-bypass=camera-lost]");
        station.Interlock.State.ShouldBe(InterlockState.Tripped);
        station.Relay.Enabled.ShouldBeFalse();
        station.Transitions.Select(t => t.To).ShouldBe([InterlockState.Running, InterlockState.Stopped, InterlockState.Running, InterlockState.Tripped]);
        // Without TLS a browser leaves this one header out of account elsewhere than at loopback, and says so.
        far.Complaints.Where(c => !c.StartsWith("The Cross-Origin-Opener-Policy header has been ignored", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static async Task Refused(Browser browser, string button)
    {
        await browser.Page.ReloadAsync();
        await browser.Page.Locator(".person").ClickAsync();
        await browser.SignIn("Olga", "9999");
        await Browser.Sees(browser.Page.Locator(".signed-in"));
        await Browser.Sees(browser.Page.Locator($"{button}[aria-disabled=true]"));
        (await browser.Page.GetByText(Told).CountAsync()).ShouldBe(0);
        await browser.Page.Locator(button).ClickAsync(new() { Force = true });
        await browser.SeesText(Told);
        await Assertions.Expect(browser.Page.Locator(".dialog")).ToHaveCountAsync(0);
    }
}
