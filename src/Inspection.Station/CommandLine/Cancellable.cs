using Inspection.Station.Hosting;

namespace Inspection.Station.CommandLine;

/// <summary>Commands that take long and end in good order at Ctrl-C or a service manager's stop.</summary>
internal static class Cancellable
{
    /// <summary>Runs one.</summary>
    /// <param name="outcome">What a person is told of what was being made, such as <c>nothing was written</c>.</param>
    /// <param name="command">The command; its token is cancelled at the first signal.</param>
    /// <returns>Its exit code, or <see cref="ExitCodes.Cancelled"/>.</returns>
    public static int Run(string outcome, Func<CancellationToken, int> command)
    {
        using var signals = new Signals();
        try
        {
            return command(signals.Asked);
        }
        catch (OperationCanceledException) when (signals.Asked.IsCancellationRequested)
        {
            Output.Say($"inspection: cancelled; {outcome}.");
            return ExitCodes.Cancelled;
        }
    }
}
