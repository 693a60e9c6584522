using System.Collections.Concurrent;

namespace Inspection.Gpio.Tests.Circuit;

public sealed class WatchdogCircuitTests(ITestOutputHelper output)
{
    private static readonly Corner Nominal = new("nominal");

    private static bool Long => Environment.GetEnvironmentVariable("INSPECTION_LONG") == "circuit";

    private static (string Name, double Value)[] BothMosfetsShort => [("shortQ2", 1e-3), ("shortQ3", 1e-3)];

    [Fact]
    [Trait("Long", "circuit")]
    public void In_every_corner_the_relay_pulls_in_at_50_Hz_opens_within_400_ms_of_the_last_edge_and_stays_open_on_a_static_line()
    {
        var runs = Each(Corner.All(Long ? 240 : 20), corner => WatchdogRun.Of(Netlist.Watchdog, corner));
        foreach (var line in Report.Table(runs)) output.WriteLine(line);
        if (Long) Report.Write(runs);
        runs.SelectMany(run => run.Misses().Select(miss => $"{run.Corner.Name}: {miss}")).ShouldBeEmpty();
    }

    [Fact]
    public void The_first_draft_misses_the_goals_which_is_why_there_are_more_parts()
    {
        var misses = Each([.. Corner.All(20).Where(corner => corner.Name is "nominal" or "longest drop-out" or "weakest pull-in")], corner => WatchdogRun.Of(Netlist.FirstDraft, corner))
            .SelectMany(run => run.Misses().Select(miss => $"{run.Corner.Name}: {miss}")).ToList();
        foreach (var miss in misses) output.WriteLine(miss);
        misses.ShouldContain(miss => miss.Contains("drops out after"));
        misses.ShouldContain(miss => miss.Contains("does not pull in"));
    }

    [Fact]
    [Trait("Long", "circuit")]
    public void Beats_of_50_and_100_Hz_hold_the_relay_and_the_slower_ones_are_shown()
    {
        var corners = Corner.All(20).Where(corner => Long || corner.Name is "nominal" or "longest drop-out" or "weakest pull-in").ToArray();
        var seen = Each(corners, corner => At(corner, 10, 20, 50, 100));
        var rows = seen.Select((held, at) => $"| {corners[at].Name} | {string.Join(" | ", held)} |").ToList();
        foreach (var row in rows) output.WriteLine(row);
        if (Long) Report.WriteFrequencies(rows);
        foreach (var held in seen) held[2..].ShouldBe(["holds", "holds"]);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(28)]
    public void With_the_stop_switch_open_no_coil_current_flows_though_both_MOSFETs_are_short_and_the_beats_go_on(double supply)
    {
        foreach (var celsius in new[] { -20.0, 60 })
        {
            var trace = Netlist.Watchdog.Run(
                Nominal with { Supply = supply, Celsius = celsius }, new Beats().Hold(0.1).At(50, 1).Hold(0.1), new Beats().Level(true, 1.2),
                [.. BothMosfetsShort, ("stopR", 1e9)]);
            trace.MostCoil(0, 1.2).ShouldBeLessThan(10e-6);
        }
    }

    [Fact]
    public void With_both_MOSFETs_short_the_coil_is_energised_whatever_the_lines_say_so_the_stop_switch_is_the_only_way_left()
        => Netlist.Watchdog.Run(Nominal, new Beats().Hold(1), new Beats().Hold(1), BothMosfetsShort).MostCoil(0, 1).ShouldBeGreaterThan(0.1);

    [Theory]
    [InlineData("coilOpen", 1e9)]
    [InlineData("coilShort", 1e-3)]
    public void A_coil_that_is_open_or_short_never_pulls_in(string name, double value)
    {
        foreach (var corner in new[] { Nominal, Nominal with { Supply = 28, Celsius = -20 }, Nominal with { Supply = 20, Celsius = 60 } })
            WatchdogRun.Of(Netlist.Watchdog, corner, (name, value)).PullIn.ShouldBeNull();
    }

    [Fact]
    public void A_shorted_coil_draws_many_times_what_blows_the_fuse()
    {
        var trace = Netlist.Watchdog.Run(Nominal, new Beats().Hold(0.1).At(50, 1).Hold(0.1), new Beats().Level(true, 1.2), ("coilShort", 1e-3));
        output.WriteLine($"without a fuse {trace.MostSupply(0, 1.2):F1} A; fuse F1 is 0.315 A");
        trace.MostSupply(0, 1.2).ShouldBeGreaterThan(10 * 0.315);
    }

    [Fact]
    [Trait("Long", "circuit")]
    public void The_page_of_faults_says_what_each_single_fault_does()
    {
        var faults = Fault.All().ToList();
        var done = new ConcurrentDictionary<Fault, WatchdogRun>();
        Parallel.ForEach(faults, new ParallelOptions { MaxDegreeOfParallelism = 2 }, fault => done[fault] = WatchdogRun.Of(fault.Circuit, Nominal, fault.Values));
        var rows = faults.Select(fault => (fault, Report.Row(fault, done[fault]))).ToList();
        foreach (var (_, row) in rows) output.WriteLine(row);
        if (Long) Report.WriteFaults(rows.Select(row => row.Item2));
        var page = File.ReadAllText(Repository.File("hardware/circuit/faults.md"));
        // The words, not the milliseconds: those may differ by one with another release of ngspice.
        foreach (var (fault, row) in rows) page.ShouldContain($"| {fault.Part} | {fault.Mode} | {Fault.Effect(done[fault]).Split([" after ", " for "], StringSplitOptions.None)[0]}", customMessage: row);
    }

    [Fact]
    public void The_results_are_those_of_the_circuit_as_it_is()
    {
        var page = File.ReadAllText(Repository.File("hardware/circuit/results.md"));
        page.ShouldContain(Report.Fingerprint, customMessage: "the netlist was changed: bash tests/run.sh --long circuit writes the results anew");
        page.Split('\n').Count(line => line.StartsWith("| ", StringComparison.Ordinal)).ShouldBeGreaterThan(200);
    }

    private static string[] At(Corner corner, params double[] hertz)
    {
        var heartbeat = new Beats().Hold(0.1);
        var spans = new List<(double From, double To)>();
        foreach (var frequency in hertz)
        {
            var from = heartbeat.End;
            heartbeat.At(frequency, 1.2);
            spans.Add((from, heartbeat.End));
            heartbeat.Level(false, 0.7);
        }
        var trace = Netlist.Watchdog.Run(corner, heartbeat, new Beats().Level(true, heartbeat.End));
        var enough = WatchdogRun.PullInVolts / corner.CoilOhms;
        return [.. spans.Select(span => trace.Reaches(enough, span.From, span.To) is null ? "stays open"
            : trace.FallsBelow(enough, span.To - 0.4, span.To) is null ? "holds" : "chatters")];
    }

    private static T[] Each<T>(IReadOnlyList<Corner> corners, Func<Corner, T> run)
    {
        var done = new T[corners.Count];
        Parallel.For(0, corners.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, at => done[at] = run(corners[at]));
        return done;
    }
}
