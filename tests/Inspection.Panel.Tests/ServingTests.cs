using System.Net;
using System.Net.Sockets;
using Inspection.Core;
using Inspection.Panel.Tests.Hosting;

namespace Inspection.Panel.Tests;

/// <summary>What the page's server gives out, and to whom.</summary>
public sealed class ServingTests(Chromium chromium)
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("../people.json")]
    [InlineData("..%2fpeople.json")]
    [InlineData("%2e%2e/people.json")]
    [InlineData("%2e%2e%2fsecret.jpg")]
    [InlineData("2026-01-01/../../secret.jpg")]
    [InlineData("2026-01-01/%2e%2e/%2e%2e/secret.jpg")]
    [InlineData("..%5csecret.jpg")]
    [InlineData("/etc/passwd")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("link.jpg")]
    [InlineData("linked/secret.jpg")]
    [InlineData("notes.txt")]
    [InlineData(".hidden.jpg")]
    [InlineData("part%00.jpg")]
    [InlineData("2026-01-01")]
    [InlineData("")]
    public async Task Nothing_but_pictures_leaves_the_pictures_folder(string path)
    {
        await using var station = await TestStation.Simulated();
        var outside = Directory.CreateTempSubdirectory("panel-outside-");
        await File.WriteAllTextAsync(Path.Combine(outside.FullName, "secret.jpg"), "secret", Stop);
        var beside = Path.Combine(station.Pictures, "..", "secret.jpg");
        await File.WriteAllTextAsync(beside, "secret", Stop);
        File.CreateSymbolicLink(Path.Combine(station.Pictures, "link.jpg"), Path.Combine(outside.FullName, "secret.jpg"));
        Directory.CreateSymbolicLink(Path.Combine(station.Pictures, "linked"), outside.FullName);
        await File.WriteAllTextAsync(Path.Combine(station.Pictures, "notes.txt"), "secret", Stop);
        await File.WriteAllTextAsync(Path.Combine(station.Pictures, ".hidden.jpg"), "secret", Stop);
        try
        {
            var answer = await Ask(station, "/pictures/" + path);
            answer.ShouldNotStartWith("HTTP/1.1 200");
            answer.ShouldNotContain("secret");
            answer.ShouldNotContain("root:");
        }
        finally
        {
            outside.Delete(true);
            File.Delete(beside);
        }
    }

    [Fact]
    public async Task A_rejects_picture_is_served_and_may_be_kept_by_the_browser()
    {
        await using var station = await TestStation.Simulated();
        station.Reject();
        using var http = new HttpClient { BaseAddress = new Uri(station.Address) };
        var answer = await http.GetAsync("pictures/" + station.Rejects.Latest[0].PicturePath, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        answer.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task A_live_picture_that_nobody_was_shown_is_not_there()
    {
        await using var station = await TestStation.Simulated();
        station.Pass();
        using var http = new HttpClient { BaseAddress = new Uri(station.Address) };
        foreach (var path in new[] { "live/99.jpg", "live/-1.jpg?heat=1", "live/99999999999999999999.jpg", "live/x.jpg" })
            (await http.GetAsync(path, Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
    }

    [Fact]
    public async Task A_page_of_another_site_is_refused()
    {
        await using var station = await TestStation.Simulated();
        using var http = new HttpClient { BaseAddress = new Uri(station.Address) };
        foreach (var (origin, expected) in new[] { ("https://evil.example", HttpStatusCode.Forbidden), ("null", HttpStatusCode.Forbidden), (station.Address.TrimEnd('/'), HttpStatusCode.NoContent) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "alive");
            request.Headers.Add("Origin", origin);
            (await http.SendAsync(request, Stop)).StatusCode.ShouldBe(expected, origin);
        }
    }

    [Fact]
    public async Task A_name_that_is_not_this_PC_s_leads_nowhere_although_it_leads_here()
    {
        await using var station = await TestStation.Simulated();
        using var http = new HttpClient { BaseAddress = new Uri(station.Address) };
        var port = http.BaseAddress.Port;
        foreach (var (host, expected) in new[]
        {
            ("evil.example", HttpStatusCode.MisdirectedRequest), ("localhost.evil.example", HttpStatusCode.MisdirectedRequest), ($"{Environment.MachineName}.evil.example", HttpStatusCode.MisdirectedRequest),
            ("localhost", HttpStatusCode.NoContent), ("192.168.1.20", HttpStatusCode.NoContent), ("[::1]", HttpStatusCode.NoContent), (Environment.MachineName, HttpStatusCode.NoContent), ($"{Environment.MachineName}.local", HttpStatusCode.NoContent),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "alive");
            request.Headers.Host = $"{host}:{port}";
            request.Headers.Add("Origin", $"http://{host}:{port}");
            (await http.SendAsync(request, Stop)).StatusCode.ShouldBe(expected, host);
        }
    }

    [Fact]
    public async Task The_page_asks_nobody_but_the_station_and_keeps_to_its_strict_policy()
    {
        await using var station = await TestStation.Simulated();
        await using var browser = await chromium.Open(station);
        station.Reject();
        await Browser.Sees(browser.Page.Locator(".thumb"));
        await browser.Act("start");
        await Browser.Sees(browser.State("running"));
        browser.Requests.ShouldNotBeEmpty();
        var authority = new Uri(station.Address).Authority;
        browser.Requests.ShouldAllBe(url => new Uri(url).Authority == authority);
        browser.Requests.ShouldContain(url => url.EndsWith(".woff2", StringComparison.Ordinal));
        browser.Complaints.ShouldBeEmpty();

        using var http = new HttpClient { BaseAddress = new Uri(station.Address) };
        var answer = await http.GetAsync("", Stop);
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        policy.ShouldContain("default-src 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldNotContain("http");
    }

    [Fact]
    public async Task A_name_that_is_markup_stays_text()
    {
        const string name = "<img src=x onerror=document.title='owned'>";
        await using var station = await TestStation.Real((name, Role.Operator, "4711"));
        station.Interlock.Trip(TripCause.Request, "<script>document.title='owned'</script>", Who.Station);
        await using var browser = await chromium.Open(station);
        await browser.SeesText("<script>document.title='owned'</script>");
        await browser.Page.Locator(".person").ClickAsync();
        await browser.SeesText(name);
        (await browser.Page.TitleAsync()).ShouldBe("Inspection");
    }

    /// <summary>A request exactly as written: HttpClient would tidy the path up.</summary>
    private static async Task<string> Ask(TestStation station, string path)
    {
        var address = new Uri(station.Address);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Stop);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n"), Stop);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Stop);
    }
}
