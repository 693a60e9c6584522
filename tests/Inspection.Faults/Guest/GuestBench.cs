using System.Diagnostics;
using System.Globalization;
using Inspection.Gpio;

namespace Inspection.Faults;

/// <summary>
/// The station on a chip of the kernel's gpio-sim, within the guest. This process is the hardware around it: it drives
/// the inputs through the chip's pull attributes, watches the outputs by kernel events, and lets the mirror contact
/// follow the worst relay of <c>hardware/circuit/results.md</c>.
/// </summary>
internal sealed class GuestBench : Bench
{
    private const string Driver = "/sys/bus/platform/drivers/gpio-sim", Parameters = "/sys/module/gpio_sim_guest/parameters";

    // What the store calls a full disk, in bytes.
    private const long LeastFree = 1024 * 1024;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    private readonly string _device;
    private readonly KernelLines _lines;
    private readonly PinMap _map = PinMap.Default;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, bool> _levels = [];
    private readonly Dictionary<string, bool> _pulled = [];
    private bool? _mirror;

    /// <summary>Starts it; the line does not run yet.</summary>
    public GuestBench(string root, TimeSpan loopDeadline)
        : base(root, loopDeadline)
    {
        _device = Directory.GetDirectories("/sys/devices/platform/gpio-sim.0", "gpiochip*").Single();
        Write(Path.GetFileName(_device));
        _lines = new KernelLines(Path.GetFileName(_device), _map, Relay);
        foreach (var pin in _map.Pins.Where(pin => pin.IsInput)) _levels[pin.Name] = pin.LevelOf(false);
        new Thread(Follow) { IsBackground = true, Name = "inputs" }.Start();
        Station = new StationChild(new Child(Program, ["station", Data, Model], Limits), TimeSpan.FromSeconds(10));
    }

    /// <inheritdoc />
    public override bool IsGuest => true;

    /// <summary>What another program is told that wants the lines.</summary>
    /// <param name="through">The program that starts it, with its arguments; none for this user.</param>
    public string Opening(params string[] through)
    {
        string[] line = [.. through, Program, "open", Path.GetFileName(_device)];
        using var other = new Child(line[0], line[1..]);
        other.Process.WaitForExit();
        Wait.For(() => other.Lines.Count > 0, TimeSpan.FromSeconds(5));
        return other.Lines is [var said, ..] ? said : $"nothing: {other.Errors.ReplaceLineEndings(" / ")}";
    }

    /// <inheritdoc />
    public override long Press(string input, bool pressed)
    {
        if (input == LineNames.Key) Pull(LineNames.KeyOpening, _map[LineNames.KeyOpening].LevelOf(pressed));
        return Pull(input, _map[input].LevelOf(pressed));
    }

    /// <inheritdoc />
    public override long Cut(string input) => Pull(input, _map[input].Bias == Bias.PullUp);

    /// <inheritdoc />
    public override long Stick(string output, bool? high)
    {
        var mask = high is null ? "0" : (1UL << _map[output].Line).ToString(CultureInfo.InvariantCulture);
        if (high != false) File.WriteAllText(Parameters + "/stuck_high", mask);
        if (high != true) File.WriteAllText(Parameters + "/stuck_low", mask);
        var now = Nanoseconds.Now;
        _lines.Stick(output, high);
        return now;
    }

    /// <summary>
    /// Takes the driver from the chip, in a process of its own: the kernel has the chip gone at once, but returns only when
    /// nobody holds a line of it any more.
    /// </summary>
    public override void ChipGone(bool gone)
    {
        if (!gone) throw new NotSupportedException("The chip does not come back while the station holds its lines.");
        using var unbind = Process.Start("/usr/bin/bash", ["-c", $"echo gpio-sim.0 >{Driver}/unbind"]);
    }

    /// <inheritdoc />
    public override long Mirror(bool? pulledIn)
    {
        lock (_gate) _mirror = pulledIn;
        return Nanoseconds.Now;
    }

    /// <inheritdoc />
    public override long FillLedgerDisk(bool full) => Fill(Path.Combine(Data, "ledger", "ballast"), full);

    /// <inheritdoc />
    public override void HangLedgerDisk(bool hung) => Run("fsfreeze", hung ? "-f" : "-u", Path.Combine(Data, "ledger"));

    /// <inheritdoc />
    public override void FillPictureDisk(bool full) => Fill(Path.Combine(Data, "pictures", "ballast"), full);

    /// <inheritdoc />
    public override void StepClock(TimeSpan by)
        => Run("date", "-s", (TimeProvider.System.GetUtcNow() + by).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC");

    private long Pull(string input, bool high)
    {
        lock (_gate)
        {
            _levels[input] = high;
            Write(input, high);
            return Nanoseconds.Now;
        }
    }

    private void Write(string input, bool high)
    {
        if (_pulled.TryGetValue(input, out var before) && before == high) return;
        _pulled[input] = high;
        File.WriteAllText($"{_device}/sim_gpio{_map[input].Line}/pull", high ? "pull-up" : "pull-down");
    }

    /// <summary>Has every input be what it should, and the mirror contact follow the relay.</summary>
    private void Follow()
    {
        var feedback = _map[LineNames.RelayFeedback];
        for (var step = 0; ; step++)
        {
            Wait.Past(Step);
            lock (_gate)
            {
                // Whoever requests an input sets its resistor as the pin map says, so all are pulled anew now and then.
                if (step % 25 == 0) _pulled.Clear();
                _levels[feedback.Name] = feedback.LevelOf(_mirror ?? Relay.IsClosed(Nanoseconds.Now));
                try
                {
                    foreach (var (input, high) in _levels) Write(input, high);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // The chip was taken away; what it is to read is written when it is back.
                    _pulled.Clear();
                }
            }
        }
    }

    /// <summary>Fills a file system to the last block, or frees it.</summary>
    /// <returns>When the write began that left less than the station wants.</returns>
    private static long Fill(string file, bool fill)
    {
        long full = 0;
        if (!fill)
        {
            File.Delete(file);
            return full;
        }
        using var ballast = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = new byte[1 << 20]; block.Length >= 512;)
        {
            try
            {
                var before = Nanoseconds.Now;
                ballast.Write(block);
                ballast.Flush(flushToDisk: block.Length < 4096);
                if (full == 0 && new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace < LeastFree) full = before;
            }
            catch (IOException)
            {
                block = new byte[block.Length / 2];
            }
        }
        return full;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed");
    }
}
