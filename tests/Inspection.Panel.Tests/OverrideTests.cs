using Inspection.Core;
using Inspection.Panel.Tests.Hosting;
using Inspection.Testing;

namespace Inspection.Panel.Tests;

public sealed class OverrideTests(Chromium chromium)
{
    [Fact]
    public async Task One_of_the_last_rejects_is_overruled_and_the_strip_and_its_dialog_say_so()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        station.Reject();
        await browser.Page.Locator(".thumb").First.ClickAsync();
        await browser.Act("overrule");
        await Browser.Sees(browser.Page.Locator("[data-fact=in-force]").GetByText("Reject"));
        await browser.Page.Locator("[data-reason='override.reason.dust']").ClickAsync();
        await browser.Photograph("override-asks");
        await browser.Page.Locator("[data-override=pass]").ClickAsync();
        await browser.SeesText("Reject → Pass by Demo: Only dust or water on the part");
        await Browser.Sees(browser.Page.Locator("[data-fact=in-force]").GetByText("Pass"));
        await browser.Photograph("overridden");
        var change = station.Entries.OfType<OverrideEntry>().ShouldHaveSingleItem();
        (change.Change.From, change.Change.To, change.Inspection).ShouldBe((VerdictKind.Reject, VerdictKind.Pass, new InspectionNumber(station.LedgerId, 1)));

        await browser.Page.Locator(".dialog [aria-label=Close]").ClickAsync();
        await Browser.Sees(browser.Page.Locator(".thumb .shape-pass"));
        await Browser.Sees(browser.Page.Locator("[data-count=overridden]").GetByText("1"));
        await browser.Page.Locator(".thumb").First.ClickAsync();
        await browser.SeesText("Reject → Pass by Demo");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_part_that_passed_is_found_by_its_number_and_its_rejection_raises_an_alarm_that_quality_ends()
    {
        await using var station = await TestStation.Real(("Olga", Role.Operator, "9999"), ("Quinn", Role.Quality, "1234"));
        await Eventually.Holds(() => station.Interlock.Start(Some.Person) is null);
        station.Pass();
        station.Pass();
        await using var browser = await chromium.Open(station);
        await browser.Act("find-part");
        await browser.SignIn("Olga", "9999");
        await Browser.Sees(browser.Page.Locator(".signed-in"));
        await browser.Act("find-part");
        await browser.Page.Locator("[data-key='7']").ClickAsync();
        await browser.Page.Locator("[data-key=enter]").ClickAsync();
        await browser.SeesText("There is no such part. Check the number.");
        await browser.Page.Locator("[data-key=erase]").ClickAsync();
        await browser.Page.Locator("[data-key='2']").ClickAsync();
        await browser.Page.Locator("[data-key=enter]").ClickAsync();
        await browser.SeesText("This part counts as delivered: as a Reject it holds the lot.");
        await browser.Page.Locator("[data-field=reason]").FillAsync("a crack was seen at packing");
        await browser.Page.Locator("[data-override=reject]").ClickAsync();
        await browser.SeesText("Pass → Reject by Olga: a crack was seen at packing");
        await browser.SeesText("A delivered part is a Reject");
        station.Entries.OfType<LotEntry>().ShouldHaveSingleItem().Inspection.ShouldBe(new InspectionNumber(station.LedgerId, 2));

        await browser.Page.Locator("[data-field=reason]").FillAsync("it was a scratch on the lens");
        await browser.Page.Locator("[data-override=pass]").ClickAsync();
        await browser.SeesText("A part is overruled to Pass by a setter, quality or an administrator.");
        await browser.Page.Locator(".dialog [aria-label=Close]").ClickAsync();
        await browser.Page.Locator(".tab").First.ClickAsync();
        await browser.Act("answer-delivered");
        await browser.SeesText("Delivered parts are answered for by a setter, quality or an administrator.");
        await browser.Page.Locator(".signed-in").ClickAsync();
        await browser.Page.Locator(".top .person").ClickAsync();
        await browser.SignIn("Quinn", "1234");
        await Browser.Sees(browser.Page.Locator(".signed-in").GetByText("Quinn"));
        await browser.Act("answer-delivered");
        await Eventually.Holds(() => station.Alarms.Active.Count == 0);
        browser.Complaints.ShouldBeEmpty();
    }
}
