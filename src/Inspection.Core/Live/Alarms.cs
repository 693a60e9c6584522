namespace Inspection.Core;

/// <summary>ISA-18.2 priority.</summary>
public enum AlarmPriority
{
    /// <summary>Soon.</summary>
    Low,

    /// <summary>Quickly.</summary>
    Medium,

    /// <summary>At once.</summary>
    High,
}

/// <summary>Something that needs a person's response.</summary>
/// <param name="Code">Stable code in kebab-case; one alarm of a code is active at a time.</param>
/// <param name="Priority">How soon.</param>
/// <param name="Message">What happened.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Since">Wall time, UTC.</param>
public sealed record Alarm(string Code, AlarmPriority Priority, string Message, string Remedy, DateTimeOffset Since);

/// <summary>The active alarms; each coming and going is an entry and a message. Thread-safe, never blocks.</summary>
/// <param name="time">The clock.</param>
/// <param name="report">Takes each change (alarm, active); must return at once.</param>
public sealed class Alarms(TimeProvider time, Action<Alarm, bool> report)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Alarm> _active = [];
    private IReadOnlyList<Alarm> _snapshot = [];

    /// <summary>Active alarms, highest priority first, then oldest first.</summary>
    public IReadOnlyList<Alarm> Active => Volatile.Read(ref _snapshot);

    /// <summary>Raises an alarm; one that is active already is not raised again.</summary>
    public void Raise(string code, AlarmPriority priority, string message, string remedy)
    {
        lock (_gate)
        {
            if (_active.ContainsKey(code)) return;
            var alarm = new Alarm(code, priority, message, remedy, time.GetUtcNow());
            _active[code] = alarm;
            Publish();
            report(alarm, true);
        }
    }

    /// <summary>The cause is gone.</summary>
    public void Clear(string code)
    {
        lock (_gate)
        {
            if (!_active.Remove(code, out var alarm)) return;
            Publish();
            report(alarm, false);
        }
    }

    private void Publish()
        => Volatile.Write(ref _snapshot, [.. _active.Values.OrderByDescending(a => a.Priority).ThenBy(a => a.Since)]);
}
