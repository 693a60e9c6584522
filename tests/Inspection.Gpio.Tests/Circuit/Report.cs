using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Inspection.Gpio.Tests.Circuit;

/// <summary>Writes <c>hardware/circuit/results.md</c> with its two plots, <c>faults.md</c> and <c>frequencies.md</c>, from what was simulated.</summary>
internal static class Report
{
    /// <summary>Says which netlist the results belong to.</summary>
    public static string Fingerprint
        => "netlist " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File.ReadAllText(Repository.File("hardware/circuit/watchdog.cir")))))[..16];

    public static IEnumerable<string> Table(IReadOnlyList<WatchdogRun> runs)
    {
        yield return "| corner | lines | supply V | °C | static mA | pull-in ms | stuck high ms | stuck low ms | silence bridged ms | relay-enable ms | gate V |";
        yield return "|---|---|---|---|---|---|---|---|---|---|---|";
        foreach (var run in runs)
        {
            var lines = run.Corner.Drive switch { Drive.Logic3V3 => "3.3 V", Drive.Logic5V => "5 V", _ => "24 V" };
            yield return Line($"| {run.Corner.Name} | {lines} | {run.Corner.Supply:F0} | {run.Corner.Celsius:F0} | {run.StaticMilliampere:F2} | {Ms(run.PullIn)} | {Ms(run.DropHigh)} | {Ms(run.DropLow)} | {run.Bridged:F0} | {Ms(run.EnableDrop)} | {run.GateVolts:F1} |");
        }
    }

    public static string Row(Fault fault, WatchdogRun run)
        => Line($"| {fault.Part} | {fault.Mode} | {Fault.Effect(run)} | {Ms(run.PullIn)} | {Ms(run.DropHigh)} | {Ms(run.DropLow)} | {Ms(run.EnableDrop)} |");

    public static void Write(IReadOnlyList<WatchdogRun> runs)
    {
        var slowest = runs.MaxBy(run => run.Slowest ?? double.MaxValue)!;
        var quickest = runs.MinBy(run => Math.Min(run.DropHigh ?? 0, run.DropLow ?? 0))!;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Simulated results of the watchdog circuit

            Written by `bash tests/run.sh --long circuit` (Debian's ngspice) from [watchdog.cir](watchdog.cir); a test refuses this page when the netlist is another: {Fingerprint}.

            {runs.Count} corners: the tolerance of every part, 20–28 V, −20–60 °C, lines of 3.3 V, 5 V and 24 V. {runs.Count(run => !run.Misses().Any())} of them meet all four goals.

            | goal | result |
            |---|---|
            | the watchdog opens the contact within 400 ms of the last edge | {runs.Min(run => Math.Min(run.DropHigh ?? 9999, run.DropLow ?? 9999)):F0}–{runs.Max(run => run.Slowest ?? 9999):F0} ms; slowest: {slowest.Corner.Name}; quickest: {quickest.Corner.Name} |
            | a line that does not move never energises the coil | at most {runs.Max(run => run.StaticMilliampere):F2} mA through the coil, released for certain below 10 mA |
            | pulls in at 50 Hz | in {runs.Count(run => run.PullIn is not null)} of {runs.Count} corners, after {runs.Min(run => run.PullIn ?? 9999):F0}–{runs.Max(run => run.PullIn ?? 9999):F0} ms |
            | `relay-enable` opens the contact within 50 ms | {runs.Min(run => run.EnableDrop ?? 9999):F0}–{runs.Max(run => run.EnableDrop ?? 9999):F0} ms |

            A silence of {runs.Min(run => run.Bridged):F0} ms ({runs[0].Bridged:F0} ms nominal) is never noticed by the relay.

            Beside these corners the tests show, at 20, 24 and 28 V and in heat and cold: with the stop switch open less than 10 µA flow in the coil though both MOSFETs are short and the beats go on; a coil that is open or short never pulls in, and a short draws many times what blows F1. [faults.md](faults.md) has every part failed, [frequencies.md](frequencies.md) beats of 10, 20 and 100 Hz.

            How to read it: *pull-in* is when the coil has 16.8 V, from where the relay's maker guarantees that it closes (its own 25–130 ms come on top); *stuck high* and *stuck low* are from the last edge to the open contact, coil current below 10 mA plus 20 ms for the armature; *bridged* is the silence after which the coil current begins to fall.

            ![Gate voltage and coil current after the last edge](drop-out.svg)

            ![Drop-out in every corner](corners.svg)


            """);
        foreach (var line in Table(runs)) text.Append(line).Append('\n');
        File.WriteAllText(Repository.File("hardware/circuit/results.md"), text.ToString());
        File.WriteAllText(Repository.File("hardware/circuit/drop-out.svg"), Plot.DropOut(runs[0].Corner, slowest.Corner, quickest.Corner));
        File.WriteAllText(Repository.File("hardware/circuit/corners.svg"), Plot.Corners(runs));
    }

    public static void WriteFrequencies(IEnumerable<string> rows)
        => File.WriteAllText(Repository.File("hardware/circuit/frequencies.md"), $"""
            # Other frequencies of the heartbeat, simulated

            Written by `bash tests/run.sh --long circuit` from [watchdog.cir](watchdog.cir). The station beats at 50 Hz; a slower heartbeat may hold one circuit and not another, so it must not be relied on, either way. *Chatters* means that the coil current falls between two beats.

            | corner | 10 Hz | 20 Hz | 50 Hz | 100 Hz |
            |---|---|---|---|---|
            {string.Join('\n', rows)}

            """);

    public static void WriteFaults(IEnumerable<string> rows)
        => File.WriteAllText(Repository.File("hardware/circuit/faults.md"), $"""
            # Single faults of the watchdog circuit, simulated

            Written by `bash tests/run.sh --long circuit` from [watchdog.cir](watchdog.cir), nominal values, one fault at a time; a test compares it with the simulation in every ordinary run. What each fault means, and who notices it, is in [failure-modes.md](../failure-modes.md). Times are in ms from the last edge of the heartbeat, stuck high and stuck low, and from the fall of `relay-enable`, until the contact is open; 20 means that the coil has no current at all.

            | part | fault | effect | pull-in ms | stuck high ms | stuck low ms | relay-enable ms |
            |---|---|---|---|---|---|---|
            {string.Join('\n', rows)}

            """);

    private static string Ms(double? value) => value is { } number ? number.ToString("F0", CultureInfo.InvariantCulture) : "never";

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
