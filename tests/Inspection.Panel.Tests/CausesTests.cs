using Inspection.Core;
using Inspection.Panel.Tests.Hosting;
using Inspection.Testing;

namespace Inspection.Panel.Tests;

/// <summary>Why the line stands: every cause can be read, and Reset asks what fits it.</summary>
public sealed class CausesTests(Chromium chromium)
{
    [Theory, InlineData("en-GB"), InlineData("es-ES"), InlineData("pt-BR"), InlineData("zh-CN")]
    public async Task Several_causes_can_all_be_read_the_first_stays_first_and_Stop_stays_where_it_is(string language)
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station, language: language);
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        var before = await TopAsync(browser, "[data-act=stop]");

        for (var i = 0; i < 5; i++) station.Reject();
        station.Interlock.SetCondition(TripCause.EStop, true, "the e-stop's contact is open");
        station.Interlock.SetCondition(TripCause.CameraLost, true, "camera1 has given no sign of life for 2.0 s");
        station.Interlock.Trip(TripCause.Request, "requested by mes-line1: " + string.Concat(Enumerable.Repeat("please stop ", 16)), Who.Plant("mes-line1"));
        await Browser.Sees(browser.Page.Locator(".later[data-cause=request]"));
        (await TopAsync(browser, "[data-act=stop]")).ShouldBe(before, 0.5, "nothing moves it from under a hand");
        (await browser.Page.EvaluateAsync<int>("() => document.documentElement.scrollHeight")).ShouldBe(800);
        await browser.Photograph("causes-" + language[..2]);

        (await browser.Page.Locator(".first-out .why-label").InnerTextAsync()).ShouldContain("4", customMessage: "even where one is out of sight");
        var whole = 0;
        foreach (var cause in new[] { "rejects-in-a-row", "e-stop", "camera-lost", "request" })
        {
            await browser.Page.EvaluateAsync("() => { document.querySelector('.interlock-why').scrollTop = 0; }");
            if (await IsWholeAsync(browser, cause)) whole++;
            await browser.Page.EvaluateAsync("cause => { const why = document.querySelector('.interlock-why'), row = why.querySelector(`[data-cause=${cause}]`); why.scrollTop = row.offsetTop - why.offsetTop - (row.classList.contains('first-out') ? 0 : why.querySelector('.first-out').offsetHeight + 6); }", cause);
            (await IsWholeAsync(browser, cause)).ShouldBeTrue(cause);
            (await IsWholeAsync(browser, "rejects-in-a-row")).ShouldBeTrue("the first-out cause stays in sight");
        }
        whole.ShouldBeGreaterThanOrEqualTo(2, "without scrolling");
        foreach (var act in new[] { "start", "stop", "reset" }) (await TopAsync(browser, $"[data-act={act}]")).ShouldBeLessThan(700);
    }

    [Theory]
    [InlineData(TripCause.RejectsInARow, "parts-really-bad false-rejects cause-removed")]
    [InlineData(TripCause.Request, "cause-removed")]
    [InlineData(TripCause.ModelIntegrity, "cause-removed")]
    [InlineData(TripCause.TestPart, "cause-removed")]
    public async Task Reset_offers_the_answers_that_fit_the_cause(TripCause cause, string answers)
    {
        await using var station = await TestStation.Simulated();
        station.Interlock.Start(Some.Person).ShouldBeNull();
        station.Interlock.Trip(cause, "seen", Who.Station);
        await using var browser = await chromium.Open(station);
        await browser.Act("reset");
        await Browser.Sees(browser.Page.Locator($"[data-asked={Codes.Of(cause)}]"));
        (await browser.Page.Locator("[data-answer]").EvaluateAllAsync<string[]>("all => all.map(e => e.dataset.answer)")).ShouldBe(answers.Split(' '));
        await browser.Photograph("reset-asks-" + Codes.Of(cause));
        await browser.Page.Locator("[data-answer=cause-removed]").ClickAsync();
        await Browser.Sees(browser.State("stopped"));
        station.Transitions.Last().Answer.ShouldBe(ResetAnswer.CauseRemoved);
    }

    [Fact]
    public async Task Conditions_and_faults_are_reset_without_a_question()
    {
        await using var station = await TestStation.Simulated();
        station.Interlock.Start(Some.Person).ShouldBeNull();
        station.Interlock.SetCondition(TripCause.CameraLost, true, "no sign of life");
        station.Interlock.SetCondition(TripCause.CameraLost, false, "");
        await using var browser = await chromium.Open(station);
        await browser.Act("reset");
        await Browser.Sees(browser.State("stopped"));
        station.Interlock.Fault(TripCause.KeyChannels, "the key's contacts disagree");
        await Browser.Sees(browser.State("faulted"));
        await browser.Act("reset");
        await Browser.Sees(browser.State("stopped"));
        station.Transitions.ShouldAllBe(t => t.Answer == ResetAnswer.None);
    }

    [Theory]
    [InlineData("en-GB", "waiting does not help. End other programs")]
    [InlineData("zh-CN", "等待无济于事")]
    public async Task A_model_that_is_too_slow_is_told_with_what_to_do_and_nobody_is_told_to_wait(string language, string told)
    {
        await using var station = await TestStation.Simulated();
        station.Interlock.SetObstacle("The model needs 140 ms for 99 of 100 parts.", "model-too-slow");
        await using var browser = await chromium.Open(station, language: language);
        await Browser.Sees(browser.Page.Locator(".obstacle").GetByText(told));
        await Browser.Sees(browser.Page.Locator(".obstacle").GetByText("99 of 100 parts"));
        await browser.Act("start");
        await Browser.Sees(browser.Page.Locator(".refusal").GetByText(told));
        await browser.Photograph("too-slow-" + language[..2]);
        (await browser.Page.Locator(".interlock-why").InnerTextAsync()).ShouldNotContain("Wait a moment");
    }

    private static Task<double> TopAsync(Browser browser, string what) => browser.Page.Locator(what).First.EvaluateAsync<double>("e => e.getBoundingClientRect().top");

    /// <summary>Whether a cause's row lies within the box, below the first-out cause, and no text of its head and remedy is cut.</summary>
    private static Task<bool> IsWholeAsync(Browser browser, string cause)
        => browser.Page.EvaluateAsync<bool>("""
            cause => {
              const why = document.querySelector('.interlock-why'), row = why.querySelector(`[data-cause=${cause}]`), first = why.querySelector('.first-out');
              const box = why.getBoundingClientRect(), at = row.getBoundingClientRect();
              const top = row === first ? box.top : first.getBoundingClientRect().bottom;
              return at.top >= top - 1 && at.bottom <= box.bottom + 1 && at.bottom <= 800 && row.scrollWidth <= row.clientWidth;
            }
            """, cause);
}
