using System.Device.Gpio;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// A chip in memory with what is wired to it: the contacts that a person works from the screen, the watchdog circuit
/// and the relay. Thread-safe; a write allocates nothing.
/// </summary>
public sealed class SimulatedChip : LineDriver
{
    private const int Count = 512;

    private readonly Lock _gate = new();
    private readonly PinMap _map;
    private readonly Pin? _feedback;
    private readonly SimulatedRelay _relay;
    private readonly TimeProvider _time;
    private readonly SimulatedEdges?[] _edges = new SimulatedEdges?[Count];
    private readonly PinMode?[] _modes = new PinMode?[Count];
    private readonly bool[] _levels = new bool[Count];
    private readonly bool[] _broken = new bool[Count];
    private readonly bool?[] _stuck = new bool?[Count];

    /// <summary>A chip whose contacts are all at rest.</summary>
    public SimulatedChip(PinMap map, TimeProvider time)
    {
        (_map, _time, _relay, _feedback) = (map, time, new SimulatedRelay(time), map.Find(LineNames.RelayFeedback));
        foreach (var pin in map.Pins)
        {
            _levels[pin.Line] = pin.LevelOf(false);
            if (pin.IsInput) _edges[pin.Line] = new SimulatedEdges();
        }
    }

    /// <summary>Whether the relay's contact is closed now.</summary>
    public bool RelayClosed
    {
        get
        {
            lock (_gate) return _relay.IsClosed();
        }
    }

    /// <summary>The lines as the screen shows them; an input can be set with <see cref="SetInput"/>.</summary>
    public IReadOnlyList<LineState> States()
    {
        lock (_gate)
        {
            var closed = _relay.IsClosed();
            var states = new List<LineState> { new(LineNames.Relay, false, closed), new(LineNames.StackGreen, false, closed), new(LineNames.StackRed, false, !closed) };
            foreach (var pin in _map.Pins)
                if (!pin.IsInput || IsWorked(pin.Name)) states.Add(new(pin.Name, pin.IsInput, pin.Name == LineNames.Heartbeat ? _relay.IsBeating() : IsActive(pin.Name)));
            return states;
        }
    }

    /// <summary>Works a contact: presses or releases a switch, turns the key, closes a sensor.</summary>
    /// <param name="name">An input of the map but the relay's feedback; the key's second contact goes with its first.</param>
    /// <param name="active">Pressed, turned or closed.</param>
    /// <exception cref="ArgumentException">No person can work this line.</exception>
    public void SetInput(string name, bool active)
    {
        if (!IsWorked(name) || _map.Find(name) is not { IsInput: true } pin) throw new ArgumentException($"{name} is not an input that a person works.", nameof(name));
        lock (_gate)
        {
            SetLevel(pin.Line, pin.LevelOf(active));
            if (name == LineNames.Key) SetLevel(_map[LineNames.KeyOpening].Line, _map[LineNames.KeyOpening].LevelOf(active));
            Drive();
        }
    }

    /// <summary>Cuts an input's wire: the line falls to what its resistor gives.</summary>
    /// <param name="name">An input of the map.</param>
    public void CutWire(string name)
    {
        var pin = _map[name];
        lock (_gate)
        {
            SetLevel(pin.Line, pin.Bias == Bias.None ? !pin.High : pin.Bias == Bias.PullUp);
            Drive();
        }
    }

    /// <summary>Makes a line refuse reads and writes, or heals it.</summary>
    /// <param name="name">A line of the map.</param>
    /// <param name="broken">Whether it refuses.</param>
    public void Break(string name, bool broken)
    {
        lock (_gate) _broken[_map[name].Line] = broken;
    }

    /// <summary>Makes the whole chip refuse reads and writes, or heals it.</summary>
    public void Break(bool broken)
    {
        lock (_gate) Array.Fill(_broken, broken);
    }

    /// <summary>Holds an output at one level, whatever is written, or lets it go; it is read as it is.</summary>
    /// <param name="name">An output of the map.</param>
    /// <param name="high">High, low, or null to let it go.</param>
    public void Stick(string name, bool? high)
    {
        var line = _map[name].Line;
        lock (_gate)
        {
            _stuck[line] = high;
            if (high is { } level) _levels[line] = level;
            Drive();
        }
    }

    /// <summary>Makes the relay's contact weld or its coil break, or heals it.</summary>
    public void Spoil(RelayDefect defect)
    {
        lock (_gate) _relay.Defect = defect;
    }

    /// <summary>Whether an output is active now.</summary>
    /// <param name="name">An output of the map.</param>
    public bool IsOutputActive(string name)
    {
        lock (_gate) return IsActive(name);
    }

    /// <summary>The level of a line now, true is high, as a meter at the pin shows it.</summary>
    public bool Level(string name)
    {
        lock (_gate) return name == LineNames.RelayFeedback && _feedback is not null ? _feedback.LevelOf(_relay.IsClosed()) : _levels[_map[name].Line];
    }

    /// <inheritdoc />
    internal override TimeProvider Time => _time;

    /// <summary>The edges that <see cref="SetInput"/> and <see cref="CutWire"/> made; the relay's feedback makes none.</summary>
    internal override int TakeEdges(int line, Span<LineEdge> into)
    {
        lock (_gate)
        {
            Check(line);
            return _edges[line]?.Take(into) ?? throw new InvalidOperationException($"Line {line} of the simulated chip is no input.");
        }
    }

    /// <inheritdoc />
    protected override int PinCount => Count;

    /// <inheritdoc />
    protected override void OpenPin(int pinNumber)
    {
        lock (_gate)
        {
            Check(pinNumber);
            _modes[pinNumber] = PinMode.Input;
        }
    }

    /// <inheritdoc />
    protected override void ClosePin(int pinNumber)
    {
        lock (_gate)
        {
            // A released output falls to the board's pull, which the wiring makes the inactive level.
            if (_modes[pinNumber] == PinMode.Output && _map.Pins.FirstOrDefault(pin => pin.Line == pinNumber) is { } pin)
                _levels[pinNumber] = pin.LevelOf(false);
            _modes[pinNumber] = null;
            Drive();
        }
    }

    /// <inheritdoc />
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        lock (_gate)
        {
            Check(pinNumber);
            _modes[pinNumber] = mode;
            if (mode == PinMode.Output) _levels[pinNumber] = initialValue == PinValue.High;
            Drive();
        }
    }

    /// <inheritdoc />
    protected override PinMode GetPinMode(int pinNumber)
    {
        lock (_gate) return _modes[pinNumber] ?? throw new IOException($"Line {pinNumber} of the simulated chip is not open.");
    }

    /// <inheritdoc />
    protected override PinValue Read(int pinNumber)
    {
        lock (_gate)
        {
            Check(pinNumber);
            return pinNumber == _feedback?.Line ? _feedback.LevelOf(_relay.IsClosed()) : _levels[pinNumber];
        }
    }

    /// <inheritdoc />
    protected override void Write(int pinNumber, PinValue value)
    {
        lock (_gate)
        {
            Check(pinNumber);
            if (_modes[pinNumber] != PinMode.Output) throw new IOException($"Line {pinNumber} of the simulated chip is not open as an output.");
            var high = _stuck[pinNumber] ?? value == PinValue.High;
            if (pinNumber == _map[LineNames.Heartbeat].Line && high != _levels[pinNumber]) _relay.Edge();
            _levels[pinNumber] = high;
            Drive();
        }
    }

    private void Check(int line)
    {
        if (_broken[line]) throw new IOException($"Line {line} of the simulated chip was told to fail.");
    }

    private static bool IsWorked(string name) => name is not (LineNames.KeyOpening or LineNames.RelayFeedback);

    private void SetLevel(int line, bool high)
    {
        if (_levels[line] == high) return;
        _levels[line] = high;
        _edges[line]?.Add(_time.GetTimestamp(), high);
    }

    private bool IsActive(string name) => _map[name].IsActive(_levels[_map[name].Line]);

    /// <summary>Leads the coil's current as the lines and the stop switch's first contact ask.</summary>
    private void Drive() => _relay.Drive(IsActive(LineNames.RelayEnable) && !IsActive(LineNames.StopSwitch));
}
