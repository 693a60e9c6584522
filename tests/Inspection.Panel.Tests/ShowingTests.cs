using System.Text.RegularExpressions;
using Inspection.Core;
using Inspection.Panel.Feed;
using Inspection.Panel.Tests.Hosting;
using Inspection.Testing;
using Microsoft.Playwright;

namespace Inspection.Panel.Tests;

/// <summary>What the page shows.</summary>
public sealed class ShowingTests(Chromium chromium)
{
    [Fact]
    public async Task Each_verdict_has_its_own_word_shape_and_colour()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        station.Interlock.Start(Some.Person).ShouldBeNull();
        var seen = new HashSet<(string Word, string Shape, string Colour)>();
        foreach (var (verdict, kind) in new[] { (Verdict.Pass, "pass"), (Verdict.Reject, "reject"), (Verdict.Indeterminate(VerdictReason.BlurredFrame), "indeterminate") })
        {
            station.Inspect(verdict);
            await Browser.Sees(browser.Verdict(kind));
            await Browser.Sees(browser.Page.Locator(".verdict[data-current=true]"));
            var shape = browser.Page.Locator($".verdict > .shape-{kind}");
            await Browser.Sees(shape);
            var colour = await shape.Locator(".body").EvaluateAsync<string>("e => getComputedStyle(e).fill");
            seen.Add((await browser.Page.Locator(".verdict-word").InnerTextAsync(), await shape.InnerHTMLAsync(), colour));
        }
        seen.Select(s => s.Word).ShouldBe(["Pass", "Reject", "Indeterminate"]);
        seen.Select(s => s.Shape).Distinct().Count().ShouldBe(3);
        seen.Select(s => s.Colour).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task The_picture_is_shown_with_heat_and_plain_and_belongs_to_the_part()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        station.Reject();
        await Browser.Sees(browser.Page.Locator(".verdict[data-version='1']"));
        var picture = browser.Page.Locator("img.live");
        await Assertions.Expect(picture).ToHaveAttributeAsync("src", "/live/1.jpg?heat=1");
        await Browser.Draws(picture);
        await browser.SeesText("28.3 mm² at 185, 120");

        await browser.Page.Locator(".heat-toggle").ClickAsync();
        await Assertions.Expect(picture).ToHaveAttributeAsync("src", "/live/1.jpg");
        await browser.Photograph("reject-plain");
        station.Inspect(Verdict.Indeterminate(VerdictReason.UnreadableFrame), unreadable: "part-7.png is truncated");
        await browser.SeesText("No picture of this part");
        await browser.SeesText("part-7.png is truncated");
    }

    [Fact]
    public async Task The_page_follows_ten_parts_a_second_with_verdict_and_picture_of_one_part()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.Verdict("none"));
        await browser.Page.EvaluateAsync("""
            () => {
              window.mixed = 0; window.parts = new Set();
              new MutationObserver(() => {
                const part = document.querySelector('.verdict').dataset.version;
                const image = document.querySelector('img.live');
                if (!part || !image) return;
                window.parts.add(part);
                if (!image.getAttribute('src').startsWith(`/live/${part}.`)) window.mixed++;
              }).observe(document.getElementById('panel'), { subtree: true, childList: true, attributes: true });
            }
            """);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 60; i++)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            if (i % 7 == 3) station.Reject();
            else station.Pass();
        }
        await Browser.Sees(browser.Page.Locator(".verdict[data-version='60']"));
        (await browser.Page.EvaluateAsync<int>("() => window.mixed")).ShouldBe(0);
        // On a machine that is busy with other work the page may skip, but it must not crawl.
        (await browser.Page.EvaluateAsync<int>("() => window.parts.size")).ShouldBeGreaterThan(20);
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Counters_labels_rejects_receivers_alarms_recipe_and_model_are_shown()
    {
        await using var station = await TestStation.Simulated();
        station.Delivery.Show(BrokerState.Embedded, "embedded, port 1883, 2 clients", [new Receiver("mes-line1", true, 0, null), new Receiver("archive", false, 1284, null)]);
        station.Alarms.Raise("brand-new", AlarmPriority.Medium, "The disk is 91 % full.", "Free space, or move the data folder.");
        station.Alarms.Raise("loop-ended", AlarmPriority.High, "The inspection loop ended by itself: x", "");
        station.Counters.CountNotRecorded(1);
        for (var i = 0; i < 7; i++) station.Pass();
        station.Inspect(Verdict.Pass, label: "scratch");
        station.Reject();
        await using var browser = await chromium.Open(station);
        await Assertions.Expect(browser.Page.Locator("[data-count=inspected]")).ToHaveTextAsync("9");
        await Assertions.Expect(browser.Page.Locator("[data-count=passed]")).ToHaveTextAsync("8");
        await Assertions.Expect(browser.Page.Locator("[data-count=rejected]")).ToHaveTextAsync("1");
        await Assertions.Expect(browser.Page.Locator("[data-count=indeterminate]")).ToHaveTextAsync("0");
        await Assertions.Expect(browser.Page.Locator("[data-count=per-minute]")).ToHaveTextAsync("9");
        await Assertions.Expect(browser.Page.Locator("[data-count=not-recorded]")).ToHaveTextAsync("1");
        await Assertions.Expect(browser.Page.Locator("[data-fact=recipe]")).ToHaveTextAsync("demo-part rev. 1");
        await Assertions.Expect(browser.Page.Locator("[data-fact=model]")).ToHaveTextAsync("demo-part v1");

        var thumb = browser.Page.Locator(".thumb img");
        await Browser.Draws(thumb);

        await browser.Page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex("^Alarms") }).ClickAsync();
        await browser.SeesText("Free space, or move the data folder.");
        await browser.SeesText("Restart the station, and report the log.");
        await browser.Page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex("^Receivers") }).ClickAsync();
        await Browser.Sees(browser.Page.Locator("[data-receiver=archive]").GetByText("1,284"));
        await browser.Page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex("labels$") }).ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".confusion td")).ToHaveTextAsync(["7", "0", "0", "1", "1", "0"]);
    }

    [Fact]
    public async Task SIMULATION_stands_across_the_whole_width_and_only_in_the_simulation()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        var band = browser.Page.Locator(".simulation");
        await Browser.Sees(band);
        var box = (await band.BoundingBoxAsync())!;
        (box.X, box.Width).ShouldBe((0f, 1280f));
        (await band.InnerTextAsync()).ShouldContain("SIMULATION");

        await using var real = await TestStation.Real();
        await using var other = await chromium.Open(real);
        await Browser.Sees(other.State("stopped"));
        (await other.Page.GetByText("SIMULATION").CountAsync()).ShouldBe(0);
    }

    [Theory, InlineData(1280, 800), InlineData(1920, 1080)]
    public async Task A_touchscreen_shows_all_essentials_without_scrolling(int width, int height)
    {
        await using var station = await TestStation.Simulated();
        for (var i = 0; i < 14; i++) station.Reject();
        station.Alarms.Raise("source-failed", AlarmPriority.High, "camera1 does not answer", "");
        await using var browser = await chromium.Open(station, width, height);
        await Browser.Sees(browser.Page.Locator(".thumb"));
        foreach (var essential in new[] { ".verdict", ".picture", ".interlock", "[data-act=start]", "[data-act=stop]", "[data-act=reset]", ".counters", ".thumb", ".alarm-button", ".person", "[data-fault=stall]" })
        {
            var box = (await browser.Page.Locator(essential).First.BoundingBoxAsync())!;
            (box.Y + box.Height).ShouldBeLessThanOrEqualTo(height, essential);
            (box.X + box.Width).ShouldBeLessThanOrEqualTo(width, essential);
        }
        (await browser.Page.EvaluateAsync<int>("() => document.documentElement.scrollHeight")).ShouldBe(height);
        await browser.Photograph($"touchscreen-{width}");
    }

    [Fact]
    public async Task What_is_touched_is_fifteen_millimetres_and_acts_are_twenty_three_apart()
    {
        const float fifteen = 15 * 96 / 25.4f, twenty = 20 * 96 / 25.4f, three = 3 * 96 / 25.4f;
        await using var station = await TestStation.Real(("Ada", Role.Operator, "4711"));
        station.Reject();
        await using var browser = await chromium.Open(station);
        await Browser.Sees(browser.Page.Locator(".thumb"));
        await browser.Page.Locator(".person").ClickAsync();
        await Browser.Sees(browser.Page.Locator("[data-key='5']"));
        foreach (var button in await browser.Page.Locator("button:visible, select:visible").AllAsync())
        {
            var box = (await button.BoundingBoxAsync())!;
            Math.Min(box.Width, box.Height).ShouldBeGreaterThanOrEqualTo(fifteen, await button.InnerTextAsync());
        }
        var acts = await browser.Page.Locator(".acts .act").AllAsync();
        var boxes = await Task.WhenAll(acts.Select(a => a.BoundingBoxAsync()));
        boxes.ShouldAllBe(b => b!.Height >= twenty && b.Width >= twenty);
        (boxes[1]!.X - boxes[0]!.X - boxes[0]!.Width).ShouldBeGreaterThanOrEqualTo(three);
    }

    [Fact]
    public async Task A_phone_shows_the_page_in_its_width()
    {
        await using var station = await TestStation.Simulated();
        station.Reject();
        await using var browser = await chromium.Open(station, 390, 844);
        await Browser.Sees(browser.Verdict("reject"));
        (await browser.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(390);
        await browser.Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Screens, "phone.png"), FullPage = true });
    }

    [Theory, InlineData("es-ES", "Parado"), InlineData("pt-BR", "Parado"), InlineData("zh-CN", "已停止"), InlineData("fr-FR", "Stopped")]
    public async Task The_browser_chooses_the_language(string language, string stopped)
    {
        await using var station = await TestStation.Simulated();
        station.Reject();
        await using var browser = await chromium.Open(station, language: language);
        await Browser.Sees(browser.State("stopped").GetByText(stopped));
        await browser.Photograph("language-" + language[..2]);
    }

    [Fact]
    public async Task English_of_the_program_stands_only_where_it_is_marked_as_such()
    {
        await using var station = await TestStation.Simulated();
        station.Delivery.Show(BrokerState.Unreachable, "external, no answer within ten seconds", [new Receiver("", false, 3, null)]);
        foreach (var code in RaisedAlarms.Codes()) station.Alarms.Raise(code, AlarmPriority.Medium, "What happened in English.", "What to do in English.");
        station.Interlock.Start(Some.Person).ShouldBeNull();
        station.Interlock.SetObstacle("set interlock.loopDeadline to more");
        station.Interlock.Trip(TripCause.RejectsInARow, "many rejects in a row", Who.Station);
        station.Interlock.SetCondition(TripCause.EStop, true, "the contact is open");
        station.Inspect(Verdict.Indeterminate(VerdictReason.UnreadableFrame), unreadable: "the photo is truncated");
        await using var browser = await chromium.Open(station, language: "zh-CN");
        await Browser.Sees(browser.State("tripped"));
        foreach (var tab in await browser.Page.Locator(".tab").AllAsync())
        {
            await tab.ClickAsync();
            await Browser.Sees(browser.Page.Locator(".tab[aria-selected=true]"));
            // The switch names each language in its own; a sentence in Chinese may hold a name or a command.
            var foreign = await browser.Page.EvaluateAsync<string[]>("""
                () => {
                  const walker = document.createTreeWalker(document.getElementById('panel'), NodeFilter.SHOW_TEXT);
                  const found = [];
                  for (let node; (node = walker.nextNode());)
                    if (node.parentElement.closest('[lang]').lang === 'zh' && !node.parentElement.closest('select') && /[A-Za-z]+ [a-z]{2,}/.test(node.data) && !/[\u4e00-\u9fff]/.test(node.data)) found.push(node.data);
                  return found;
                }
                """);
            foreign.ShouldBeEmpty();
        }
        await Browser.Sees(browser.Page.Locator("[lang=en]").GetByText("many rejects in a row"));
        await browser.Photograph("operator-who-reads-no-english");
    }

    [Fact]
    public async Task A_person_switches_the_language_and_stays_signed_in_and_the_choice_is_kept()
    {
        await using var station = await TestStation.Real(("Ada", Role.Operator, "4711"));
        await using var browser = await chromium.Open(station);
        await browser.Page.Locator(".person").ClickAsync();
        await browser.SignIn("Ada", "4711");
        await Browser.Sees(browser.Page.Locator(".signed-in"));
        await browser.Page.Locator("select").SelectOptionAsync("pt");
        await browser.SeesText("Últimas rejeições");
        await Browser.Sees(browser.Page.Locator(".signed-in").GetByText("Ada"));
        await browser.Page.ReloadAsync();
        await browser.SeesText("Últimas rejeições");
    }

    [Fact]
    public async Task Two_browsers_at_once_see_the_same_and_either_acts()
    {
        await using var station = await TestStation.Simulated();
        await using var one = await chromium.Open(station);
        await using var two = await chromium.Open(station, 390, 844, "es-ES");
        await Browser.Sees(two.State("stopped"));
        await one.Act("start");
        await Browser.Sees(two.State("running"));
        station.Reject();
        await Browser.Sees(one.Verdict("reject"));
        await Browser.Sees(two.Verdict("reject"));
        await two.Act("stop");
        await Browser.Sees(one.State("stopped"));
    }

    [Fact]
    public async Task One_screen_too_many_is_told_so()
    {
        await using var station = await TestStation.Simulated();
        var feed = (PanelFeed)station.Services.GetService(typeof(PanelFeed))!;
        var pages = Enumerable.Range(0, PanelFeed.MaxPages).Select(_ => feed.Follow(() => { })!).ToList();
        pages.ShouldAllBe(p => p != null);
        await using var browser = await chromium.Open(station);
        await browser.SeesText("Too many screens");
        pages.ForEach(p => p.Dispose());
        await browser.Page.ReloadAsync();
        await Browser.Sees(browser.State("stopped"));
    }
}
