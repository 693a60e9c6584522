using System.Runtime.InteropServices;

namespace Inspection.Station.Hosting;

/// <summary>Ctrl-C, a service manager's stop and a closed terminal ask the station to end; none of them ends the process by itself.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Listens from now on.</summary>
    public Signals()
        => _registrations = [On(PosixSignal.SIGINT), On(PosixSignal.SIGTERM), On(PosixSignal.SIGHUP), On(PosixSignal.SIGQUIT)];

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _asked.Dispose();
    }

    private PosixSignalRegistration On(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _asked.Cancel();
    });
}
