using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// Takes the edges of the encoder and of the two eyes every 2 ms and hands them to the interlock in the order of their
/// time stamps; looks after the inputs of the bin and of the gate's air. Allocates nothing while all is well.
/// </summary>
public sealed class BeltReader : IDisposable
{
    /// <summary>Time from reading to reading; the gate follows the belt so much later at most.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(2);

    private readonly Interlock _interlock;
    private readonly TimeProvider _time;
    private readonly PulseTimes _encoder;
    private readonly PulseTimes _gateEye;
    private readonly PulseTimes _binEye;
    private readonly BinInputs _bin;
    private readonly Ticker _ticker;

    /// <summary>Reads from now on.</summary>
    /// <param name="lines">With encoder and eye of the bin; see <see cref="Missing"/>.</param>
    /// <param name="interlock">Is told.</param>
    /// <param name="alarms">Takes <c>bin-full</c>, <c>bin-door</c> and <c>air-pressure</c>.</param>
    /// <param name="time">The clock that edges are stamped with.</param>
    public BeltReader(GpioLines lines, Interlock interlock, Alarms alarms, TimeProvider time)
    {
        (_interlock, _time) = (interlock, time);
        (_encoder, _gateEye, _binEye) = (new(lines, LineNames.Encoder), new(lines, LineNames.GateEye), new(lines, LineNames.BinEye));
        _bin = new(lines, interlock, alarms, time);
        Look();
        _ticker = new("belt", Period, time, Look);
    }

    /// <summary>Why a gate cannot be run with these lines; null where it can.</summary>
    public static Failure? Missing(GpioLines lines)
    {
        string[] missing = [.. ((string[])[LineNames.Gate, LineNames.Encoder, LineNames.BinEye]).Where(name => lines.Map.Find(name) is null)];
        if (missing.Length > 0)
            return new("gate-lines-missing", $"The recipe's output.mode is gate, and the pin map has no {string.Join(", no ", missing)}: wire and name them in the pin map (gpio.pinMap), or choose a recipe with another output.mode.");
        if (lines.Polled.Contains(LineNames.Encoder))
            return new("encoder-polled", "The recipe's output.mode is gate, and the chip has no interrupts at the line of the encoder, so that ticks would be missed: use another line or another chip.");
        return null;
    }

    /// <summary>Ends; nothing is read after it returns.</summary>
    public void Dispose() => _ticker.Dispose();

    /// <summary>One turn; by itself it is called every <see cref="Period"/>.</summary>
    internal void Look()
    {
        // What comes while the lines are read in turn waits for the next time, so that the order is that of the time stamps.
        var until = _time.GetTimestamp();
        try
        {
            var lost = _encoder.Take();
            // An eye that lost edges says that something was there, which is what counts.
            _gateEye.Take();
            _binEye.Take();
            _interlock.SeeBelt(until, _encoder.Until(until), lost, _gateEye.Until(until), _binEye.Until(until));
            _encoder.Forget();
            _gateEye.Forget();
            _binEye.Forget();
            _bin.Look(until);
        }
        catch (IOException e)
        {
            if (_interlock.State != InterlockState.Faulted) _interlock.Fault(TripCause.GpioLost, $"the belt cannot be read: {e.Message}");
        }
    }
}
