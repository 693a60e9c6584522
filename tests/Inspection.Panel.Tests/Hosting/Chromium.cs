using Microsoft.Playwright;

namespace Inspection.Panel.Tests.Hosting;

/// <summary>
/// One real Chromium for all tests; each test has its own context, as another person's browser. Playwright's driver takes
/// 136 MB, so it stands beside the tests of the panel only and the tests of whole stations use it there.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        if (!Directory.Exists(Path.Combine(AppContext.BaseDirectory, ".playwright")))
            Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", AppContext.BaseDirectory.Replace("Inspection.Station.Tests", "Inspection.Panel.Tests"));
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>Opens the page and waits until it follows the station.</summary>
    internal async Task<Browser> Open(string address, int width = 1280, int height = 800, string language = "en-GB")
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = language,
        });
        context.SetDefaultTimeout(15_000);
        var browser = new Browser(await context.NewPageAsync());
        await browser.Page.GotoAsync(address);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
