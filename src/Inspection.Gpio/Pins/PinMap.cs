using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>Which line does what, and what its levels mean. Read from <c>hardware/pin-map.json</c> or a file like it.</summary>
public sealed class PinMap
{
    /// <summary>A map is not larger than this, in bytes.</summary>
    public const int MaxBytes = 65_536;

    private readonly Dictionary<string, Pin> _pins;

    internal PinMap(IEnumerable<Pin> pins)
    {
        _pins = pins.ToDictionary(pin => pin.Name);
        Pins = [.. LineNames.Outputs.Concat(LineNames.Inputs).Where(_pins.ContainsKey).Select(name => _pins[name])];
    }

    /// <summary>The map of <c>hardware/</c>, built into the program.</summary>
    public static PinMap Default { get; } = ReadDefault();

    /// <summary>All lines, outputs first.</summary>
    public IReadOnlyList<Pin> Pins { get; }

    /// <summary>One line by its name in <see cref="LineNames"/>.</summary>
    public Pin this[string name] => _pins[name];

    /// <summary>One line, or null where the map says that it is not wired.</summary>
    public Pin? Find(string name) => _pins.GetValueOrDefault(name);

    /// <summary>Reads a map from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="map">The map, or null where anything is wrong.</param>
    /// <returns>All that is wrong; empty when there is a map.</returns>
    public static IReadOnlyList<SettingError> Read(string path, out PinMap? map)
    {
        map = null;
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes) return [new("gpio.pinMap", $"{path} has {file.Length} bytes", $"at most {MaxBytes} bytes")];
            var json = new byte[file.Length];
            file.ReadExactly(json);
            return PinMapReader.Read(json, path, out map);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return [new("gpio.pinMap", $"{path} cannot be read: {e.Message}", "a readable pin map; leave the setting out to use the built-in one")];
        }
    }

    private static PinMap ReadDefault()
    {
        using var resource = typeof(PinMap).Assembly.GetManifestResourceStream("pin-map.json")!;
        var json = new byte[resource.Length];
        resource.ReadExactly(json);
        var errors = PinMapReader.Read(json, "the built-in pin map", out var map);
        return map ?? throw new InvalidOperationException(string.Join("; ", errors));
    }
}
