using Inspection.Core;
using Inspection.Panel.Tests.Hosting;
using Inspection.Testing;
using Microsoft.Playwright;

namespace Inspection.Panel.Tests;

public sealed class ZoneTests(Chromium chromium)
{
    [Fact]
    public async Task The_page_says_that_the_belt_is_not_known_and_a_named_person_says_that_it_is_empty()
    {
        await using var station = await TestStation.Real(("Olga", Role.Operator, "9999"));
        station.Interlock.Use(Some.Recipe with
        {
            Output = new PartOutput { Mode = OutputMode.Gate },
            Gate = new GateRules { Distance = 100, Tolerance = 10, BinDistance = 40, BinTolerance = 20 },
        }).ShouldBeTrue();
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.Page.Locator("[data-note=zone]"));
        await browser.SeesText("at the next Start it is diverted");
        await browser.Act("zone");
        await browser.SignIn("Olga", "9999");
        await Browser.Sees(browser.Page.Locator(".signed-in"));
        await browser.Act("zone");
        await browser.SeesText("Look from the camera to the gate");
        await browser.Photograph("zone-asks");
        await browser.Act("zone-empty");
        await Browser.Sees(browser.Page.Locator("[data-state=stopped]"));
        await Eventually.Holds(() => !station.Interlock.Snapshot.ZoneUnknown);
        await Assertions.Expect(browser.Page.Locator("[data-note=zone]")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
        browser.Complaints.ShouldBeEmpty();
    }
}
