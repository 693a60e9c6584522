using Inspection.Station.CommandLine;
using Inspection.Station.Settings;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>Runs the station until a signal, or until a source that is played once has ended.</summary>
internal static class Run
{
    public static async Task<int> StationAsync(RunRequest request)
    {
        LastResort.EndWithoutMemory();
        using var signals = new Signals();
        using var logs = LoggerFactory.Create(StationLogging.Configure);
        var time = TimeProvider.System;
        var folder = DataFolder.Open(request.Data, time);
        if (!folder.Succeeded) return Output.Fail(folder.Failure);
        using var data = folder.Value;
        var reading = SettingsFile.Read(data.Root, request);
        if (reading.Errors.Count > 0) return Output.Fail(reading.Errors);

        var started = await StationHost.StartAsync(data, reading.Settings, request, time, logs);
        if (!started.Succeeded) return Output.Fail(started.Failure);
        var station = started.Value;
        Announce(station.Parts);
        try
        {
            OnceReport? report;
            await using (station)
            {
                if (!request.Once) await Until(signals.Asked);
                else await OnceRun.WaitAsync(station.Parts, signals.Asked);
                report = request.Once ? OnceRun.Report(station.Parts) : null;
            }
            return report is null ? ExitCodes.Done : Tell(report with { NotStored = report.NotStored + station.Parts.Ledger.NotStored }, request.Json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail(new Core.Failure("ledger-unreadable", $"The ledger cannot be read any more: {e.Message} Check the disk."));
        }
    }

    private static void Announce(StationParts station)
    {
        StationLog.Page(station.Log, PageHost.Url(station.Settings.Http));
        var host = station.Settings.Mqtt.Host ?? "localhost";
        StationLog.Mqtt(station.Log, $"{host}:{station.Mqtt.Port}", station.Settings.Mqtt.Root);
        StationLog.Ready(station.Log);
    }

    private static async Task Until(CancellationToken asked)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = asked.Register(ended.SetResult);
        await ended.Task;
    }

    private static int Tell(OnceReport report, bool json)
    {
        Output.Say($"{report.Verdicts} parts were judged once.");
        foreach (var waiting in report.Waiting)
            Output.Say($"{waiting.Verdicts} verdicts wait for {(waiting.Consumer.Length == 0 ? "a first subscriber" : waiting.Consumer)}.");
        if (report.Broken is { } broken) Output.Say($"inspection: the source was not played to its end: {broken}");
        if (report.NotStored > 0) Output.Say($"inspection: {report.NotStored} verdicts could not be stored. Check the disk.");
        if (json) Output.Print(report);
        return report is { NotStored: 0, Broken: null } ? ExitCodes.Done : ExitCodes.Failed;
    }
}
