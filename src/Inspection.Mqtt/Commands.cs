using System.Buffers;
using System.Text;
using Inspection.Core;

namespace Inspection.Mqtt;

/// <summary>What the plant may ask of the station. Only that it stops the line; that is always obeyed.</summary>
internal sealed class Commands(MqttStation station)
{
    private const int MaxReason = 200;
    private static readonly TimeSpan EntryPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private long _lastEntry;

    /// <summary>Trips the interlock. Entries of a flood are written at most ten a second; every request is obeyed.</summary>
    public void RequestTrip(string client, ReadOnlySequence<byte> payload)
    {
        var who = Who.Plant(client);
        var reason = Reason(payload);
        station.Interlock.Trip(TripCause.Request, reason.Length == 0 ? $"requested by {client}" : $"requested by {client}: {reason}", who);
        lock (_gate)
        {
            var now = station.Time.GetTimestamp();
            if (_lastEntry != 0 && station.Time.GetElapsedTime(_lastEntry, now) < EntryPeriod) return;
            _lastEntry = now;
        }
        station.Ledger.TryAppend(new CommandEntry(station.Time, station.Simulated, who, "request-trip", $"obeyed; {station.Interlock.State}"));
    }

    private static string Reason(ReadOnlySequence<byte> payload)
    {
        var text = Encoding.UTF8.GetString(payload.Slice(0, Math.Min(payload.Length, MaxReason)));
        return new string([.. text.Where(c => !char.IsControl(c) && c != '\uFFFD')]).Trim();
    }
}
