using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>Settings of the lines.</summary>
public sealed record GpioOptions
{
    /// <summary>The chip's name for the simulation.</summary>
    public const string SimulatedChip = "simulated";

    /// <summary>
    /// <c>simulated</c>, or a real chip as the kernel names it, <c>gpiochip0</c>–<c>gpiochip255</c>. Default
    /// <c>simulated</c>. A real chip that cannot be opened is a failure; nothing falls back to the simulation.
    /// </summary>
    public string Chip { get; init; } = SimulatedChip;

    /// <summary>File of the pin map; null, the default, is <c>hardware/pin-map.json</c> as built into the program.</summary>
    public string? PinMap { get; init; }

    /// <summary>Whether the chip is the simulated one.</summary>
    public bool IsSimulated => Chip == SimulatedChip;

    /// <summary>All that is wrong, the pin map's file included.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (!IsSimulated && !IsRealName(Chip))
            yield return new("gpio.chip", $"found {(string.IsNullOrEmpty(Chip) ? "nothing" : Chip)}", "simulated, or gpiochip0–gpiochip255");
        foreach (var error in ReadMap(out _)) yield return error;
    }

    internal IReadOnlyList<SettingError> ReadMap(out PinMap? map)
    {
        if (PinMap is not null) return Gpio.PinMap.Read(PinMap, out map);
        map = Gpio.PinMap.Default;
        return [];
    }

    private static bool IsRealName(string? chip)
        => chip is not null && chip.StartsWith("gpiochip", StringComparison.Ordinal)
            && byte.TryParse(chip.AsSpan(8), System.Globalization.NumberStyles.None, null, out var number) && chip == $"gpiochip{number}";
}
