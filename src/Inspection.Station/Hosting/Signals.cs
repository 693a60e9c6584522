using System.Runtime.InteropServices;

namespace Inspection.Station.Hosting;

/// <summary>Ctrl-C, a service manager's stop and a closed terminal ask the station, or a command that takes long, to end; none of them ends the process by itself.</summary>
internal sealed partial class Signals : IDisposable
{
    private const int InterruptNumber = 2;

    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Listens from now on.</summary>
    public Signals()
    {
        // A shell has what it starts in the background ignore SIGINT; whoever sends one to this program means it.
        if (OperatingSystem.IsLinux()) SetHandler(InterruptNumber, default);
        _registrations = [On(PosixSignal.SIGINT), On(PosixSignal.SIGTERM), On(PosixSignal.SIGHUP), On(PosixSignal.SIGQUIT)];
    }

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

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
