using System.Globalization;
using Inspection.Core;
using Inspection.Station.Time;

namespace Inspection.Station.Hosting;

/// <summary>Records and tells what the wall clock does, and takes a person's word for it.</summary>
internal sealed class ClockKeeper(WallClock clock, EntryOutbox outbox, Alarms alarms, TimeProvider time, bool simulated)
{
    /// <summary>Looks once; called by one thread, some times a second.</summary>
    public void Look()
    {
        if (clock.Look() is { } step)
        {
            var told = string.Create(CultureInfo.InvariantCulture,
                $"from {MessageSchema.Time(step.Old)} to {MessageSchema.Time(step.New)}, by {step.Offset.TotalSeconds:+0.000;-0.000} s");
            outbox.Append(new AuditEntry(time, simulated, Who.Station, "clock-stepped", told));
            if (step.Offset.Duration() > WallClock.AlarmingStep)
                alarms.Raise("clock-stepped", AlarmPriority.Medium, $"The wall clock jumped {told}.", "Check the time of this PC; then let it synchronise, or confirm on the page that it is right.");
        }
        if (clock.IsTrusted)
        {
            alarms.Clear("clock-stepped");
            alarms.Clear("clock-not-trusted");
        }
        else alarms.Raise("clock-not-trusted", AlarmPriority.Low, "Nothing keeps this PC's clock right; every entry says so.", "Set up NTP on this PC (timedatectl set-ntp true), with a time server that it can reach.");
    }

    /// <summary>A person says that the time is right.</summary>
    /// <returns>Null when it counts, else why not.</returns>
    public Failure? Confirm(Who who)
    {
        if (!who.May(Permission.ConfirmClock)) return new("clock-not-permitted", "The clock is confirmed by a setter, quality, maintenance or an administrator.");
        clock.Confirm();
        outbox.Append(new AuditEntry(time, simulated, who, "clock-confirmed", $"it is {MessageSchema.Time(time.GetUtcNow())}"));
        return null;
    }
}
