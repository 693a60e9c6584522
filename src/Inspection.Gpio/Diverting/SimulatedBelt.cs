using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// The belt, the gate and the bin that are wired to a simulated chip: carries the simulated line's parts to the gate and,
/// where it is shut, into the bin. Moves one tick every 5 ms, also while the relay is open, because the simulated line
/// never stops.
/// </summary>
public sealed class SimulatedBelt : IDisposable
{
    /// <summary>Time from tick to tick.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly SimulatedChip _chip;
    private readonly GateRules _rules;
    private readonly bool _eyeAtGate;
    private readonly Queue<long> _toGate = new();
    private readonly Queue<long> _toBin = new();
    private readonly Ticker _ticker;
    private long _at;

    /// <summary>Moves from now on.</summary>
    /// <param name="lines">Lines on a simulated chip, with encoder and eye of the bin.</param>
    /// <param name="rules">Where the gate and the bin are.</param>
    /// <param name="time">The clock.</param>
    public SimulatedBelt(GpioLines lines, GateRules rules, TimeProvider time)
    {
        (_chip, _rules, _eyeAtGate) = (lines.Simulation!, rules, lines.Map.Find(LineNames.GateEye) is not null);
        _ticker = new("simulated belt", Period, time, Move);
    }

    /// <summary>A part is at the camera.</summary>
    public void Add()
    {
        lock (_gate) _toGate.Enqueue(_at);
    }

    /// <summary>Stands still for good.</summary>
    public void Dispose() => _ticker.Dispose();

    /// <summary>One tick; by itself it is called every <see cref="Period"/>.</summary>
    internal void Move()
    {
        bool atGate, inBin;
        lock (_gate)
        {
            _at++;
            atGate = _toGate.TryPeek(out var part) && _at - part >= _rules.Distance;
            if (atGate && !_chip.IsOutputActive(LineNames.Gate)) _toBin.Enqueue(part);
            if (atGate) _toGate.Dequeue();
            inBin = _toBin.TryPeek(out part) && _at - part >= _rules.Distance + _rules.BinDistance;
            if (inBin) _toBin.Dequeue();
        }
        Pulse(LineNames.Encoder);
        if (atGate && _eyeAtGate) Pulse(LineNames.GateEye);
        if (inBin) Pulse(LineNames.BinEye);
    }

    private void Pulse(string input)
    {
        _chip.SetInput(input, true);
        _chip.SetInput(input, false);
    }
}
