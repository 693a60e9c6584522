using Inspection.Core;

namespace Inspection.Station.Bench;

/// <summary>How many entries a second become durable when as many as fit are handed in.</summary>
internal static class DurableEntries
{
    private const int Count = 20_000;

    // About as long as a verdict.
    private static readonly string Detail = new('x', 700);

    /// <summary>Hands the entries in and waits until the last is on disk.</summary>
    public static async Task<double> PerSecondAsync(ILedger ledger, TimeProvider time)
    {
        using var room = new PeriodicTimer(TimeSpan.FromMilliseconds(1), time);
        var began = time.GetTimestamp();
        for (var i = 0; i < Count; i++)
        {
            var entry = new AuditEntry(time, true, Who.Station, "bench", Detail);
            while (!ledger.TryAppend(entry)) await room.WaitForNextTickAsync();
        }
        while (ledger.Health.OldestPending > TimeSpan.Zero) await room.WaitForNextTickAsync();
        return Math.Round(Count / time.GetElapsedTime(began).TotalSeconds);
    }
}
