using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Inspection.Faults;

/// <summary>
/// The guest as the host sees it: Debian's kernel with gpio-sim in an emulated PC, saved once when the line ran and
/// loaded before each fault.
/// </summary>
internal sealed class Guest : IDisposable
{
    private const string Emulator = "/usr/bin/qemu-system-x86_64", Saved = "running";

    private static readonly TimeSpan LongestMake = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestTrial = TimeSpan.FromMinutes(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("inspection-guest-").FullName;
    private readonly Child _machine;
    private readonly Wire _agent;
    private readonly Wire _monitor;

    /// <summary>Boots it until the line runs.</summary>
    public Guest()
    {
        Disk("root", "-b", Path.Combine(Cache, "root.qcow2"), "-F", "qcow2");
        Disk("ledger", "256M");
        // The guest's clock counts instructions, 1 ns each, and jumps over idleness: however busy this machine is, the
        // emulated one is as quick as ever by its own clock.
        _machine = new Child(Emulator,
        [
            "-accel", "tcg,thread=single", "-icount", "shift=0,align=off,sleep=off", "-rtc", "clock=vm", "-cpu", "max", "-smp", "1", "-m", "1536", "-nodefaults", "-display", "none", "-no-reboot",
            "-kernel", Path.Combine(Cache, "vmlinuz"), "-initrd", Path.Combine(Cache, "initrd"), "-append", "console=ttyS0 loglevel=4 panic=-1",
            "-drive", $"file={Path.Combine(_folder, "root.qcow2")},if=virtio,cache=unsafe", "-drive", $"file={Path.Combine(_folder, "ledger.qcow2")},if=virtio,cache=unsafe",
            "-serial", $"file:{Console}", "-serial", $"unix:{Path.Combine(_folder, "agent")},server=on,wait=off", "-monitor", $"unix:{Path.Combine(_folder, "monitor")},server=on,wait=off",
        ]);
        _monitor = new Wire(Path.Combine(_folder, "monitor"));
        _agent = new Wire(Path.Combine(_folder, "agent"));
        var running = _agent.Await(LongestStart, GuestCommand.Running, "failed for good")
            ?? throw new InvalidOperationException($"The guest did not come to run:\n{string.Join('\n', _agent.Lines)}\n{Tail()}");
        if (!running.StartsWith(GuestCommand.Running, StringComparison.Ordinal)) throw new InvalidOperationException(string.Join('\n', _agent.Lines));
        LoopDeadline = running[GuestCommand.Running.Length..];
        Order($"savevm {Saved}");
    }

    /// <summary>Where the guest's parts are kept between runs.</summary>
    public static string Cache { get; } = Environment.GetEnvironmentVariable("INSPECTION_GUEST") ?? Find();

    /// <summary><c>interlock.loopDeadline</c> with which the line ran steadily, in milliseconds.</summary>
    public string LoopDeadline { get; }

    /// <summary>Why there can be no guest here; null when there can.</summary>
    public static string? Missing()
    {
        if (!File.Exists(Emulator)) return "qemu-system-x86 is not installed: apt-get install qemu-system-x86 qemu-utils";
        if (!File.Exists("/usr/bin/apt-get")) return "the guest is made of Debian's packages, and this is not Debian";
        if (!File.ReadAllText("/etc/os-release").Contains("bookworm", StringComparison.Ordinal)) return "the guest is made of the packages of Debian 12, and this is another";
        return null;
    }

    /// <summary>Makes the guest's parts; downloads them the first time.</summary>
    public static void Make()
    {
        using var script = new Child("/bin/bash", [Path.Combine(Here(), "make.sh"), Cache]);
        if (!Wait.For(() => !script.Lives, LongestMake) || script.Process.ExitCode != 0) throw new InvalidOperationException($"The guest could not be made:\n{script.Errors}");
    }

    /// <summary>Loads the machine as it ran and makes one fault.</summary>
    /// <returns>The row; one that says so where the guest gave none.</returns>
    public Row Try(Fault fault)
    {
        Order($"loadvm {Saved}");
        _agent.Forget();
        _agent.Say(fault.Name);
        var answer = _agent.Await(LongestTrial, GuestCommand.Result, GuestCommand.Failed);
        if (answer?.StartsWith(GuestCommand.Result, StringComparison.Ordinal) == true) return JsonSerializer.Deserialize<Row>(answer[GuestCommand.Result.Length..])!;
        return new(fault.Name, fault.Demand, "Running", 0, null, null, null, fault.CountsFrom, "", "", "", "", "", $"the guest gave no row: {answer ?? Tail()}".ReplaceLineEndings(" / "));
    }

    /// <summary>What a second program is told that wants the lines of the running station, what one without the right to the chip, and the station's state afterwards.</summary>
    public string[] Refusals()
    {
        Order($"loadvm {Saved}");
        _agent.Forget();
        _agent.Say(GuestCommand.Refusals);
        return _agent.Await(LongestTrial, GuestCommand.Refused, GuestCommand.Failed)?.Split(' ')[1..] ?? throw new InvalidOperationException(Tail());
    }

    public void Dispose()
    {
        _agent.Dispose();
        _monitor.Dispose();
        _machine.Dispose();
        Directory.Delete(_folder, true);
    }

    private string Console => Path.Combine(_folder, "console");

    private void Order(string order)
    {
        _monitor.Forget();
        _monitor.Say(order);
        // The monitor answers each order with its prompt; an empty one asks for it again.
        _monitor.Say("info status");
        if (_monitor.Await(LongestTrial, "VM status: running") is null) throw new InvalidOperationException($"The emulator did not {order}: {string.Join('\n', _monitor.Lines)} {_machine.Errors}");
    }

    private void Disk(string name, params string[] more)
    {
        using var made = new Child("/usr/bin/qemu-img", ["create", "-q", "-f", "qcow2", .. more.Length > 1 ? more : [], Path.Combine(_folder, name + ".qcow2"), .. more.Length == 1 ? more : []]);
        made.Process.WaitForExit();
        if (made.Process.ExitCode != 0) throw new InvalidOperationException($"qemu-img: {made.Errors}");
    }

    private string Tail() => File.Exists(Console) ? string.Join('\n', File.ReadLines(Console).TakeLast(40)) : "";

    private static string Find() => Path.Combine(Here(), "..", "..", "..", "var", "guest");

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    /// <summary>A serial line of the guest, or the emulator's monitor.</summary>
    private sealed class Wire : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly List<string> _lines = [];
        private readonly StreamWriter _writer;

        public Wire(string path)
        {
            if (!Wait.For(() => File.Exists(path), TimeSpan.FromSeconds(60))) throw new InvalidOperationException($"the emulator did not make {path}");
            _socket.Connect(new UnixDomainSocketEndPoint(path));
            var stream = new NetworkStream(_socket);
            _writer = new StreamWriter(stream) { AutoFlush = true, NewLine = "\n" };
            var reader = new StreamReader(stream);
            new Thread(() =>
            {
                while (Line(reader) is { } line)
                    lock (_lines) _lines.Add(line);
            })
            { IsBackground = true }.Start();
        }

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines) return [.. _lines];
            }
        }

        public void Say(string line) => _writer.WriteLine(line);

        public void Forget()
        {
            lock (_lines) _lines.Clear();
        }

        /// <summary>The first line that has one of the texts, from there on.</summary>
        public string? Await(TimeSpan within, params string[] texts)
        {
            string? found = null;
            Wait.For(() => (found = Lines.SelectMany(line => texts.Select(text => line.IndexOf(text, StringComparison.Ordinal) is >= 0 and var at ? line[at..] : null)).FirstOrDefault(line => line is not null)) is not null, within);
            return found;
        }

        public void Dispose() => _socket.Dispose();

        private static string? Line(StreamReader reader)
        {
            try
            {
                return reader.ReadLine();
            }
            catch (IOException)
            {
                // The emulator has ended.
                return null;
            }
        }
    }
}
