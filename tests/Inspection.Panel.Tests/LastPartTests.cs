using Inspection.Core;
using Inspection.Panel.Tests.Hosting;
using Inspection.Testing;

namespace Inspection.Panel.Tests;

/// <summary>A verdict that is not of now never looks like one that lets a part go.</summary>
public sealed class LastPartTests(Chromium chromium)
{
    [Fact]
    public async Task A_verdict_is_large_only_while_Running_and_fresh()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        station.Pass();
        await IsPastAsync(browser, "Nothing is permitted now");
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        await IsPastAsync(browser, "No part now");

        station.Pass();
        await Browser.Sees(browser.Page.Locator(".verdict-pass[data-current=true]"));
        (await SizeAsync(browser)).ShouldBeGreaterThan(100);
        (await browser.Page.Locator(".verdict-last").CountAsync()).ShouldBe(0);
        // Real time: ten seconds without a part.
        await Browser.Sees(browser.Page.Locator(".verdict-pass[data-current=false]"));
        await IsPastAsync(browser, "No part now: this one was 1");

        station.Pass();
        await Browser.Sees(browser.Page.Locator(".verdict-pass[data-current=true]"));
        station.Interlock.SetCondition(TripCause.CameraLost, true, "no sign of life");
        await Browser.Sees(browser.State("tripped"));
        await IsPastAsync(browser, "Nothing is permitted now");
        await browser.Photograph("last-part-camera-lost");
    }

    [Fact]
    public async Task Under_a_bypass_no_verdict_looks_like_one_that_holds()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station, language: "es-ES");
        station.Interlock.SetKey(true, true);
        station.Interlock.Bypass(Some.Person, new BypassRequest(TripCause.RejectsInARow, "trial of a new die", TimeSpan.FromMinutes(5))).ShouldBeNull();
        station.Pass();
        await Browser.Sees(browser.State("bypassed"));
        await IsPastAsync(browser, "los veredictos no cuentan");
        await browser.Photograph("last-part-bypassed");
    }

    [Fact]
    public async Task A_button_that_cannot_be_pressed_looks_so_and_can_still_be_read()
    {
        await using var station = await TestStation.Real(("Ada", Role.Setter, "4711"));
        station.Interlock.SetCondition(TripCause.CameraLost, true, "no sign of life");
        await using var browser = await chromium.Open(station);
        await browser.Page.Locator(".person").ClickAsync();
        await LooksDisabledAsync(browser, "[data-key=enter]");
        await browser.Photograph("disabled-keys");
        await browser.SignIn("Ada", "4711");
        await Browser.Sees(browser.Page.Locator(".signed-in").GetByText("Ada"));
        await browser.Page.Locator("[data-bypass=camera-lost]").ClickAsync();
        await LooksDisabledAsync(browser, "[data-act=bypass]");
        await browser.Photograph("disabled-bypass");
        var before = await LookAsync(browser, "[data-act=bypass]");
        await browser.Page.Locator("[data-reason='bypass.reason.camera']").ClickAsync();
        await Browser.Sees(browser.Page.Locator("[data-act=bypass]:enabled"));
        (await LookAsync(browser, "[data-act=bypass]")).ShouldNotBe(before);
    }

    private static async Task IsPastAsync(Browser browser, string why)
    {
        await Browser.Sees(browser.Page.Locator(".verdict[data-current=false]"));
        await Browser.Sees(browser.Page.Locator(".verdict-age").GetByText(why));
        await Browser.Sees(browser.Page.Locator(".verdict-last"));
        (await SizeAsync(browser)).ShouldBeLessThan(50);
        (await browser.Page.Locator(".verdict-word").EvaluateAsync<double>("e => parseFloat(getComputedStyle(e).fontSize)")).ShouldBeLessThan(20);
        (await browser.Page.Locator(".verdict > .shape").EvaluateAsync<string>("e => getComputedStyle(e).filter")).ShouldBe("grayscale(1)");
        (await browser.Page.Locator(".verdict").EvaluateAsync<bool>("e => e.scrollHeight <= e.clientHeight")).ShouldBeTrue("nothing is cut off");
    }

    private static Task<double> SizeAsync(Browser browser) => browser.Page.Locator(".verdict > .shape").EvaluateAsync<double>("e => e.getBoundingClientRect().width");

    private static Task<string> LookAsync(Browser browser, string button)
        => browser.Page.Locator(button).EvaluateAsync<string>("e => { const s = getComputedStyle(e); return [s.borderStyle, s.backgroundImage, s.cursor].join(); }");

    private static async Task LooksDisabledAsync(Browser browser, string button)
    {
        await Browser.Sees(browser.Page.Locator(button + ":disabled"));
        (await LookAsync(browser, button)).ShouldMatch("^dashed,repeating-linear-gradient.*,not-allowed$");
        // WCAG 2.2, 1.4.3: 4.5 to 1 against the darker stripe.
        (await browser.Page.Locator(button).EvaluateAsync<double>("""
            e => {
              const light = c => c.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
              const style = getComputedStyle(e), numbers = text => text.match(/\d+/g).slice(0, 3).map(Number);
              const stripes = style.backgroundImage.match(/rgb\([^)]*\)/g).map(numbers).map(light);
              return (Math.min(...stripes) + .05) / (light(numbers(style.color)) + .05);
            }
            """)).ShouldBeGreaterThanOrEqualTo(4.5);
        (await browser.Page.Locator(button).BoundingBoxAsync())!.Height.ShouldBeGreaterThanOrEqualTo(57);
    }
}
