using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>Bin full, bin open, no air: an alarm, and where the recipe says so a trip. Where a line is not wired nothing is told.</summary>
internal sealed class BinInputs
{
    /// <summary>A part that falls past the sensor does not fill the bin.</summary>
    public static readonly TimeSpan FullAfter = TimeSpan.FromSeconds(1);

    /// <summary>Door and air count when they have stayed for so long.</summary>
    public static readonly TimeSpan OtherAfter = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly GpioLines _lines;
    private readonly Interlock _interlock;
    private readonly Alarms _alarms;
    private readonly TimeProvider _time;
    private readonly Held[] _inputs;
    private long _looked;

    public BinInputs(GpioLines lines, Interlock interlock, Alarms alarms, TimeProvider time)
    {
        (_lines, _interlock, _alarms, _time) = (lines, interlock, alarms, time);
        _inputs =
        [
            new(lines.Map.Find(LineNames.BinFull), TripCause.BinFull, FullAfter, "the bin of diverted parts is full, or the wire of its sensor is cut"),
            new(lines.Map.Find(LineNames.BinDoor), TripCause.BinDoor, OtherAfter, "the bin of diverted parts is open, or the wire of its switch is cut"),
            new(lines.Map.Find(LineNames.AirPressure), TripCause.AirPressure, OtherAfter, "the gate's compressed air is missing, or the wire of its switch is cut"),
        ];
    }

    /// <summary>Looks, some times a second.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    public void Look(long now)
    {
        if (_looked != 0 && _time.GetElapsedTime(_looked, now) < Period) return;
        _looked = now;
        foreach (var input in _inputs)
        {
            if (input.Pin is not { } pin) continue;
            var active = _lines.IsActive(pin);
            if (!active) input.Since = 0;
            else if (input.Since == 0) input.Since = now;
            var present = active && _time.GetElapsedTime(input.Since, now) >= input.After;
            if (present == input.Present) continue;
            input.Present = present;
            _interlock.SetGateInput(input.Cause, present, input.Detail);
            if (present) Raise(input.Cause);
            else _alarms.Clear(Codes.Of(input.Cause));
        }
    }

    private void Raise(TripCause cause)
    {
        if (cause == TripCause.BinFull)
            _alarms.Raise("bin-full", AlarmPriority.Medium, "The bin of diverted parts is full.", "Empty the bin; a diverted part that does not reach it stops the line.");
        else if (cause == TripCause.BinDoor)
            _alarms.Raise("bin-door", AlarmPriority.Medium, "The bin of diverted parts is open.", "Close the bin; what was taken out of it is rejected.");
        else
            _alarms.Raise("air-pressure", AlarmPriority.High, "The gate's compressed air is missing.", "Check the air supply of the gate; without air it diverts.");
    }

    /// <summary>One input and how long it has been active.</summary>
    private sealed class Held(Pin? pin, TripCause cause, TimeSpan after, string detail)
    {
        public Pin? Pin => pin;

        public TripCause Cause => cause;

        public TimeSpan After => after;

        public string Detail => detail;

        public long Since { get; set; }

        public bool Present { get; set; }
    }
}
