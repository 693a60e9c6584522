using Inspection.Panel.Components;
using Inspection.Panel.Feed;
using Inspection.Panel.Serving;
using Inspection.Panel.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Inspection.Panel;

/// <summary>Puts the page into a web host.</summary>
public static class PanelHosting
{
    /// <summary>The services of the page.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="context">What the page shows and acts on.</param>
    public static IServiceCollection AddPanel(this IServiceCollection services, PanelContext context)
    {
        services.AddSingleton(context);
        services.AddSingleton<PanelFeed>();
        services.AddHostedService(s => s.GetRequiredService<PanelFeed>());
        services.AddSingleton<SimulationSwitches>();
        services.AddScoped<Words>();
        services.AddScoped<Session>();
        services.AddHttpContextAccessor();
        services.AddScoped<Place>();
        services.AddScoped<CircuitHandler>(s => s.GetRequiredService<Place>());

        // A page of an earlier process is loaded anew anyway, so no key needs to outlive this one or leave the data folder.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.Configure<KestrelServerOptions>(o => o.Limits.MaxConcurrentUpgradedConnections ??= 4 * PanelFeed.MaxPages);
        services.AddRazorComponents().AddInteractiveServerComponents(o =>
        {
            o.DetailedErrors = false;
            o.DisconnectedCircuitMaxRetained = 8;
            o.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
            o.MaxBufferedUnacknowledgedRenderBatches = 4;
        }).AddHubOptions(o =>
        {
            o.KeepAliveInterval = TimeSpan.FromSeconds(2);
            o.ClientTimeoutInterval = TimeSpan.FromSeconds(10);
            o.MaximumReceiveMessageSize = 32 * 1024;
        });
        return services;
    }

    /// <summary>Maps the page at <c>/</c> with all that it loads, and its security headers.</summary>
    /// <param name="app">The host, built with <see cref="AddPanel"/>; who may reach it is the host's decision.</param>
    public static WebApplication MapPanel(this WebApplication app)
    {
        app.Use(PageSecurity.Guard);
        app.UseAntiforgery();
        PanelAssets.Map(app);
        LivePictures.Map(app);
        app.MapGet("/alive", () => Results.NoContent());
        StoredPictures.Map(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
