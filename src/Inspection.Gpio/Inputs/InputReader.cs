using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// Reads the inputs every 5 ms, on a thread of its own. What a contact did between two readings is not missed: the
/// kernel keeps its edges.
/// </summary>
public sealed class InputReader : IDisposable
{
    /// <summary>Time from reading to reading; the worst delay from a contact to the trip.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    private readonly InputLook _look;
    private readonly Ticker _ticker;

    /// <summary>Reads once, so that no Start comes before the inputs are known, then goes on by itself.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="interlock">Is told.</param>
    /// <param name="alarms">Where somebody at a button learns why it did nothing.</param>
    /// <param name="belt">Is told whether the belt moves.</param>
    /// <param name="bridge">Is told whether the cabinet's bridge is closed.</param>
    /// <param name="time">The clock of the thread.</param>
    public InputReader(GpioLines lines, Interlock interlock, Alarms alarms, BeltWatch belt, CabinetBridge bridge, TimeProvider time)
    {
        _look = new(lines, interlock, alarms, belt, bridge);
        _look.Look();
        _ticker = new("inputs", Period, time, _look.Look);
    }

    /// <summary>Whether both contacts say that the key is turned.</summary>
    public bool KeyTurned => _look.KeyTurned;

    /// <summary>Ends; nothing is read after it returns.</summary>
    public void Dispose() => _ticker.Dispose();
}
