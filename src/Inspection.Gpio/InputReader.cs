using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// Reads the inputs every 5 ms and tells the interlock. Nothing here starts anything: the key is only read, and a
/// switch that is released only removes a condition. One reading of "pressed" trips; nothing waits for a contact to rest.
/// </summary>
public sealed class InputReader : IDisposable
{
    /// <summary>Time from reading to reading; the worst delay from a contact to the trip.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    private readonly GpioLines _lines;
    private readonly Interlock _interlock;
    private readonly Pin _eStop;
    private readonly Pin _stopSwitch;
    private readonly ContactWatch[] _watches;
    private readonly TimeProvider _time;
    private readonly Ticker _ticker;
    private bool _keyTurned;

    /// <summary>Reads once, so that no Start comes before the inputs are known, then goes on by itself.</summary>
    public InputReader(GpioLines lines, Interlock interlock, TimeProvider time)
    {
        (_lines, _interlock) = (lines, interlock);
        (_eStop, _stopSwitch) = (lines.Map[LineNames.EStop], lines.Map[LineNames.StopSwitch]);
        (_time, _watches) = (time, [new(_eStop, time), new(_stopSwitch, time), new(lines.Map[LineNames.Key], time), new(lines.Map[LineNames.KeyOpening], time)]);
        Look();
        _ticker = new("inputs", Period, time, Look);
    }

    /// <summary>Whether both contacts say that the key is turned.</summary>
    public bool KeyTurned => Volatile.Read(ref _keyTurned);

    /// <summary>Ends; nothing is read after it returns.</summary>
    public void Dispose() => _ticker.Dispose();

    private void Look()
    {
        bool eStop, stopSwitch, key, keyOpening;
        try
        {
            (eStop, stopSwitch) = (_lines.IsActive(_eStop), _lines.IsActive(_stopSwitch));
            (key, keyOpening) = _lines.Key.Read();
        }
        catch (IOException e)
        {
            // What cannot be read may be pressed: a fault, and the condition that refuses its reset until it is read again.
            if (_interlock.State != InterlockState.Faulted) _interlock.Fault(TripCause.GpioLost, $"the inputs cannot be read: {e.Message}");
            _interlock.SetCondition(TripCause.GpioLost, true, e.Message);
            return;
        }
        _interlock.SetCondition(TripCause.GpioLost, false, "");
        _interlock.SetCondition(TripCause.EStop, eStop, "the e-stop is pressed or its wire is cut");
        _interlock.SetCondition(TripCause.StopSwitch, stopSwitch, "the stop switch is pressed or its wire is cut");
        _interlock.SetKey(key, keyOpening);
        Volatile.Write(ref _keyTurned, key && keyOpening);
        var now = _time.GetTimestamp();
        _watches[0].See(eStop, now);
        _watches[1].See(stopSwitch, now);
        _watches[2].See(key, now);
        _watches[3].See(keyOpening, now);
        var bouncing = Array.FindIndex(_watches, static watch => watch.Bounces);
        _interlock.SetCondition(TripCause.InputBouncing, bouncing >= 0, bouncing >= 0 ? _watches[bouncing].Told : "");
    }
}
