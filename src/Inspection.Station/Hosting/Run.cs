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
            var notStored = station.Parts.Ledger.NotStored;
            if (report is not null) return Tell(report with { NotStored = report.NotStored + notStored }, request.Json);
            if (notStored == 0) return ExitCodes.Done;
            Output.Say($"inspection: {notStored} entries could not be stored before the end. Check the disk: its room, its health.");
            return ExitCodes.Failed;
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
        if (station.Interlock.Snapshot.Obstacle is { } obstacle) StationLog.NotReady(station.Log, obstacle);
        else StationLog.Ready(station.Log);
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
