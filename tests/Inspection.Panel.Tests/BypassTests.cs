using Inspection.Core;
using Inspection.Panel.Tests.Hosting;

namespace Inspection.Panel.Tests;

public sealed class BypassTests(Chromium chromium)
{
    [Fact]
    public async Task A_person_with_the_key_bypasses_a_lost_camera_and_the_page_shows_it_all_the_time()
    {
        await using var station = await TestStation.Simulated();
        station.Interlock.SetCondition(TripCause.CameraLost, true, "no sign of life");
        await using var browser = await chromium.Open(station);
        await browser.Page.Locator("[data-bypass=camera-lost]").ClickAsync();
        await browser.SeesText("Parts are diverted: none is permitted.");
        await browser.Page.Locator("[data-way=let-through]").ClickAsync();
        await browser.SeesText("Parts go through not inspected.");
        await browser.Page.Locator("[data-reason='bypass.reason.camera']").ClickAsync();
        await browser.Page.Locator("[data-minutes='30']").ClickAsync();
        await browser.Photograph("bypass-asks");
        await browser.Act("bypass");
        await browser.SeesText("Turn the key first; a bypass lasts only while it is turned.");
        station.Relay.Enabled.ShouldBeFalse();

        station.Interlock.SetKey(true, true);
        await browser.Act("bypass");
        await Browser.Sees(browser.State("bypassed"));
        await Browser.Sees(browser.Page.Locator("[data-note=bypass]"));
        await browser.SeesText("Camera lost: bypassed by Demo");
        station.Relay.Enabled.ShouldBeTrue();
        (station.Interlock.Snapshot.Bypass!.Duration, station.Interlock.Snapshot.Bypass.LetThrough).ShouldBe((TimeSpan.FromMinutes(30), true));
        await browser.Photograph("bypassed");

        await browser.Act("stop");
        await Browser.Sees(browser.State("tripped"));
        station.Relay.Enabled.ShouldBeFalse();
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_person_signs_for_the_next_and_an_operator_may_not_ask()
    {
        await using var station = await TestStation.Real(("Sam", Role.Setter, "4711"), ("Quinn", Role.Quality, "1234"), ("Olga", Role.Operator, "9999"));
        station.Interlock.SetCondition(TripCause.CameraLost, true, "no sign of life");
        station.Interlock.SetKey(true, true);
        station.Interlock.RememberBypass(TimeSpan.FromHours(1));
        await using var browser = await chromium.Open(station);
        await browser.Page.Locator("[data-bypass=camera-lost]").ClickAsync();
        await browser.SignIn("Olga", "9999");
        await AskAsync(browser);
        await browser.SeesText("A bypass is made by a setter, quality, maintenance or an administrator.");
        await browser.Page.Locator(".dialog [aria-label=Close]").ClickAsync();
        await browser.Page.Locator(".signed-in").ClickAsync();

        await browser.Page.Locator("[data-bypass=camera-lost]").ClickAsync();
        await browser.SignIn("Sam", "4711");
        await AskAsync(browser);
        await browser.SeesText("A second person agrees");
        await browser.SignIn("Sam", "4711");
        await browser.SeesText("The second person must be another one whose role permits a bypass.");
        await browser.SignIn("Quinn", "1234");
        await Browser.Sees(browser.State("bypassed"));
        station.Interlock.Snapshot.Bypass!.Second!.Name.ShouldBe("Quinn");
        await Browser.Sees(browser.Page.Locator(".signed-in").GetByText("Sam"));
    }

    private static async Task AskAsync(Browser browser)
    {
        await Browser.Sees(browser.Page.Locator(".signed-in"));
        await browser.Page.Locator("[data-bypass=camera-lost]").ClickAsync();
        await browser.Page.Locator("[data-field=reason]").FillAsync("the lens is cleaned");
        await browser.Act("bypass");
    }
}
