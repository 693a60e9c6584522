namespace Inspection.Gpio.Tests.Circuit;

/// <summary>What one circuit does in one corner. Times in ms, counted from the last edge of the heartbeat.</summary>
/// <param name="Corner">The corner.</param>
/// <param name="StaticMilliampere">Largest coil current before any beat: enabled, 24 V comes, line low, one edge, then high.</param>
/// <param name="StaticFor">How long that current was above what releases, in ms: 0, or the effect of the one edge; null: to the end.</param>
/// <param name="PullIn">From the first beat at 50 Hz until the coil has what the relay's maker guarantees to pull in; null: never.</param>
/// <param name="DropHigh">Until the contact is open after the line is stuck high; null: not within 1.5 s.</param>
/// <param name="DropLow">The same after the line is stuck low.</param>
/// <param name="Bridged">The longest silence that the relay does not notice.</param>
/// <param name="EnableDrop">Until the contact is open after relay-enable falls while the beats go on.</param>
/// <param name="GateVolts">Mean at the gate while it beats at 50 Hz.</param>
internal sealed record WatchdogRun(
    Corner Corner, double StaticMilliampere, double? StaticFor, double? PullIn, double? DropHigh, double? DropLow, double Bridged, double? EnableDrop, double GateVolts)
{
    /// <summary>The maker's limits of 3RH2122-.KB40: pulls in from 0.7 × 24 V at the coil, has released below 10 mA.</summary>
    public const double PullInVolts = 16.8, ReleaseAmpere = 0.010;

    /// <summary>From that current until the contact is open, at most.</summary>
    public const double ContactOpens = 20;

    /// <summary>The goal for every corner.</summary>
    public const double MostMilliseconds = 400;

    /// <summary>A trip that the program knows of must have opened the contact after so many ms.</summary>
    public const double MostAfterEnable = 50;

    private const double OneEdge = 0.3, BeatsFor = 0.8, Silence = 0.8;

    public double? Slowest => DropHigh is { } high && DropLow is { } low ? Math.Max(high, low) : null;

    /// <summary>What is not as it must be; empty where all goals are met.</summary>
    public IEnumerable<string> Misses()
    {
        if (StaticMilliampere >= ReleaseAmpere * 1000) yield return $"{StaticMilliampere:F1} mA on a static line";
        if (PullIn is null) yield return "does not pull in at 50 Hz";
        if (Slowest is not <= MostMilliseconds) yield return Slowest is { } slowest ? $"drops out after {slowest:F0} ms" : "does not drop out";
        if (EnableDrop is not <= MostAfterEnable) yield return $"opens {EnableDrop:F0} ms after relay-enable falls";
    }

    /// <summary>Runs the sequence: static low, one edge, static high; beats, stuck high; beats, stuck low; beats, enable falls.</summary>
    public static WatchdogRun Of(Netlist circuit, Corner corner, params (string Name, double Value)[] also) => Simulate(circuit, corner, also).Run;

    /// <summary>The same, with all points and when the line was stuck low, in seconds.</summary>
    public static (WatchdogRun Run, Trace Trace, double StuckLow) Simulate(Netlist circuit, Corner corner, params (string Name, double Value)[] also)
    {
        // Enabled almost from the first moment, so that switching 24 V on is itself one of the edges that must do nothing.
        var enable = new Beats().Hold(0.001).Level(true, 0.2);
        var heartbeat = new Beats().Hold(OneEdge).Level(true, 0.7);
        var beats1 = heartbeat.End;
        heartbeat.At(50, BeatsFor);
        if (!heartbeat.High) heartbeat.Hold(0.01).At(50, 0.01);
        var stuckHigh = heartbeat.LastEdge;
        heartbeat.Hold(Silence);
        heartbeat.At(50, BeatsFor);
        if (heartbeat.High) heartbeat.Hold(0.01).At(50, 0.01);
        var stuckLow = heartbeat.LastEdge;
        heartbeat.Hold(Silence);
        heartbeat.At(50, BeatsFor);
        var enableFalls = heartbeat.End - 0.3;
        enable.Level(true, enableFalls - enable.End).Level(false, 0.3);

        var trace = circuit.Run(corner, heartbeat, enable, also);
        var pullIn = trace.Reaches(PullInVolts / corner.CoilOhms, beats1, stuckHigh);
        var run = new WatchdogRun(
            corner,
            trace.MostCoil(0, beats1) * 1000,
            (trace.LastAbove(ReleaseAmpere, OneEdge, beats1) - OneEdge) * 1000,
            (pullIn - beats1) * 1000,
            Drop(trace, stuckHigh, stuckHigh + Silence),
            Drop(trace, stuckLow, stuckLow + Silence),
            Math.Min(Bridge(trace, stuckHigh), Bridge(trace, stuckLow)),
            Drop(trace, enableFalls, enableFalls + 0.3),
            trace.MeanGate(stuckHigh - 0.4, stuckHigh));
        return (run, trace, stuckLow);
    }

    private static double? Drop(Trace trace, double from, double to)
        => (trace.LastAbove(ReleaseAmpere, from, to) - from) * 1000 + ContactOpens;

    // The MOSFET closes when the current starts to fall; before that nothing has happened to the relay.
    private static double Bridge(Trace trace, double from)
    {
        var steady = trace.MostCoil(from - 0.02, from);
        return ((trace.FallsBelow(0.9 * steady, from, from + Silence) ?? from + Silence) - from) * 1000;
    }
}
