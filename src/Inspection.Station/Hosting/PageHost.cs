using System.Net;
using Inspection.Core;
using Inspection.Panel;
using Inspection.Station.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Inspection.Station.Hosting;

/// <summary>Serves the page. The host takes nothing from the environment: no variable and no file moves it elsewhere.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;

    private PageHost(WebApplication app) => _app = app;

    /// <summary>Begins to serve.</summary>
    /// <returns>The page, or why its port cannot be had and what to set.</returns>
    public static async Task<Outcome<PageHost>> StartAsync(HttpOptions options, PanelContext panel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "inspection" });
        StationLogging.Configure(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Listen(kestrel, options);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddPanel(panel);
        var app = builder.Build();
        app.UseRouting();
        app.MapPanel();
        try
        {
            await app.StartAsync();
            return new PageHost(app);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            return e.InnerException is AddressInUseException
                ? new Failure("port-in-use", $"Port {options.Port} is taken by another program. End that one, or choose another port: http.port in station.json, or --http-port N.")
                : new Failure("page-not-served", $"The page cannot be served at {options.Bind}, port {options.Port}: {e.Message} Check http.bind and http.port.");
        }
    }

    /// <summary>Where a browser on this machine finds the page, by loopback.</summary>
    public static string Url(HttpOptions options)
        => $"http://{(IPAddress.TryParse(options.Bind, out var address) && IPAddress.IsLoopback(address) ? Host(options.Bind) : "localhost")}:{options.Port}";

    /// <summary>Ends serving; connected browsers show that the station is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private static string Host(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;

    private static void Listen(KestrelServerOptions kestrel, HttpOptions options)
    {
        if (options.Bind == HttpOptions.Loopback) kestrel.ListenLocalhost(options.Port);
        else if (options.Bind == HttpOptions.Any) kestrel.ListenAnyIP(options.Port);
        else
        {
            var address = IPAddress.Parse(options.Bind);
            kestrel.Listen(address, options.Port);
            // The station's own screen is the one page that may start, and it comes by loopback.
            if (!IsCovered(address)) kestrel.ListenLocalhost(options.Port);
        }
    }

    private static bool IsCovered(IPAddress address) => IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>Signals are the station's, not the web host's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
