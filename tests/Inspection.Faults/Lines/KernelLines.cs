using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Inspection.Gpio;

namespace Inspection.Faults;

/// <summary>
/// Watches the outputs of a chip from outside by the kernel's own events: its tracepoint <c>gpio_value</c> for each write,
/// its line-info events for the release of a line. Both are stamped by the kernel in CLOCK_MONOTONIC.
/// </summary>
internal sealed partial class KernelLines
{
    private const string Tracing = "/sys/kernel/tracing";

    private readonly RelayRecord _relay;
    private readonly Dictionary<int, string> _outputs;
    private readonly int _first;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, bool> _stuck = [];
    private readonly Dictionary<string, bool> _written = [];

    /// <summary>Watches from now on.</summary>
    /// <param name="chip">The chip's name, such as <c>gpiochip0</c>.</param>
    /// <param name="map">Which lines are outputs.</param>
    /// <param name="relay">Takes the changes.</param>
    public KernelLines(string chip, PinMap map, RelayRecord relay)
    {
        _relay = relay;
        _outputs = map.Pins.Where(pin => !pin.IsInput).ToDictionary(pin => pin.Line, pin => pin.Name);
        _first = FirstOf(chip);
        File.WriteAllText(Tracing + "/trace_clock", "mono");
        File.WriteAllText(Tracing + "/events/gpio/gpio_value/filter", "get==0");
        File.WriteAllText(Tracing + "/events/gpio/gpio_value/enable", "1");
        new Thread(ReadWrites) { IsBackground = true, Name = "trace" }.Start();
        new Thread(() => ReadReleases("/dev/" + chip, map[LineNames.RelayEnable].Line)) { IsBackground = true, Name = "releases" }.Start();
    }

    /// <summary>From now on a line has one level whatever is written, or again what was written.</summary>
    public void Stick(string line, bool? high)
    {
        lock (_gate)
        {
            var now = Nanoseconds.Now;
            if (high is { } level)
            {
                if (_written.GetValueOrDefault(line) != level) _relay.Add(new(now, line, level));
                _stuck[line] = level;
                return;
            }
            if (_stuck.Remove(line, out var was) && _written.GetValueOrDefault(line) != was) _relay.Add(new(now, line, !was));
        }
    }

    [GeneratedRegex(@" (\d+)\.(\d{6}): gpio_value: (\d+)\s+set\s+(\d)")]
    private static partial Regex Write();

    [GeneratedRegex(@"GPIOs (\d+)-")]
    private static partial Regex Range();

    /// <summary>The kernel's global number of the chip's first line, by which its tracepoint names lines.</summary>
    private static int FirstOf(string chip)
    {
        var line = File.ReadLines("/sys/kernel/debug/gpio").First(line => line.StartsWith(chip + ":", StringComparison.Ordinal));
        return int.Parse(Range().Match(line).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private void ReadWrites()
    {
        using var pipe = new StreamReader(Tracing + "/trace_pipe");
        while (pipe.ReadLine() is { } line)
        {
            if (Write().Match(line) is not { Success: true } write) continue;
            if (!_outputs.TryGetValue(Number(write, 3) - _first, out var name)) continue;
            var high = Number(write, 4) == 1;
            lock (_gate)
            {
                var changed = !_written.TryGetValue(name, out var before) || before != high;
                _written[name] = high;
                if (changed && !_stuck.ContainsKey(name)) _relay.Add(new((Number(write, 1) * 1_000_000_000L) + (Number(write, 2) * 1000L), name, high));
            }
        }
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>A line that is given up falls to its resistor, which the wiring makes the inactive level.</summary>
    private unsafe void ReadReleases(string chip, int line)
    {
        using var file = Open(chip, 2);
        var information = new LineInformation { Offset = (uint)line };
        if (Control(file, Watch, &information) < 0) throw new IOException($"{chip}: line {line} cannot be watched");
        var change = default(LineInformationChange);
        while (Read(file, &change, (nint)sizeof(LineInformationChange)) == sizeof(LineInformationChange))
        {
            if (change.Event != Released) continue;
            lock (_gate)
            {
                _written[LineNames.RelayEnable] = false;
                if (!_stuck.ContainsKey(LineNames.RelayEnable)) _relay.Add(new((long)change.At, LineNames.RelayEnable, false));
            }
        }
    }

    // _IOWR(0xB4, 0x06, struct gpio_v2_line_info) of linux/gpio.h.
    private const nuint Watch = 0xC100_B406;
    private const uint Released = 2;

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct LineInformation
    {
        [FieldOffset(64)]
        public uint Offset;
    }

    [StructLayout(LayoutKind.Explicit, Size = 288)]
    private struct LineInformationChange
    {
        [FieldOffset(256)]
        public ulong At;

        [FieldOffset(264)]
        public uint Event;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial Microsoft.Win32.SafeHandles.SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static unsafe partial int Control(Microsoft.Win32.SafeHandles.SafeFileHandle file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static unsafe partial nint Read(Microsoft.Win32.SafeHandles.SafeFileHandle file, void* into, nint length);
}
