using System.Text.Json;

namespace Inspection.Faults;

/// <summary>
/// <c>guest ROOT MILLISECONDS</c>: brings the line to Running within the guest with that loopDeadline, says so, and then
/// makes the fault that each line of stdin names. The host saves the machine once it runs, and loads it before each fault.
/// </summary>
internal static class GuestCommand
{
    /// <summary>Before each line that is meant for the host.</summary>
    public const string Running = "running ", Result = "row ", Failed = "failed ";

    /// <summary>Asks what a second program is told that wants the lines of the running station, and one that may not have the chip at all.</summary>
    public const string Refusals = "refusals", Refused = "refused ";

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(90);

    public static int Run(string root, int loopDeadline)
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "-1000");
            using var bench = new GuestBench(root, TimeSpan.FromMilliseconds(loopDeadline));
            bench.Station.Ready(LongestStart);
            bench.RunSteadily(Steady, TimeSpan.FromSeconds(10));
            Console.WriteLine($"{Running}{loopDeadline}");
            while (Console.ReadLine() is { } name)
            {
                if (name == Refusals) Console.WriteLine($"{Refused}{bench.Opening()} {bench.Opening("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")} {bench.Station.Look()?.State}");
                if (FaultTable.All.FirstOrDefault(fault => fault.Name == name) is { } fault)
                    Console.WriteLine(Result + JsonSerializer.Serialize(new Trial(bench, fault).Run()));
            }
            return 0;
        }
#pragma warning disable CA1031 // the host must learn why the guest gives up
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.WriteLine($"{Failed}{loopDeadline} ms: " + e.ToString().ReplaceLineEndings(" / "));
            return 1;
        }
    }
}
