namespace Inspection.Core;

/// <summary>
/// Records what the cabinet's bridge for a dead PC did. The station takes no part in it; it learns of it by an auxiliary
/// contact, and where the bridge was closed before the program started it says so. No lock of its own; looking allocates
/// nothing while nothing changes.
/// </summary>
/// <param name="alarms">Where people are told while it is closed.</param>
/// <param name="holdLot">Holds the lot, with a detail for a person; when it closes and when it opens.</param>
/// <param name="time">The clock.</param>
/// <param name="lastKnown">When the station last recorded anything before this start, UTC; null where nothing is known.</param>
public sealed class CabinetBridge(Alarms alarms, Action<string> holdLot, TimeProvider time, DateTimeOffset? lastKnown)
{
    /// <summary>A level of the contact counts when it has lasted so long: one that flickers would fill ledger and page.</summary>
    public static readonly TimeSpan Steady = TimeSpan.FromMilliseconds(200);

    private const string BridgeAlarm = "bridge-closed";

    private bool _looked;
    private bool _level;
    private bool _levelAtStart;
    private long _levelSince;
    private string? _since;

    /// <summary>Whether it is closed: a bypass that is known.</summary>
    public bool IsClosed => _since is not null;

    /// <summary>Takes a look.</summary>
    /// <param name="closed">The auxiliary contact.</param>
    public void See(bool closed)
    {
        var now = time.GetTimestamp();
        if (!_looked || closed != _level) (_level, _levelAtStart, _levelSince, _looked) = (closed, !_looked, now, true);
        var lasted = time.GetElapsedTime(_levelSince, now);
        if (closed == IsClosed || lasted < Steady) return;
        if (closed) Closed(time.GetUtcNow() - lasted);
        else Opened(time.GetUtcNow() - lasted);
    }

    private void Closed(DateTimeOffset since)
    {
        _since = _levelAtStart
            ? "before the start of the program" + (lastKnown is { } at ? $", at some time after {MessageSchema.Time(at)}" : "")
            : MessageSchema.Time(since);
        alarms.Raise(BridgeAlarm, AlarmPriority.High, $"The cabinet's bridge is closed, since {_since}: parts pass without inspection.", "Turn the key in the cabinet to Off as soon as the station runs again; read the hour meter and write it down.");
        holdLot($"The cabinet's bridge is closed, since {_since}; parts made under it were not inspected.");
    }

    private void Opened(DateTimeOffset until)
    {
        alarms.Clear(BridgeAlarm);
        holdLot($"The cabinet's bridge was closed, since {_since}, until {MessageSchema.Time(until)}; parts made under it were not inspected.");
        _since = null;
    }
}
