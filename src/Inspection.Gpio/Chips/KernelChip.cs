using System.Device.Gpio;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Inspection.Gpio;

/// <summary>
/// A real chip through the kernel's character device. Used instead of LibGpiodDriver, whose Write ignores that the
/// kernel refused, allocates at each write and needs a library that newer Debian releases no longer have.
/// </summary>
internal sealed unsafe class KernelChip : LineDriver
{
    private readonly string _path;
    private readonly PinMap _map;
    private readonly TimeProvider _time;
    private readonly SafeFileHandle _chip;
    private readonly Line?[] _lines;

    /// <summary>Opens a chip; no line is touched yet.</summary>
    /// <param name="path">Its device file, such as <c>/dev/gpiochip0</c>.</param>
    /// <param name="map">Says what each line is called at the kernel, and how long its contact bounces.</param>
    /// <param name="time">The clock of edges where the chip has no interrupts.</param>
    /// <exception cref="ChipException">It is not there, not permitted, or not a chip.</exception>
    public KernelChip(string path, PinMap map, TimeProvider time)
    {
        (_path, _map, _time) = (path, map, time);
        _chip = Kernel.Open(path);
        if (_chip.IsInvalid) throw Refused(Marshal.GetLastPInvokeError(), $"{path} cannot be opened");
        var chip = default(Kernel.ChipInformation);
        if (Kernel.Control(_chip, Kernel.GetChipInformation, &chip) < 0)
        {
            var error = Refused(Marshal.GetLastPInvokeError(), $"{path} does not answer as a GPIO chip");
            _chip.Dispose();
            throw error;
        }
        _lines = new Line?[chip.Lines];
    }

    /// <inheritdoc />
    protected override int PinCount => _lines.Length;

    /// <inheritdoc />
    protected override void OpenPin(int pinNumber)
    {
        if (pinNumber >= _lines.Length)
            throw new ChipException("gpio-line-missing", $"{_path} has lines 0–{_lines.Length - 1}, the pin map uses {pinNumber}: correct the pin map (gpio.pinMap) or the chip (gpio.chip).");
    }

    /// <inheritdoc />
    protected override void ClosePin(int pinNumber)
    {
        if (pinNumber >= _lines.Length) return;
        _lines[pinNumber]?.File.Dispose();
        _lines[pinNumber] = null;
    }

    /// <summary>
    /// Requests a line under its own name; an output has its first level in the same call, an input its edges and its
    /// debounce. Where the chip has no interrupts the input is requested plainly and its edges are made from its levels.
    /// </summary>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        ClosePin(pinNumber);
        var pin = _map.Pins.FirstOrDefault(pin => pin.Line == pinNumber);
        var request = new Kernel.LineRequest { LineCount = 1, Flags = FlagsOf(mode) };
        request.Offsets[0] = (uint)pinNumber;
        Encoding.ASCII.GetBytes(pin is null ? "inspection" : "inspection:" + pin.Name, request.Consumer);
        if (mode == PinMode.Output)
            AddAttribute(ref request, Kernel.AttributeOutputValues, initialValue == PinValue.High ? 1UL : 0);
        var plain = request;
        if (mode != PinMode.Output)
        {
            (request.Flags, request.EventBufferSize) = (request.Flags | Kernel.FlagBothEdges, KernelEdges.Kept);
            if (pin is { Debounce.Ticks: > 0 }) AddAttribute(ref request, Kernel.AttributeDebounce, (ulong)pin.Debounce.TotalMicroseconds);
        }
        var refused = Kernel.Control(_chip, Kernel.GetLine, &request) < 0;
        if (refused && mode != PinMode.Output && Kernel.Control(_chip, Kernel.GetLine, &plain) >= 0)
        {
            var file = new SafeFileHandle(plain.File, ownsHandle: true);
            _lines[pinNumber] = new Line(file, mode, null, null);
            _lines[pinNumber] = new Line(file, mode, null, new PolledEdges(Get(pinNumber), pin?.Debounce ?? default, _time));
            AddPolled(pin?.Name ?? $"line {pinNumber}");
            return;
        }
        if (refused) throw Refused(Marshal.GetLastPInvokeError(), $"line {pinNumber} of {_path} cannot be used as {(mode == PinMode.Output ? "an output" : "an input")}");
        var opened = new SafeFileHandle(request.File, ownsHandle: true);
        _lines[pinNumber] = new Line(opened, mode, mode == PinMode.Output ? null : new KernelEdges(opened), null);
        if (mode != PinMode.Output && !Kernel.TrySetNonBlocking(opened)) throw Refused(Marshal.GetLastPInvokeError(), $"line {pinNumber} of {_path} cannot be read without waiting");
    }

    /// <inheritdoc />
    internal override TimeProvider Time => _time;

    /// <inheritdoc />
    internal override int TakeEdges(int line, Span<LineEdge> into)
    {
        var opened = Opened(line);
        if (opened.Edges is { } edges) return edges.Take(into);
        return opened.Polled?.Take(Get(line), into) ?? throw new InvalidOperationException($"Line {line} is an output.");
    }

    /// <inheritdoc />
    protected override PinMode GetPinMode(int pinNumber) => Opened(pinNumber).Mode;

    /// <inheritdoc />
    protected override PinValue Read(int pinNumber)
    {
        var values = new Kernel.LineValues { Mask = 1 };
        Transfer(pinNumber, Kernel.GetValues, &values, "read");
        return (values.Bits & 1) != 0;
    }

    /// <inheritdoc />
    protected override void Write(int pinNumber, PinValue value)
    {
        var values = new Kernel.LineValues { Mask = 1, Bits = value == PinValue.High ? 1UL : 0 };
        Transfer(pinNumber, Kernel.SetValues, &values, "written");
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        // After a failed constructor, the finalizer finds no lines.
        for (var i = 0; disposing && i < _lines.Length; i++) ClosePin(i);
        if (disposing) _chip.Dispose();
        base.Dispose(disposing);
    }

    private void Transfer(int line, uint request, Kernel.LineValues* values, string what)
    {
        if (Kernel.Control(Opened(line).File, request, values) >= 0) return;
        var error = Marshal.GetLastPInvokeError();
        throw new IOException($"line {line} of {_path} could not be {what}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private Line Opened(int line) => _lines[line] ?? throw new IOException($"line {line} of {_path} is not open");

    private static void AddAttribute(ref Kernel.LineRequest request, uint id, ulong value)
        => request.Attributes[(int)request.AttributeCount++] = new Kernel.LineAttribute { Id = id, Value = value, Mask = 1 };

    private static ulong FlagsOf(PinMode mode) => mode switch
    {
        PinMode.Output => Kernel.FlagOutput,
        PinMode.InputPullDown => Kernel.FlagInput | Kernel.FlagPullDown,
        PinMode.InputPullUp => Kernel.FlagInput | Kernel.FlagPullUp,
        _ => Kernel.FlagInput,
    };

    private static ChipException Refused(int error, string what) => error switch
    {
        Kernel.NoSuchFile or Kernel.NoDevice => new("gpio-chip-missing", $"{what}: there is no such chip. Look in /dev for gpiochip*, then correct gpio.chip or plug the board in."),
        Kernel.NoPermission => new("gpio-no-permission", $"{what}: no permission. Add the station's user to the group that owns it (often gpio), then sign in anew."),
        Kernel.Busy => new("gpio-line-busy", $"{what}: another program or driver holds it. gpioinfo (Debian's package gpiod) says which; end it or choose another line in the pin map."),
        Kernel.NotATerminal or Kernel.Invalid => new("gpio-not-a-chip", $"{what}: it is no GPIO chip, or its kernel is older than 5.10 or cannot do what the pin map asks. Correct gpio.chip, or set bias to none where the board has a resistor."),
        _ => new("gpio-failed", $"{what}: {Marshal.GetPInvokeErrorMessage(error)}."),
    };

    private sealed record Line(SafeFileHandle File, PinMode Mode, KernelEdges? Edges, PolledEdges? Polled);
}
