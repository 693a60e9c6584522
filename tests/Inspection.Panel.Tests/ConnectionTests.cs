using Inspection.Panel.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Panel.Tests;

public sealed class ConnectionTests(Chromium chromium)
{
    [Fact]
    public async Task A_lost_connection_is_shown_across_the_page_and_heals_by_itself_after_a_restart()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        station.Pass();
        await Browser.Sees(browser.Verdict("pass"));

        await station.StopServing();
        var lost = browser.Page.Locator(".link-lost");
        await Browser.Sees(lost);
        var box = (await lost.BoundingBoxAsync())!;
        (box.X, box.Width).ShouldBe((0f, 1280f));
        await browser.Photograph("connection-lost");

        station.Reject();
        await station.Serve();
        await Browser.Sees(browser.Verdict("reject"));
        (await lost.IsVisibleAsync()).ShouldBeFalse();
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
    }

    [Fact]
    public async Task A_cut_connection_heals_with_the_person_still_signed_in()
    {
        await using var station = await TestStation.Real(("Ada", Core.Role.Operator, "4711"));
        await using var browser = await chromium.Open(station);
        await browser.Page.Locator(".person").ClickAsync();
        await browser.SignIn("Ada", "4711");
        await Browser.Sees(browser.Page.Locator(".signed-in"));

        await browser.Page.Context.SetOfflineAsync(true);
        await Browser.Sees(browser.Page.Locator(".link-lost:visible, .link-stale:visible"));
        station.Reject();
        await browser.Page.Context.SetOfflineAsync(false);
        await Browser.Sees(browser.Verdict("reject"));
        await Browser.Sees(browser.Page.Locator(".signed-in").GetByText("Ada"));
    }

    [Fact]
    public async Task A_station_that_sends_nothing_new_is_shown_as_such()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var station = await TestStation.Simulated(time);
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.State("stopped"));
        await Browser.Sees(browser.Page.Locator(".link-stale:visible"));
        await browser.Photograph("stale");
        for (var i = 0; i < 12; i++) time.Advance(TimeSpan.FromMilliseconds(100));
        await Browser.Sees(browser.Page.Locator("html[data-link=ok]"));
    }

    [Fact]
    public async Task A_picture_that_hangs_delays_neither_the_line_nor_the_server_and_the_page_says_that_it_is_old()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.State("stopped"));
        using var held = new ManualResetEventSlim();
        station.EncodingHeld = held;
        station.Pass();
        await Browser.Sees(browser.Page.Locator(".link-stale:visible"));

        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 1000; i++) station.Pass();
        // The picture lets go after 120 s by itself; parts that had waited for it would take longer than this.
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(100));
        using var http = new HttpClient { BaseAddress = new Uri(station.Address) };
        (await http.GetAsync("alive", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        held.Set();
        await Browser.Sees(browser.Page.Locator(".verdict[data-version='1001']"));
        await Browser.Sees(browser.Page.Locator("html[data-link=ok]"));
    }
}
