namespace Inspection.Gpio.Tests.Circuit;

/// <summary>One component of the watchdog circuit, open or short.</summary>
/// <param name="Part">Its name in the netlist, the drawing and the list of parts.</param>
/// <param name="Mode">How it fails.</param>
/// <param name="Circuit">The circuit with that fault.</param>
internal sealed record Fault(string Part, string Mode, Netlist Circuit)
{
    // Resistors that stand for a property of another part, and the coil, whose faults are values of their own.
    private static readonly string[] NotParts = ["Rsupply", "RK1open", "RK1", "LK1", "RK1short", "CK1", "CQ2", "CQ3", "RQ2short", "RQ3short", "RD1", "RD2", "Vsupply"];

    /// <summary>Values that make the fault, besides the circuit.</summary>
    public (string Name, double Value)[] Values { get; private init; } = [];

    /// <summary>All single faults: every part open and short between any two of its terminals.</summary>
    public static IEnumerable<Fault> All()
    {
        yield return new("K1", "coil open", Netlist.Watchdog) { Values = [("coilOpen", 1e9)] };
        yield return new("K1", "coil short", Netlist.Watchdog) { Values = [("coilShort", 1e-3)] };
        foreach (var words in Netlist.Watchdog.Components.Where(words => !NotParts.Contains(words[0])))
        {
            var part = NameOf(words[0]);
            if (words[0][0] is 'Q' or 'M')
            {
                string[] pins = words[0][0] == 'Q' ? ["collector", "base", "emitter"] : ["drain", "gate", "source"];
                yield return new(part, "open", Netlist.Watchdog.With(words[0], "* open"));
                foreach (var (a, b) in new[] { (0, 1), (0, 2), (1, 2) })
                    yield return new(part, $"{pins[a]}–{pins[b]} short", Netlist.Watchdog.With("Rfault", $"Rfault {words[1 + a]} {words[1 + b]} 1m"));
                continue;
            }
            yield return new(part, "open", Netlist.Watchdog.With(words[0], $"R{words[0]}open {words[1]} {words[2]} 1G"));
            // A fuse or a switch that no longer opens shows nothing here; see failure-modes.md.
            if (part is "F1" or "S1") continue;
            yield return new(part, "short", Netlist.Watchdog.With("Rfault", $"Rfault {words[1]} {words[2]} 1m"));
        }
    }

    /// <summary>What a fault does, by the run of the circuit that has it.</summary>
    public static string Effect(WatchdogRun run)
    {
        var watchdogLost = run.StaticFor is null || run.Slowest is null;
        var enableLost = run.PullIn is not null && run.EnableDrop is null;
        if (watchdogLost && enableLost) return "**dangerous**: neither line opens";
        if (watchdogLost) return "**watchdog lost**: only relay-enable opens";
        if (run.Slowest > WatchdogRun.MostMilliseconds) return $"**slow**: watchdog opens after {run.Slowest:F0} ms";
        if (run.StaticFor > 0) return $"**slow**: a single edge holds the relay for {run.StaticFor:F0} ms";
        if (enableLost) return "**relay-enable lost**: only the watchdog opens";
        if (run.PullIn is null) return "safe: does not pull in";
        return "none seen: pulls in, and both lines open in time";
    }

    private static string NameOf(string component) => component switch
    {
        "RF1" => "F1",
        "RS1" => "S1",
        "M2" => "Q2",
        "M3" => "Q3",
        _ => component,
    };
}
