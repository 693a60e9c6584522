using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Inspection.Gpio.Tests.Circuit;

/// <summary>A netlist of <c>hardware/circuit</c>, run by Debian's ngspice with the values of one corner.</summary>
internal sealed class Netlist
{
    private const string Sources = "* --- sources";

    private readonly string[] _lines;

    private Netlist(string[] lines) => _lines = lines;

    public static Netlist Watchdog { get; } = Load("watchdog.cir");

    public static Netlist FirstDraft { get; } = Load("first-draft.cir");

    /// <summary>The names of all components, in the order of the file.</summary>
    public IEnumerable<string[]> Components
        => _lines.Where(line => line.Length > 0 && char.IsAsciiLetterUpper(line[0])).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The same circuit with another line in place of one, or with one more.</summary>
    public Netlist With(string component, string line)
        => _lines.Any(old => IsOf(old, component))
            ? new([.. _lines.Select(old => IsOf(old, component) ? line : old)])
            : new([.. _lines, line]);

    /// <summary>Runs one transient simulation.</summary>
    /// <param name="corner">Values.</param>
    /// <param name="heartbeat">The heartbeat line.</param>
    /// <param name="enable">The enable line.</param>
    /// <param name="also">Values that differ from the corner's, such as a fault.</param>
    public Trace Run(Corner corner, Beats heartbeat, Beats enable, params (string Name, double Value)[] also)
    {
        var folder = Directory.CreateTempSubdirectory("inspection-circuit-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "run.cir"), Text(corner, heartbeat, enable, also));
            var start = new ProcessStartInfo("ngspice", ["-b", "run.cir"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var file = Path.Combine(folder, "trace.data");
            var trace = File.Exists(file) ? Trace.Read(file) : null;
            // A simulation that gives up early leaves a shorter trace, which must not pass for a result.
            if (trace is null || trace.End < Math.Max(heartbeat.End, enable.End) - 0.001)
                throw new InvalidOperationException($"ngspice did not reach the end for '{corner.Name}':\n{output}\n{error.GetAwaiter().GetResult()}");
            return trace;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Netlist Load(string name)
    {
        var lines = File.ReadAllLines(Repository.File("hardware/circuit/" + name));
        return new([.. lines.TakeWhile(line => !line.StartsWith(Sources, StringComparison.Ordinal))]);
    }

    private static bool IsOf(string line, string component) => line.StartsWith(component + " ", StringComparison.Ordinal);

    private string Text(Corner corner, Beats heartbeat, Beats enable, (string Name, double Value)[] also)
    {
        var values = corner.Values().Concat(also).GroupBy(value => value.Name).ToDictionary(group => group.Key, group => group.Last().Value);
        var text = new StringBuilder();
        foreach (var line in _lines)
        {
            var name = line.StartsWith(".param ", StringComparison.Ordinal) ? line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] : "";
            if (values.TryGetValue(name, out var value)) text.Append(CultureInfo.InvariantCulture, $".param {name} = {value:R}\n");
            else text.Append(line).Append('\n');
        }
        var end = Math.Max(heartbeat.End, enable.End);
        return text.Append(CultureInfo.InvariantCulture, $"""
            Venable enSrc 0 {enable.Source()}
            RenSrc enSrc en 100
            Vbeat hbSrc 0 {heartbeat.Source()}
            RhbSrc hbSrc hb 100
            .tran 1m {end:0.000000} 0 1m uic
            .control
            run
            set wr_singlescale
            wrdata trace.data i(LK1) v(gate) i(Vsupply)
            quit
            .endc
            .end

            """).ToString();
    }
}
