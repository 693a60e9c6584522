using Inspection.Mqtt;

namespace Inspection.Station.Hosting;

/// <summary>What <c>run --once</c> came to.</summary>
/// <param name="Verdicts">Parts judged in this run.</param>
/// <param name="NotStored">Parts that could not be stored.</param>
/// <param name="Waiting">Verdicts that wait, and for whom.</param>
/// <param name="Broken">Why the source was not played to its end, or null.</param>
internal sealed record OnceReport(long Verdicts, long NotStored, IReadOnlyList<Waiting> Waiting, string? Broken);

/// <summary>Plays a source once and waits until everything is stored and, where somebody listens, delivered.</summary>
internal static class OnceRun
{
    /// <summary>Readers get this long after the last commit or acknowledgement.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when the run may end, or when somebody asked for the end.</summary>
    public static async Task WaitAsync(StationParts station, CancellationToken asked)
    {
        using var look = new PeriodicTimer(Look, station.Time);
        while (!asked.IsCancellationRequested && !station.Capture.Drained && station.Loop.Turning && Broken(station) is null) await look.WaitForNextTickAsync(CancellationToken.None);
        // The loop may still have the last part in hand; a whole turn later it has not.
        var turns = station.Loop.Turns;
        while (!asked.IsCancellationRequested && station.Loop.Turning && station.Loop.Turns < turns + 2) await look.WaitForNextTickAsync(CancellationToken.None);

        var last = station.Ledger.Journal.Last;
        var quietSince = station.Time.GetTimestamp();
        while (!asked.IsCancellationRequested)
        {
            if (station.Ledger.Journal.Last is var now && now != last) (last, quietSince) = (now, station.Time.GetTimestamp());
            if (station.Mqtt.LastAcknowledged is { } acknowledged) quietSince = Math.Max(quietSince, acknowledged);
            if (station.Ledger.Journal.Health.Failed is not null) return;
            if (station.AllDurable && ((station.Mqtt.ConnectedReaders > 0 && station.Mqtt.AllAcknowledged) || station.Time.GetElapsedTime(quietSince) >= Grace)) return;
            await look.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>What the run came to, once it may end.</summary>
    public static OnceReport Report(StationParts station)
    {
        var counters = station.Counters.Snapshot();
        return new(counters.Inspected, counters.NotRecorded, station.Mqtt.Waiting(), station.Capture.Drained ? null : Broken(station) ?? "it was interrupted");
    }

    /// <summary>A source that failed would begin again at its beginning; played once, that is its end. So is the loop's end.</summary>
    private static string? Broken(StationParts station) => station.Alarms.Active.FirstOrDefault(a => a.Code is "source-failed" or "loop-ended")?.Message;
}
