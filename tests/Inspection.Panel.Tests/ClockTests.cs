using Inspection.Core;
using Inspection.Panel.Tests.Hosting;

namespace Inspection.Panel.Tests;

public sealed class ClockTests(Chromium chromium)
{
    [Fact]
    public async Task A_person_confirms_on_the_page_that_the_time_is_right()
    {
        await using var station = await TestStation.Simulated();
        station.Alarms.Raise("clock-stepped", AlarmPriority.Medium, "The wall clock jumped by 3600 s.", "Check it.");
        await using var browser = await chromium.Open(station);
        await browser.Page.Locator(".alarm-button").ClickAsync();
        await browser.SeesText("The wall clock jumped");
        await browser.Act("confirm-clock");
        await Browser.Sees(browser.Page.GetByText("No alarms"));
        station.ClockConfirmedBy.ShouldBe("Demo");
        browser.Complaints.ShouldBeEmpty();
    }
}
