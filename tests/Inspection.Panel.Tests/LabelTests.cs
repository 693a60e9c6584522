using Inspection.Core;
using Inspection.Panel.Tests.Hosting;
using Microsoft.Playwright;

namespace Inspection.Panel.Tests;

public sealed class LabelTests(Chromium chromium)
{
    [Fact]
    public async Task Only_who_answers_for_parts_is_offered_a_sample_and_whoever_signs_out_meanwhile_labels_nothing()
    {
        await using var station = await TestStation.Real(("Olga", Role.Operator, "9999"), ("Quinn", Role.Quality, "1234"));
        for (var i = 0; i < 4; i++) station.Reject();
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.Page.Locator("[data-act=find-part]"));
        (await Offered(browser)).ShouldBe(0);
        await browser.Page.Locator(".top .person").ClickAsync();
        await browser.SignIn("Olga", "9999");
        await Browser.Sees(browser.Page.Locator(".signed-in").GetByText("Olga"));
        (await Offered(browser)).ShouldBe(0);
        await browser.Page.Locator(".signed-in").ClickAsync();
        await browser.Page.Locator(".top .person").ClickAsync();
        await browser.SignIn("Quinn", "1234");
        await browser.Act("label-sample");
        await browser.Page.Locator("[data-draw='20']").ClickAsync();
        await browser.SeesText("Part 1 of 4");
        await browser.SeesText("4 parts, not the 20 asked for");
        await browser.Page.Locator(".signed-in").ClickAsync();
        await browser.Page.Locator("[data-label=good]").ClickAsync();
        await browser.SeesText("Sign in first.");
        station.Entries.OfType<LabelEntry>().ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();
    }

    [Theory, InlineData("en-GB"), InlineData("es-ES"), InlineData("pt-BR"), InlineData("zh-CN")]
    public async Task In_every_language_picture_and_three_large_buttons_fit_a_touchscreen_and_leave_Stop_free(string language)
    {
        await using var station = await TestStation.Simulated();
        for (var i = 0; i < 4; i++) station.Reject();
        await using var browser = await chromium.Open(station.Address, language: language);
        await browser.Act("label-sample");
        await browser.Page.Locator("[data-draw='20']").ClickAsync();
        await Browser.Draws(browser.Page.Locator(".dialog-label img"));
        var boxes = new List<LocatorBoundingBoxResult>();
        foreach (var label in (string[])["good", "bad", "cannot-tell"]) boxes.Add((await browser.Page.Locator($"[data-label={label}]").BoundingBoxAsync()).ShouldNotBeNull());
        boxes.ShouldAllBe(b => b.Height >= 76 && b.Width >= 76 && b.Y + b.Height <= 800, "20 mm for gloves, nothing to scroll");
        for (var i = 1; i < 3; i++) (boxes[i].X - boxes[i - 1].X - boxes[i - 1].Width).ShouldBeGreaterThanOrEqualTo(11, "3 mm apart");
        var picture = (await browser.Page.Locator(".dialog-label .dialog-image").BoundingBoxAsync()).ShouldNotBeNull();
        (picture.Width * picture.Height).ShouldBeGreaterThan(200_000);
        (await browser.Page.Locator("[data-fact=statement]").CountAsync()).ShouldBe(0, "what was counted would tell which verdicts are still to come");
        (await browser.Page.Locator(".thumb:visible").CountAsync()).ShouldBe(0, "the last rejects may be among them");
        await browser.Photograph($"label-{language[..2]}");
        // Nothing of the dialog lies over Stop.
        await browser.Act("stop");
        foreach (var label in (string[])["good", "bad", "cannot-tell", "good"])
        {
            var part = await browser.Page.Locator(".dialog-label img").GetAttributeAsync("src");
            await browser.Page.Locator($"[data-label={label}]").ClickAsync();
            await Assertions.Expect(browser.Page.Locator($".dialog-label img[src='{part}']")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
        }
        await Browser.Sees(browser.Page.Locator("[data-draw='20']"));
        await Browser.Sees(browser.Page.Locator("[data-fact=statement]"));
        await browser.Photograph($"label-said-{language[..2]}");
        station.Entries.OfType<LabelEntry>().Select(e => e.Given.Label).ShouldBe([PartLabel.Good, PartLabel.Bad, PartLabel.CannotTell, PartLabel.Good]);
        await browser.Page.Locator("[data-draw='20']").ClickAsync();
        await Browser.Sees(browser.Page.Locator(".dialog-label .refusal"));
        browser.Complaints.ShouldBeEmpty();
    }

    private static Task<int> Offered(Browser browser) => browser.Page.Locator("[data-act=label-sample]").CountAsync();
}
