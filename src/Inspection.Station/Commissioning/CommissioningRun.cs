using Inspection.Core;
using Inspection.Gpio;
using Inspection.Station.CommandLine;
using Inspection.Station.Hosting;
using Inspection.Station.Settings;
using Inspection.Store;

namespace Inspection.Station.Commissioning;

/// <summary>What was typed after <c>commission</c>.</summary>
/// <param name="Data">The data folder's full path.</param>
/// <param name="Name">Who does it; null asks.</param>
/// <param name="Checks">Their numbers, in order.</param>
/// <param name="Json">The record as JSON on stdout.</param>
internal sealed record CommissioningRequest(string Data, string? Name, IReadOnlyList<int> Checks, bool Json);

/// <summary>One commissioning from its first question to its report.</summary>
internal static class CommissioningRun
{
    /// <summary>Exit code 0 only where every check of the request passed and the ledger knows of it.</summary>
    public static async Task<int> RunAsync(CommissioningRequest request, TimeProvider time)
    {
        using var signals = new Signals();
        // After the signals: the console installs a handler of its own when it is first touched.
        var person = new Asking(Console.In, Output.Say, time, signals.Asked);
        var (walk, path) = (default(Walk), "");
        try
        {
            var folder = DataFolder.Open(request.Data, time);
            if (!folder.Succeeded) return Output.Fail(folder.Failure);
            bool passed;
            using (var held = folder.Value)
            {
                var reading = SettingsFile.Read(held.Root, new RunRequest(null, null, null, false, true, null, null, request.Data, false));
                if (reading.Errors.Count > 0) return Output.Fail(reading.Errors);
                var gpio = reading.Settings.Gpio;
                // The lines are opened, at rest, before the first question: what stands in the way is told before the work.
                var stages = CheckList.All.Where(check => request.Checks.Contains(check.Number)).Select(check => check.Stage).ToHashSet();
                var opened = stages.Contains(Stage.StationStopped) || stages.Contains(Stage.StationRunning) ? GpioLines.Open(gpio, time) : default;
                if (opened.Failure is { } missing) return Output.Fail(missing);
                using var lines = opened.Value;
                var files = new CommissioningFiles(held.Root);
                var unfinished = files.Unfinished(request.Checks, gpio.Chip);
                if (!unfinished.Succeeded) return Output.Fail(unfinished.Failure);
                var name = request.Name ?? await person.AskAsync("Name of who does this:", static typed => typed.Length is > 0 and <= 64 ? typed : null, "1–64 characters.");
                CommissioningRecord record;
                (path, record) = await BeginAsync(person, files, unfinished.Value, request, gpio, time);
                walk = new Walk(person, name, kept => files.Write(path, kept), time) { Record = record };

                passed = await walk.RunAsync(stage => stage != Stage.StationRunning, lines);
            }
            var askedToRun = passed && walk.Record.Open().Any(check => check.Stage == Stage.StationRunning);
            if (passed) await walk.RunAsync(stage => stage == Stage.StationRunning, null);
            if (askedToRun) await person.AskAsync("\nStop the station, so that the ledger can be told. [Enter when it is stopped]", static typed => typed.Length == 0 ? typed : null, "Enter, when it is stopped.");
            var told = await TellAsync(walk, path, request.Data, time);
            return Report(walk.Record, path, request.Json) && told ? ExitCodes.Done : ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            Output.Say(walk is null ? "\nInterrupted; nothing was begun." : "\nInterrupted. The outputs are at rest, and what was recorded is kept: the same command goes on here.");
            if (walk is not null) Report(walk.Record, path, request.Json);
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Output.Fail(new Failure("file-not-writable", $"The record of the checks could not be written: {e.Message} Check the room on the disk and the permissions of the data folder."));
        }
    }

    private static async Task<(string Path, CommissioningRecord Record)> BeginAsync(
        Asking person, CommissioningFiles files, (string Path, CommissioningRecord Record)? unfinished, CommissioningRequest request, GpioOptions gpio, TimeProvider time)
    {
        if (gpio.IsSimulated) person.Say("The chip is SIMULATED: this is a rehearsal and proves nothing of any hardware.");
        if (unfinished is { } before)
        {
            var answer = await person.AskAsync(
                $"A commissioning begun {MessageSchema.Time(before.Record.Began)} is not finished: {before.Record.Count(CheckOutcome.Pass)} of {before.Record.Checks.Count} checks passed. [Enter goes on with it, new begins anew]",
                static typed => typed is "" or "new" ? typed : null, "Enter or new.");
            if (answer.Length == 0) return before;
        }
        var began = time.GetUtcNow();
        return (files.NewPath(began), new CommissioningRecord { WrittenBy = StoredSchema.Program, Began = began, Chip = gpio.Chip, Simulated = gpio.IsSimulated, Checks = request.Checks });
    }

    /// <summary>An entry of the ledger names the file and what came of it.</summary>
    private static async Task<bool> TellAsync(Walk walk, string path, string data, TimeProvider time)
    {
        if (walk.Record.Results.Count == 0 || walk.Record.InLedger) return true;
        var file = $"commissioning/{Path.GetFileName(path)}";
        var exit = await ConsumerCommands.WithLedgerAsync(data, write: true, async (ledger, _) =>
        {
            var record = walk.Record;
            var by = string.Join(", ", record.Results.Select(result => result.By).Distinct());
            var detail = $"{file} by {by}: {record.Count(CheckOutcome.Pass)} of {record.Checks.Count} checks passed, {record.Count(CheckOutcome.Fail)} failed";
            var kept = ledger.TryAppend(new AuditEntry(time, record.Simulated, Who.Anybody, "commissioning", detail));
            if (await ledger.StopAsync() > 0 || !kept)
                return Output.Fail(new Failure("ledger-not-written", "The ledger could not be written. Check the room on the disk and the permissions of the data folder."));
            walk.Record = record with { InLedger = true };
            new CommissioningFiles(data).Write(path, walk.Record);
            return ExitCodes.Done;
        });
        if (exit != ExitCodes.Done) Output.Say("The results are kept, but the ledger does not tell of them. The same command tells it, once the station is stopped.");
        return exit == ExitCodes.Done;
    }

    private static bool Report(CommissioningRecord record, string path, bool json)
    {
        Output.Say($"\nCommissioning begun {MessageSchema.Time(record.Began)}, chip {record.Chip}{(record.Simulated ? ", SIMULATED" : "")}");
        foreach (var number in record.Checks)
            Output.Say($"  {number,2}  {(record.Last(number) is { } result ? $"{Walk.Line(result)}, {result.By}, {MessageSchema.Time(result.At)}" : "not made yet")}");
        var passed = record.Count(CheckOutcome.Pass);
        Output.Say($"{passed} of {record.Checks.Count} checks passed, {record.Count(CheckOutcome.Fail)} failed, {record.Count(CheckOutcome.NotDone)} not done.{(record.Results.Count > 0 ? $" Kept in {path}." : "")}");
        if (json) Output.Print(record);
        return passed == record.Checks.Count;
    }
}
