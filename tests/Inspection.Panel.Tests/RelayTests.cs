using Inspection.Panel.Tests.Hosting;

namespace Inspection.Panel.Tests;

public sealed class RelayTests(Chromium chromium)
{
    [Fact]
    public async Task The_page_says_all_the_time_that_the_relay_is_not_read_or_that_it_is_being_tested()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.Page.Locator("[data-note=relay-unread]"));
        await browser.SeesText("a welded relay stays unseen");

        station.Relay.PulledIn = false;
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        await Browser.Sees(browser.Page.Locator("[data-note=self-test]"));
        (await browser.Page.Locator("[data-note=relay-unread]").CountAsync()).ShouldBe(0);
        await browser.Photograph("self-test");
    }
}
