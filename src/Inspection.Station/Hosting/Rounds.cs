namespace Inspection.Station.Hosting;

/// <summary>Looks at things five times a second, on the pool of threads, one after the other.</summary>
/// <remarks>What may wait for a disk has rounds of its own, so that it never delays the others.</remarks>
internal sealed class Rounds : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly IReadOnlyList<Action> _looks;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _going;

    /// <summary>Goes round from now on.</summary>
    /// <param name="looks">What is looked at, in this order.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">For engineers.</param>
    public Rounds(IReadOnlyList<Action> looks, TimeProvider time, ILogger log)
    {
        (_looks, _log) = (looks, log);
        _going = Task.Run(() => GoAsync(new PeriodicTimer(Period, time)));
    }

    /// <summary>Ends after the look under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _going;
        _stop.Dispose();
    }

    private async Task GoAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            try
            {
                do
                {
                    foreach (var look in _looks) Look(look);
                }
                while (await timer.WaitForNextTickAsync(_stop.Token));
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Look(Action look)
    {
        try
        {
            look();
        }
#pragma warning disable CA1031 // a defect in one look must not end the others
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.LogError(e, "{Look} failed and is tried again", look.Method.Name);
        }
    }
}
