using System.Device.Gpio;
using System.Runtime.ExceptionServices;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>The station's lines, opened: outputs at rest, inputs ready. Disposed last, after the interlock is stopped.</summary>
public sealed class GpioLines : IDisposable
{
    private readonly LineController _controller;
    private readonly LineDriver _chip;
    private readonly Stack<IDisposable> _devices = new();

    private GpioLines(LineDriver chip, PinMap map) => (_chip, Map, _controller) = (chip, map, new LineController(chip));

    /// <summary>The map in force.</summary>
    public PinMap Map { get; }

    /// <summary>The relay, for the interlock.</summary>
    public GpioRelay Relay { get; private set; } = null!;

    /// <summary>The key switch.</summary>
    public DualChannelKeySwitch Key { get; private set; } = null!;

    /// <summary>The lamps and the buzzer that the PC drives; null where none of them is wired.</summary>
    public StackLight? StackLight { get; private set; }

    /// <summary>The divert gate; null where none is wired.</summary>
    public DivertGate? Gate { get; private set; }

    /// <summary>The simulated chip; null where the chip is real.</summary>
    public SimulatedChip? Simulation => _chip as SimulatedChip;

    /// <summary>Inputs whose chip has no interrupts: what comes and goes between two readings of them is not seen.</summary>
    public IReadOnlyList<string> Polled => _chip.Polled;

    /// <summary>The clock that edges are stamped with.</summary>
    internal TimeProvider Time => _chip.Time;

    /// <summary>Opens the lines of the chip that the settings name; another is never tried.</summary>
    /// <returns>The lines, or what stands in the way and how to remove it.</returns>
    public static Outcome<GpioLines> Open(GpioOptions options, TimeProvider time)
    {
        var errors = options.ReadMap(out var map);
        if (map is null) return new Failure("bad-configuration", string.Join("\n", errors));
        if (options.IsSimulated) return Open(() => new SimulatedChip(map, time), map);
        return Open(() => new KernelChip("/dev/" + options.Chip, map, time), map);
    }

    internal static Outcome<GpioLines> Open(Func<LineDriver> chip, PinMap map)
    {
        GpioLines? lines = null;
        try
        {
            lines = new GpioLines(chip(), map);
            lines.OpenAll();
            return lines;
        }
        catch (IOException e)
        {
            lines?.Dispose();
            return new Failure((e as ChipException)?.Code ?? "gpio-lost", e.Message);
        }
    }

    /// <summary>Whether an input's signal is active.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    public bool IsActive(Pin input) => input.IsActive(_chip.Get(input.Line));

    /// <summary>Sets one output and reads it back, for a person who tries the wiring; never beside an interlock.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    /// <exception cref="OutputReadbackException">The line does not follow.</exception>
    public void Write(Pin output, bool active) => DeviceOutput.Write(_controller, output.Line, output.LevelOf(active), output.Name);

    /// <summary>Puts every output at rest, the relay's two first, each also when one before it fails.</summary>
    /// <exception cref="IOException">The first that failed.</exception>
    public void Rest()
    {
        ExceptionDispatchInfo? first = null;
        Try(Relay.DeEnergize);
        foreach (var output in Map.Pins.Where(pin => !pin.IsInput)) Try(() => Write(output, false));
        first?.Throw();

        void Try(Action act)
        {
            try
            {
                act();
            }
            catch (IOException e)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }
    }

    /// <inheritdoc cref="LineDriver.TakeEdges" />
    internal int TakeEdges(Pin input, Span<LineEdge> into) => _chip.TakeEdges(input.Line, into);

    /// <summary>Puts all outputs at rest and releases all lines.</summary>
    public void Dispose()
    {
        while (_devices.TryPop(out var device)) device.Dispose();
        _controller.Dispose();
    }

    /// <summary>Outputs first. What no device takes is opened as it is and written by its number.</summary>
    private void OpenAll()
    {
        var (enable, heartbeat, pass) = (Map[LineNames.RelayEnable], Map[LineNames.Heartbeat], Map[LineNames.Pass]);
        var relay = Add(new WatchdogRelay(enable.Line, heartbeat.Line, enable.LevelOf(true), heartbeat.LevelOf(true), _controller, shouldDispose: false));
        var passLine = new DeviceOutput(_controller, pass.Line, pass.LevelOf(true), pass.Name);
        if (Map.Find(LineNames.Gate) is { } gate) Gate = Add(new DivertGate(gate.Line, gate.LevelOf(true), _controller, shouldDispose: false));
        var (yellow, blue, buzzer) = (Map.Find(LineNames.StackYellow), Map.Find(LineNames.StackBlue), Map.Find(LineNames.Buzzer));
        if ((yellow ?? blue ?? buzzer) is not null)
            StackLight = Add(new StackLight(
                yellow?.Line ?? -1, blue?.Line ?? -1, buzzer?.Line ?? -1, yellow?.LevelOf(true) ?? true, blue?.LevelOf(true) ?? true, buzzer?.LevelOf(true) ?? true,
                _controller, shouldDispose: false));

        var (key, opening) = (Map[LineNames.Key], Map[LineNames.KeyOpening]);
        Key = Add(new DualChannelKeySwitch(
            key.Line, opening.Line, key.LevelOf(true), opening.LevelOf(true), ModeOf(key.Bias), ModeOf(opening.Bias), _controller, shouldDispose: false));
        var feedback = Map.Find(LineNames.RelayFeedback) is { } contact
            ? Add(new FeedbackContact(contact.Line, contact.LevelOf(true), ModeOf(contact.Bias), _controller, shouldDispose: false))
            : null;
        Relay = new GpioRelay(relay, passLine, feedback, Gate, (Output(LineNames.Ready), Output(LineNames.Busy), Output(LineNames.Valid)));

        foreach (var pin in Map.Pins.Where(pin => !_controller.IsPinOpen(pin.Line)))
        {
            if (pin.IsInput) _controller.OpenPin(pin.Line, ModeOf(pin.Bias));
            else _controller.OpenPin(pin.Line, PinMode.Output, pin.LevelOf(false) ? PinValue.High : PinValue.Low);
        }
    }

    private DeviceOutput? Output(string name)
        => Map.Find(name) is { } pin ? new DeviceOutput(_controller, pin.Line, pin.LevelOf(true), pin.Name) : null;

    private T Add<T>(T device) where T : IDisposable
    {
        _devices.Push(device);
        return device;
    }

    private static PinMode ModeOf(Bias bias) => bias switch
    {
        Bias.PullDown => PinMode.InputPullDown,
        Bias.PullUp => PinMode.InputPullUp,
        _ => PinMode.Input,
    };
}
