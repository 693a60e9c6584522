using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// One look at the inputs. The start button alone starts: the key is only read, and a switch that is released only
/// removes a condition.
/// </summary>
internal sealed class InputLook
{
    private readonly GpioLines _lines;
    private readonly Interlock _interlock;
    private readonly Pin[] _pins;
    private readonly ContactWatch[] _watches;
    private readonly StopContact _eStop;
    private readonly StopContact _stopSwitch;
    private readonly ButtonPanel _buttons;
    private readonly BeltInputs _belt;
    private readonly LineEdge[] _edges = new LineEdge[KernelEdges.Kept];
    private bool _keyTurned;

    public InputLook(GpioLines lines, Interlock interlock, Alarms alarms, BeltWatch belt, CabinetBridge bridge)
    {
        (_lines, _interlock) = (lines, interlock);
        _pins = [lines.Map[LineNames.EStop], lines.Map[LineNames.StopSwitch], lines.Map[LineNames.Key], lines.Map[LineNames.KeyOpening]];
        _watches = [.. _pins.Select(pin => new ContactWatch(pin, lines.Time))];
        _eStop = new(lines, _pins[0], "the e-stop is pressed or its wire is cut");
        _stopSwitch = new(lines, _pins[1], "the stop switch is pressed or its wire is cut");
        _buttons = new(lines, interlock, alarms);
        _belt = new(lines, interlock, belt, bridge);
    }

    /// <summary>Whether both contacts say that the key is turned.</summary>
    public bool KeyTurned => Volatile.Read(ref _keyTurned);

    /// <summary>Looks at each input and tells the interlock.</summary>
    public void Look()
    {
        var now = _lines.Time.GetTimestamp();
        try
        {
            _eStop.Look(Edges(0, now), now);
            _stopSwitch.Look(Edges(1, now), now);
            Edges(2, now);
            Edges(3, now);
            _buttons.Read(_edges);
            _belt.Read(_edges);
            Tell(_lines.Key.Read());
        }
        catch (IOException e)
        {
            // What cannot be read may be pressed: a fault, and the condition that refuses its reset until it is read again.
            if (_interlock.State != InterlockState.Faulted) _interlock.Fault(TripCause.GpioLost, $"the inputs cannot be read: {e.Message}");
            _interlock.SetCondition(TripCause.GpioLost, true, e.Message);
            return;
        }
        // After the conditions: who presses Start and e-stop at once is refused.
        _buttons.Act(now);
        _belt.Tell();
    }

    /// <summary>The edges of one contact; its watch has seen them.</summary>
    private ReadOnlySpan<LineEdge> Edges(int contact, long now)
    {
        var edges = _edges.AsSpan(0, _lines.TakeEdges(_pins[contact], _edges));
        _watches[contact].See(edges, now);
        return edges;
    }

    private void Tell(KeyReading key)
    {
        _interlock.SetCondition(TripCause.GpioLost, false, "");
        _interlock.SetCondition(TripCause.EStop, _eStop.Pressed, _eStop.Detail);
        _interlock.SetCondition(TripCause.StopSwitch, _stopSwitch.Pressed, _stopSwitch.Detail);
        _interlock.SetKey(key.Closing, key.Opening);
        _interlock.InputsRead();
        Volatile.Write(ref _keyTurned, key.IsTurned);
        var bouncing = Array.FindIndex(_watches, static watch => watch.Bounces);
        _interlock.SetCondition(TripCause.InputBouncing, bouncing >= 0, bouncing >= 0 ? _watches[bouncing].Told : "");
    }
}
