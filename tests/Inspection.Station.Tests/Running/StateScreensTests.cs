using Inspection.Core;
using Inspection.Panel.Tests;
using Inspection.Panel.Tests.Hosting;
using Inspection.Testing;
using OpenCvSharp;

namespace Inspection.Station.Tests.Running;

/// <summary>
/// The page in each state of the interlock, photographed from a whole station on the simulated line;
/// <c>bash tests/run.sh --long screens</c> writes the pictures beside the panel, otherwise they are only looked at.
/// </summary>
public sealed class StateScreensTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static string Folder => Environment.GetEnvironmentVariable("INSPECTION_LONG") == "screens" ? Path.Combine(Repository.PanelFolder, "states") : Repository.Screens;

    [Fact]
    [Trait("Long", "screens")]
    public async Task The_page_is_photographed_in_each_state()
    {
        using var box = new StationBox();
        File.WriteAllText(Path.Combine(box.Data, "station.json"),
            $$"""{ "source": "simulated", "gpio": { "chip": "simulated" }, "simulated": { "width": 480, "height": 360, "partsPerSecond": 4 }{{StationBox.Patient}} }""");
        await using var station = await StationInside.StartAsync(box);
        await using var browser = await chromium.Open($"http://localhost:{box.Http}/");
        await Browser.Sees(browser.Verdict("pass"));
        await PhotographAsync(browser, "stopped");

        await station.RunUntilPassedAsync(8);
        await PhotographAsync(browser, "running");

        await WorkAsync(browser, "e-stop", true);
        await PhotographAsync(browser, "tripped");

        await WorkAsync(browser, "e-stop", false);
        await WorkAsync(browser, "key", true);
        // With the e-stop still read as pressed a reset is refused; a person would press again, too.
        await Eventually.Holds(() => station.Interlock.State == InterlockState.Stopped || station.Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved) is null);
        await Eventually.Holds(() => station.Interlock.Bypass(Some.Person, new BypassRequest(TripCause.RejectsInARow, "trial of a new die", TimeSpan.FromMinutes(30))) is null);
        await PhotographAsync(browser, "bypassed");

        station.Interlock.Fault(TripCause.FeedbackWrong, "the relay still reads as pulled in 100 ms after relay-enable fell: its contact is welded, or the feedback's wire is cut");
        await PhotographAsync(browser, "faulted");
    }

    /// <summary>Once state and relay are shown as they are; three quarters of the size, so that the repository stays small.</summary>
    private static async Task PhotographAsync(Browser browser, string state)
    {
        await Browser.Sees(browser.State(state));
        await Browser.Sees(browser.Page.Locator($"[data-line=relay][data-active={(state is "running" or "bypassed" ? "true" : "false")}]"));
        // Working a switch scrolled to it.
        await browser.Page.EvaluateAsync("document.querySelectorAll('*').forEach(element => element.scrollTop = 0)");
        Directory.CreateDirectory(Folder);
        using var page = Cv2.ImDecode(await browser.Page.ScreenshotAsync(), ImreadModes.Color);
        using var small = page.Resize(default, 0.75, 0.75, InterpolationFlags.Area);
        small.ImWrite(Path.Combine(Folder, $"{state}.png"), new ImageEncodingParam(ImwriteFlags.PngCompression, 9)).ShouldBeTrue();
    }

    private static async Task WorkAsync(Browser browser, string line, bool active)
    {
        await browser.Page.Locator($"button[data-line={line}]").ClickAsync();
        await Browser.Sees(browser.Page.Locator($"button[data-line={line}][aria-checked={(active ? "true" : "false")}]"));
    }
}
