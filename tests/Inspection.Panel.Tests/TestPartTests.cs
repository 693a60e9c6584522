using Inspection.Core;
using Inspection.Panel.Tests.Hosting;
using Inspection.Testing;

namespace Inspection.Panel.Tests;

public sealed class TestPartTests(Chromium chromium)
{
    private static readonly Recipe Recipe = Some.Recipe with
    {
        // Long, so that a busy machine makes no part late.
        Rules = new TripRules { Deadline = TimeSpan.FromSeconds(5) },
        TestParts = new TestPartRules
        {
            Parts = [new() { Name = "good A", Kind = TestPartKind.Good }, new() { Name = "scratch 0.3 mm", Kind = TestPartKind.Bad }],
        },
    };

    [Fact]
    public async Task The_page_asks_for_each_part_by_name_and_says_when_all_were_right()
    {
        await using var station = await TestStation.Testing(TimeProvider.System, Recipe);
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.Page.Locator("[data-tests=due]"));
        await browser.SeesText("Test parts are due");
        await browser.SeesText("no test has passed yet");
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        await browser.Photograph("test-due");
        await browser.SeesText("The next part is good A");
        await browser.Act("announce-test");
        await browser.SeesText("Bring good A now");
        await browser.Photograph("test-awaited");
        station.Pass();
        await Browser.Sees(browser.Page.Locator("[data-part='good A'][data-right=right]"));
        await browser.SeesText("The next part is scratch 0.3 mm");
        await browser.Act("announce-test");
        await browser.Act("withdraw-test");
        await browser.Act("announce-test");
        await browser.SeesText("Bring scratch 0.3 mm now");
        station.Reject();
        await Browser.Sees(browser.Page.Locator("[data-tests=passed]"));
        await browser.SeesText("by Demo");
        await Browser.Sees(browser.State("running"));
        station.Counters.Snapshot().Inspected.ShouldBe(0);
        await browser.Photograph("test-passed");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_part_trips_and_the_page_says_what_must_come_before_anything_is_produced()
    {
        await using var station = await TestStation.Testing(TimeProvider.System, Recipe);
        await using var browser = await chromium.Open(station);
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        await browser.Act("announce-test");
        await browser.SeesText("Bring good A now");
        station.Reject();
        await Browser.Sees(browser.State("tripped"));
        await Browser.Sees(browser.Page.Locator("[data-cause=test-part]"));
        await Browser.Sees(browser.Page.Locator("[data-tests=overdue]"));
        await browser.SeesText("nothing is produced before all test parts are right");
        await browser.Act("reset");
        await browser.SeesText("Test part failed or overdue is still present. Remove it, then try again.");
        await browser.Photograph("test-failed");

        await browser.Act("announce-test");
        await browser.Act("reset");
        await browser.Page.Locator("[data-answer=cause-removed]").ClickAsync();
        await Browser.Sees(browser.State("stopped"));
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        station.Pass();
        await Browser.Sees(browser.Page.Locator("[data-part='good A'][data-right=right]"));
        station.Pass();
        await Browser.Sees(browser.State("tripped"));
        browser.Complaints.ShouldBeEmpty();
    }
}
