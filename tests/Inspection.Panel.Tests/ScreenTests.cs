using Inspection.Core;
using Inspection.Panel.Tests.Hosting;

namespace Inspection.Panel.Tests;

public sealed class ScreenTests(Chromium chromium)
{
    [Fact]
    public async Task Every_state_of_the_page_is_photographed()
    {
        await using var station = await TestStation.Simulated();
        station.Delivery.Show(BrokerState.Embedded, "embedded, port 1883, 2 clients", [new Receiver("mes-line1", true, 0, DateTimeOffset.UnixEpoch), new Receiver("archive", false, 1284, null)]);
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.Verdict("none"));
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        for (var i = 0; i < 21; i++)
        {
            if (i % 4 == 2) station.Reject();
            else station.Pass();
        }
        await Browser.Sees(browser.Verdict("pass"));
        await Browser.Sees(browser.Page.Locator(".thumb"));
        await browser.Photograph("1-running-pass");

        station.Reject();
        await Browser.Sees(browser.Verdict("reject"));
        await browser.Photograph("2-running-reject");

        station.Inspect(Verdict.Indeterminate(VerdictReason.UnreadableFrame), label: "good", unreadable: "part-0042.png is truncated");
        station.Alarms.Raise("source-failed", AlarmPriority.High, "camera1 does not answer", "");
        await browser.Page.Locator("[data-line=e-stop]").ClickAsync();
        await Browser.Sees(browser.State("tripped"));
        await Browser.Sees(browser.Verdict("indeterminate"));
        await browser.Act("reset");
        await browser.Photograph("3-tripped");

        await browser.Page.Locator(".tab").First.ClickAsync();
        await browser.Photograph("4-alarms");
        await browser.Page.Locator(".tab").Nth(1).ClickAsync();
        await browser.Photograph("5-receivers");
        await browser.Page.Locator(".tab").Nth(2).ClickAsync();
        await browser.Photograph("6-labels");
        await browser.Page.Locator(".thumb").First.ClickAsync();
        await browser.Photograph("7-reject-dialog");
    }
}
