using System.Device.Gpio;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>The station's lines, opened: outputs at rest, inputs ready. Disposed last, after the interlock is stopped.</summary>
public sealed class GpioLines : IDisposable
{
    private readonly GpioController _controller;
    private readonly LineDriver _chip;

    private GpioLines(LineDriver chip, PinMap map)
    {
        (_chip, Map, Relay) = (chip, map, new GpioRelay(chip, map));
        _controller = new GpioController(chip);
    }

    /// <summary>The map in force.</summary>
    public PinMap Map { get; }

    /// <summary>The outputs, for the interlock.</summary>
    public GpioRelay Relay { get; }

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

    /// <inheritdoc cref="LineDriver.TakeEdges" />
    internal int TakeEdges(Pin input, Span<LineEdge> into) => _chip.TakeEdges(input.Line, into);

    /// <summary>Releases all lines; each output then falls to what the board's resistor gives.</summary>
    public void Dispose() => _controller.Dispose();

    private void OpenAll()
    {
        foreach (var pin in Map.Pins)
        {
            if (pin.IsInput) _controller.OpenPin(pin.Line, ModeOf(pin.Bias));
            else _controller.OpenPin(pin.Line, PinMode.Output, pin.LevelOf(false) ? PinValue.High : PinValue.Low);
        }
    }

    private static PinMode ModeOf(Bias bias) => bias switch
    {
        Bias.PullDown => PinMode.InputPullDown,
        Bias.PullUp => PinMode.InputPullUp,
        _ => PinMode.Input,
    };
}
