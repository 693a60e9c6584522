using System.Net;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Http;

namespace Inspection.Panel.Sessions;

/// <summary>
/// Where one page is looked at. What brings the line to move is done by somebody who sees it (ISO 14118), so only by a
/// page on this PC. The connection's own far end counts, anew after each reconnect; a header, which anybody can write,
/// never does.
/// </summary>
internal sealed class Place(IHttpContextAccessor http) : CircuitHandler
{
    /// <summary>True while the page is connected from this PC's loopback. False whenever that is not known.</summary>
    public bool AtStation { get; private set; }

    /// <inheritdoc />
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        AtStation = http.HttpContext?.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        AtStation = false;
        return Task.CompletedTask;
    }
}
