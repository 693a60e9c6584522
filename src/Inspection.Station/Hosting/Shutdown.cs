using Inspection.Core;

namespace Inspection.Station.Hosting;

/// <summary>The end of a station.</summary>
internal static class Shutdown
{
    /// <summary>Queues are drained for no longer than this.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LimitForNumbers = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LeastForLedger = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>De-energises at once, ends the loop, then gives the ledger and the connected readers their time.</summary>
    public static async Task RunAsync(StationParts station)
    {
        // First of all, and whatever state it is in.
        station.Interlock.SetObstacle("the station is ending");
        station.Interlock.Stop(Who.Station);
        StationLog.Ending(station.Log, Limit.TotalSeconds);
        var began = station.Time.GetTimestamp();
        station.Capture.StopSource();
        using var look = new PeriodicTimer(Look, station.Time);
        // Parts that wait in the channel are still judged; a detector that hangs keeps the rest, which is counted.
        while (!station.Capture.Drained && station.Loop.Turning && station.Time.GetElapsedTime(began) < Patience) await look.WaitForNextTickAsync();
        station.Loop.Dispose();
        station.Capture.Dispose();
        if (station.Capture.TakeForgotten() is > 0 and var parts)
            station.Outbox.Append(new GapEntry(station.Time, station.Simulated, "not-recorded", parts, $"{parts} parts waited to be judged when the station ended. None of them was permitted."));
        // What is told of the parts on the belt names their inspections, which are numbered once they are durable.
        await Until(() => station.AllDurable, LimitForNumbers);
        station.Interlock.ForgetParts();
        try
        {
            await Until(() => station.AllDurable && station.Mqtt.AllAcknowledged, Limit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A ledger that cannot be read says not what waits; all that comes after must still be closed.
            StationLog.NotDrained(station.Log, e.Message);
        }
        var left = Limit - station.Time.GetElapsedTime(began);
        station.Ledger.Patience = left > LeastForLedger ? left : LeastForLedger;
        StationLog.Ended(station.Log, station.Counters.Snapshot().Inspected);

        async Task Until(Func<bool> done, TimeSpan limit)
        {
            while (!done() && station.Time.GetElapsedTime(began) < limit)
            {
                station.Outbox.Pump();
                await look.WaitForNextTickAsync();
            }
        }
    }
}
