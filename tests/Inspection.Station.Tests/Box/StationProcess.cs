using System.Diagnostics;
using System.Runtime.InteropServices;
using Inspection.Testing;

namespace Inspection.Station.Tests;

/// <summary>The real program in its own process.</summary>
internal sealed partial class StationProcess : IAsyncDisposable
{
    public const int Interrupt = 2, Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly List<string> _said = [];
    private readonly Task<string> _output;

    private StationProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_said) _said.Add(line.Data ?? "");
        };
        process.BeginErrorReadLine();
        _output = process.StandardOutput.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Everything on stderr so far.</summary>
    public string Said
    {
        get
        {
            lock (_said) return string.Join('\n', _said);
        }
    }

    /// <summary>Starts a command; stdin is at its end unless given.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="input">What is typed.</param>
    /// <param name="more">Whether the person still sits there when all is typed.</param>
    public static StationProcess Start(IEnumerable<string> arguments, string? input = null, bool more = false)
        => Start(new ProcessStartInfo(Program, arguments), input, more);

    /// <summary>Starts a command that a limit on the size of its files does not kill: its writes fail instead, as on a full disk.</summary>
    public static StationProcess StartOnDiskThatCanFill(IEnumerable<string> arguments)
        => Start(new ProcessStartInfo("bash", ["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", Program, .. arguments]), null);

    /// <summary>Starts a command whose files take not a single byte.</summary>
    public static StationProcess StartOnDiskWithoutRoom(IEnumerable<string> arguments)
        => Start(new ProcessStartInfo("bash", ["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"", Program, .. arguments]), null);

    /// <summary>Types a line at a command that was started with more to come, and ends stdin.</summary>
    public void Type(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Close();
    }

    /// <summary>From now on no file of the process takes another byte.</summary>
    public async Task FillDiskAsync()
    {
        using var limit = Process.Start("prlimit", ["--pid", $"{Id}", "--fsize=1"]);
        await limit.WaitForExitAsync();
        limit.ExitCode.ShouldBe(0);
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "inspection");

    private static StationProcess Start(ProcessStartInfo start, string? input, bool more = false)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        // As src/run.sh does.
        start.Environment["INSPECTION_HOME"] = StationBox.Repository;
        var process = Process.Start(start)!;
        if (input is not null) process.StandardInput.WriteLine(input);
        if (more) process.StandardInput.Flush();
        else process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Exit, string Said, string Output)> RunAsync(params string[] arguments)
    {
        await using var station = Start(arguments);
        var exit = await station.ExitAsync();
        return (exit, station.Said, await station._output);
    }

    /// <summary>Waits until the station is up.</summary>
    public Task ReadyAsync() => Eventually.Holds(() => Said.Contains("The line is Stopped", StringComparison.Ordinal) || _process.HasExited, Patience);

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>What was printed on stdout, once the process has ended.</summary>
    public Task<string> OutputAsync() => _output;

    public void Signal(int signal) => Send(_process.Id, signal);

    public static void Send(int pid, int signal) => SendSignal(pid, signal).ShouldBe(0);

    /// <summary>Ends it in good order.</summary>
    public async Task<int> EndAsync()
    {
        Signal(Interrupt);
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
