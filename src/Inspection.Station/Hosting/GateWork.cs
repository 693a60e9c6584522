using Inspection.Core;
using Inspection.Gpio;

namespace Inspection.Station.Hosting;

/// <summary>What a recipe with a gate needs besides the interlock; does nothing for any other recipe.</summary>
internal sealed class GateWork : IDisposable
{
    /// <summary>So many good parts in a row that are diverted for the part beside them are no accident.</summary>
    internal const int CrowdedInARow = 3;

    private readonly GpioLines _lines;
    private readonly bool _hasGate;
    private readonly TimeProvider _time;
    private readonly SimulatedBelt? _simulated;
    private BeltReader? _reader;
    private int _crowded;

    private GateWork(GpioLines lines, Recipe recipe, TimeProvider time)
    {
        (_lines, _hasGate, _time) = (lines, recipe.Gate is not null, time);
        if (recipe.Gate is { } rules && lines.Simulation is not null) _simulated = new SimulatedBelt(lines, rules, time);
    }

    /// <summary>Checks that all lines are there.</summary>
    /// <returns>A failure that says which line is missing.</returns>
    public static Outcome<GateWork> Open(GpioLines lines, Recipe recipe, TimeProvider time)
    {
        if (recipe.Gate is not null && BeltReader.Missing(lines) is { } missing) return missing;
        return new GateWork(lines, recipe, time);
    }

    /// <summary>Whether an eye at the gate is wired.</summary>
    public bool EyeAtGate => _lines.Map.Find(LineNames.GateEye) is not null;

    /// <summary>Has the interlock follow the belt.</summary>
    public void Follow(Interlock interlock, Alarms alarms)
    {
        if (_hasGate) _reader = new BeltReader(_lines, interlock, alarms, _time);
    }

    /// <summary>A part that the source tells of also lies on the simulated belt, where there is one.</summary>
    public Action<Trigger> Before(Action<Trigger> triggered)
    {
        if (_simulated is not { } belt) return triggered;
        return trigger =>
        {
            belt.Add();
            triggered(trigger);
        };
    }

    /// <summary>
    /// A part that did not reach the bin is an alarm, too, whatever else stops the line at that moment. So is a belt on
    /// which each part is diverted for the one before: it would go on so for ever, and nothing else would say why.
    /// </summary>
    public void See(PartDisposition part, Alarms alarms)
    {
        if (part.MissedBin)
            alarms.Raise("not-diverted", AlarmPriority.High, $"The part triggered at {MessageSchema.Time(part.Trigger.At)} was not diverted: {part.Detail}.", "Look for the part, and check the gate and the eye of the bin; then reset.");
        if (part.Crowded && ++_crowded >= CrowdedInARow)
            alarms.Raise("parts-too-close", AlarmPriority.Medium, $"{_crowded} good parts in a row were diverted because the next part came within twice gate.tolerance.", "Space the parts wider apart, or set the recipe's gate.tolerance lower. One gap on the belt ends it.");
        if (part.Disposition != Disposition.Delivered) return;
        _crowded = 0;
        alarms.Clear("parts-too-close");
    }

    /// <summary>Somebody has looked for it and resets.</summary>
    public static void See(InterlockTransition transition, Alarms alarms)
    {
        if (transition is { From: InterlockState.Tripped or InterlockState.Faulted, To: InterlockState.Stopped }) alarms.Clear("not-diverted");
    }

    /// <summary>Whether somebody should look whether the belt is empty: what lies there is diverted otherwise.</summary>
    public static bool AsksForLook(InterlockSnapshot now) => now is { ZoneUnknown: true, State: InterlockState.Stopped or InterlockState.Tripped or InterlockState.Faulted };

    /// <summary>Ends following; the belt stands.</summary>
    public void Dispose()
    {
        _reader?.Dispose();
        _simulated?.Dispose();
    }
}
