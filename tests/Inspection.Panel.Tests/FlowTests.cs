using Inspection.Core;
using Inspection.Panel.Tests.Hosting;

namespace Inspection.Panel.Tests;

/// <summary>What a person does on the page, and what comes of it.</summary>
public sealed class FlowTests(Chromium chromium)
{
    [Fact]
    public async Task A_demo_person_starts_and_stops_and_the_relay_follows()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.State("stopped"));
        station.Relay.Enabled.ShouldBeFalse();

        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        station.Relay.Enabled.ShouldBeTrue();

        await browser.Act("stop");
        await Browser.Sees(browser.State("stopped"));
        station.Relay.Enabled.ShouldBeFalse();
        station.Transitions.ShouldAllBe(t => t.Who.Name == "Demo");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_asks_for_name_and_PIN_and_a_wrong_PIN_is_refused_in_plain_words()
    {
        await using var station = await TestStation.Real(("Ada", Role.Operator, "4711"), ("Bo", Role.Operator, "1234"));
        await using var browser = await chromium.Open(station);
        await browser.Act("start");
        await browser.SignIn("Ada", "1234");
        await browser.SeesText("Name and PIN do not belong together.");
        station.Interlock.State.ShouldBe(InterlockState.Stopped);
        await browser.Photograph("sign-in-refused");

        await browser.SignIn("Ada", "4711");
        await Browser.Sees(browser.Page.Locator(".signed-in").GetByText("Ada"));
        station.Interlock.State.ShouldBe(InterlockState.Stopped, "signing in starts nothing");
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        station.Transitions.Last().Who.ShouldBe(Who.Person("Ada", Role.Operator));
        station.Entries.Select(e => e.Who.Name).ShouldBe(["anybody", "Ada"]);

        await browser.Page.Locator(".signed-in").ClickAsync();
        await browser.SeesText("Nobody signed in");
        await browser.Act("stop");
        await Browser.Sees(browser.State("stopped"));
        station.Transitions.Last().Who.ShouldBe(Who.Anybody);
    }

    [Fact]
    public async Task Nobody_resets_without_signing_in()
    {
        await using var station = await TestStation.Real(("Ada", Role.Operator, "4711"));
        station.Interlock.Trip(TripCause.Request, "the plant asked", Who.Plant("mes"));
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.State("tripped"));
        await browser.Act("reset");
        await Browser.Sees(browser.Page.GetByRole(Microsoft.Playwright.AriaRole.Dialog));
        station.Interlock.State.ShouldBe(InterlockState.Tripped);
    }

    [Fact]
    public async Task The_e_stop_trips_and_refuses_Reset_until_it_is_released()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));

        await browser.Page.Locator("[data-line=e-stop]").ClickAsync();
        await Browser.Sees(browser.State("tripped"));
        station.Relay.Enabled.ShouldBeFalse();
        await Browser.Sees(browser.Page.Locator(".first-out[data-cause=e-stop]"));

        await browser.Act("reset");
        await browser.SeesText("Emergency stop is still present. Remove it, then try again.");
        await browser.Photograph("tripped-by-e-stop");

        await browser.Page.Locator("[data-line=e-stop]").ClickAsync();
        await Browser.Sees(browser.Page.Locator("[data-line=e-stop][aria-checked=false]"));
        await browser.Act("reset");
        await Browser.Sees(browser.State("stopped"));
        station.Relay.Enabled.ShouldBeFalse();
    }

    [Fact]
    public async Task Reset_after_rejects_in_a_row_asks_what_it_was_and_the_answer_is_reported()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        for (var i = 0; i < 5; i++) station.Reject();
        await Browser.Sees(browser.State("tripped"));
        await Browser.Sees(browser.Page.Locator(".first-out[data-cause=rejects-in-a-row]"));

        await browser.Act("reset");
        await Browser.Sees(browser.Page.Locator("[data-answer=false-rejects]"));
        station.Interlock.State.ShouldBe(InterlockState.Tripped);
        await browser.Photograph("reset-asks");
        await browser.Page.Locator("[data-answer=false-rejects]").ClickAsync();
        await Browser.Sees(browser.State("stopped"));
        station.Transitions.Last().Answer.ShouldBe(ResetAnswer.FalseRejects);
    }

    [Fact]
    public async Task Stop_stays_within_reach_while_a_dialog_is_open()
    {
        await using var station = await TestStation.Simulated();
        await using var wide = await chromium.Open(station);
        await wide.Act("start");
        await Browser.Sees(wide.State("running"));
        station.Reject();
        await wide.Page.Locator(".thumb").First.ClickAsync();
        await Browser.Sees(wide.Page.GetByRole(Microsoft.Playwright.AriaRole.Dialog));
        await wide.Act("stop");
        await Browser.Sees(wide.State("stopped"));

        await using var phone = await chromium.Open(station, 390, 844);
        await phone.Act("start");
        await Browser.Sees(phone.State("running"));
        await phone.Page.Locator(".thumb").First.ClickAsync();
        await phone.Photograph("phone-dialog");
        await phone.Act("stop-above");
        await Browser.Sees(phone.State("stopped"));
    }

    [Fact]
    public async Task Start_that_is_not_possible_says_why()
    {
        await using var station = await TestStation.Simulated();
        station.Interlock.SetObstacle("no model is loaded");
        await using var browser = await chromium.Open(station);
        await browser.Act("start");
        await browser.SeesText("Start is not possible yet. Wait a moment; if it stays so, call maintenance.");
        await browser.SeesText("no model is loaded");
        await browser.Act("stop");
        await browser.SeesText("It is not running; there is nothing to stop.");
    }

    [Fact]
    public async Task Faults_of_the_simulated_line_are_made_and_ended_and_recorded()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        var darken = browser.Page.Locator("[data-fault=darken]");
        await darken.ClickAsync();
        await Browser.Sees(browser.Page.Locator("[data-fault=darken][aria-checked=true]"));
        station.Faults["darken"].ShouldBeTrue();
        await darken.ClickAsync();
        await Browser.Sees(browser.Page.Locator("[data-fault=darken][aria-checked=false]"));
        station.Faults["darken"].ShouldBeFalse();
        station.Entries.Count.ShouldBe(2);
        station.Entries.ShouldAllBe(e => e.Kind == EntryKind.Audit && e.Who.Name == "Demo");
    }
}
