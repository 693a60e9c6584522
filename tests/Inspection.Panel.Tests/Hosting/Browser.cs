using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Inspection.Panel.Tests.Hosting;

/// <summary>One person's browser, with everything that it asked for and complained of.</summary>
internal sealed class Browser : IAsyncDisposable
{
    public Browser(IPage page)
    {
        Page = page;
        page.Request += (_, request) => Requests.Enqueue(request.Url);
        page.WebSocket += (_, socket) => Requests.Enqueue(socket.Url);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => Complaints.Enqueue(error);
    }

    public IPage Page { get; }

    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<string> Complaints { get; } = new();

    public ILocator State(string state) => Page.Locator($".interlock[data-state={state}]");

    public ILocator Verdict(string kind) => Page.Locator($".verdict[data-verdict={kind}]");

    public Task Act(string act) => Page.Locator($"[data-act={act}]").ClickAsync();

    public static Task Sees(ILocator what) => Assertions.Expect(what.First).ToBeVisibleAsync(new() { Timeout = 15_000 });

    /// <summary>Waits until a picture has arrived and is one.</summary>
    public static Task Draws(ILocator picture, int width = 400) => Assertions.Expect(picture).ToHaveJSPropertyAsync("naturalWidth", width, new() { Timeout = 15_000 });

    public Task SeesText(string text) => Sees(Page.GetByText(text));

    /// <summary>Types a PIN on the page's own keypad.</summary>
    public async Task SignIn(string name, string pin)
    {
        await Page.Locator($"[data-name='{name}']").ClickAsync();
        foreach (var digit in pin) await Page.Locator($"[data-key='{digit}']").ClickAsync();
        await Page.Locator("[data-key=enter]").ClickAsync();
    }

    /// <summary>Keeps a picture of the page in <c>artifacts/screens</c>, for people.</summary>
    public Task Photograph(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Screens, name + ".png") });

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
