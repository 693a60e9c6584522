using System.Device.Gpio;
using Inspection.Gpio;

namespace Inspection.Faults;

/// <summary>The station's simulated chip with every change of an output noted where another process reads it.</summary>
internal sealed class SharedChip : LineDriver
{
    private readonly SimulatedChip _chip;
    private readonly SharedLines _lines;
    private readonly Dictionary<int, string> _outputs;
    private readonly Dictionary<int, bool> _levels = [];
    private readonly Lock _gate = new();

    public SharedChip(SimulatedChip chip, PinMap map, SharedLines lines)
    {
        (_chip, _lines) = (chip, lines);
        _outputs = map.Pins.Where(pin => !pin.IsInput).ToDictionary(pin => pin.Line, pin => pin.Name);
    }

    /// <summary>Notes the levels that changed without a write, as when a line is made to stick.</summary>
    public void Look()
    {
        foreach (var (line, name) in _outputs) Note(line, _chip.Level(name));
    }

    /// <inheritdoc />
    internal override TimeProvider Time => _chip.Time;

    /// <inheritdoc />
    internal override int TakeEdges(int line, Span<LineEdge> into) => _chip.TakeEdges(line, into);

    /// <inheritdoc />
    protected override int PinCount => 512;

    /// <inheritdoc />
    protected override PinValue Read(int pinNumber) => _chip.Get(pinNumber);

    /// <inheritdoc />
    protected override void Write(int pinNumber, PinValue value)
    {
        _chip.Set(pinNumber, value == PinValue.High);
        if (_outputs.TryGetValue(pinNumber, out var name)) Note(pinNumber, _chip.Level(name));
    }

    private void Note(int line, bool high)
    {
        lock (_gate)
        {
            if (_levels.TryGetValue(line, out var level) && level == high) return;
            _levels[line] = high;
            _lines.Write(_outputs[line], high);
        }
    }

    /// <inheritdoc />
    protected override void OpenPin(int pinNumber) => throw new NotSupportedException("The chip behind it has opened its lines.");

    /// <inheritdoc />
    protected override void ClosePin(int pinNumber) => throw new NotSupportedException("The chip behind it closes its lines.");

    /// <inheritdoc />
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue) => throw new NotSupportedException("The chip behind it has opened its lines.");

    /// <inheritdoc />
    protected override PinMode GetPinMode(int pinNumber) => _outputs.ContainsKey(pinNumber) ? PinMode.Output : PinMode.Input;
}
