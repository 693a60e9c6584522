using Inspection.Core;
using Inspection.Station.CommandLine;

namespace Inspection.Station.Hosting;

/// <summary>Runs the station.</summary>
internal static class Run
{
    public static Task<int> StationAsync(RunRequest request)
        => Task.FromResult(Output.Fail(new Failure("not-built-in", $"Running on {request.Data} is not built into this version.")));
}
