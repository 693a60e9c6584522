using Inspection.Core;
using Microsoft.Extensions.Logging;

namespace Inspection.Store;

/// <summary>The thread that keeps the cursors at most each second and forgets each minute. Nothing waits for it.</summary>
internal sealed class Keeper(CursorFile cursors, Forgetting forgetting, TimeProvider time, Alarms alarms, ILogger log) : IDisposable
{
    private const string CursorsAlarm = "cursors-failed";
    private const string ForgettingAlarm = "forgetting-failed";
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private Thread? _thread;

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "store-keeper" };
        _thread.Start();
    }

    /// <summary>Ends the thread and keeps the cursors a last time.</summary>
    public void Stop()
    {
        _stop.Cancel();
        if (_thread is null || _thread.Join(TimeSpan.FromSeconds(2))) SaveCursors();
    }

    public void Dispose()
    {
        // While the thread hangs in the disk it may still come back and look.
        if (_thread is not { IsAlive: true }) _stop.Dispose();
    }

    private void Run()
    {
        long? forgot = null;
        do
        {
            if (cursors.IsDue) SaveCursors();
            if (forgot is { } last && time.GetElapsedTime(last) < ForgetEvery) continue;
            forgot = time.GetTimestamp();
            Guard(ForgettingAlarm, "forgetting", () => forgetting.Run(_stop.Token));
        }
        while (!_stop.Token.WaitHandle.WaitOne(Turn));
    }

    private void SaveCursors() => Guard(CursorsAlarm, "cursors", cursors.Save);

    private void Guard(string alarm, string what, Action act)
    {
        try
        {
            act();
            alarms.Clear(alarm);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            log.LogInformation("The store's {What} ends with the station", what);
        }
#pragma warning disable CA1031 // this thread must go on whatever the disk does
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Once each time: the alarm stands until it is over.
            if (!alarms.Active.Any(a => a.Code == alarm)) log.LogError(e, "The store's {What} failed", what);
            alarms.Raise(alarm, AlarmPriority.Medium, $"The store's {what} failed: {e.Message}", "Check the room on the disk and the permissions of the data folder; it is tried again by itself.");
        }
    }
}
