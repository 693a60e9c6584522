using Inspection.Core;
using Inspection.Gpio;

namespace Inspection.Station.Commissioning;

/// <summary>Goes through the checks that are open, in order, and keeps each result at once. A check that fails ends it.</summary>
/// <param name="person">Who answers.</param>
/// <param name="name">The person's name.</param>
/// <param name="keep">Keeps the record durably.</param>
/// <param name="time">The clock.</param>
internal sealed class Walk(Asking person, string name, Action<CommissioningRecord> keep, TimeProvider time)
{
    /// <summary>The record so far.</summary>
    public required CommissioningRecord Record { get; set; }

    /// <summary>Makes the checks of some stages.</summary>
    /// <param name="stages">Which.</param>
    /// <param name="lines">The station's lines at rest; null where no check of these stages works them.</param>
    /// <returns>False when one failed.</returns>
    /// <exception cref="OperationCanceledException">A signal, or the input's end; outputs are at rest.</exception>
    public async Task<bool> RunAsync(Func<Stage, bool> stages, GpioLines? lines)
    {
        Stage? stage = null;
        foreach (var check in Record.Open().Where(check => stages(check.Stage)).ToList())
        {
            if (stage != check.Stage) await person.AskAsync($"\n{CheckList.Before(check.Stage)} [Enter when it is so]", static typed => typed.Length == 0 ? typed : null, "Enter, when it is so.");
            stage = check.Stage;
            person.Say($"\nCheck {check.Number}: {check.What}\n  expected: {check.Expected}");
            var result = await MakeAsync(check, lines);
            Record = Record with { Results = [.. Record.Results, result], InLedger = false };
            keep(Record);
            person.Say($"  {Line(result)}");
            if (result.Outcome != CheckOutcome.Fail) continue;
            person.Say("\nA reading that is not as expected ends the work: find the cause first. The same command goes on here afterwards.");
            return false;
        }
        return true;
    }

    /// <summary>One result for a person.</summary>
    public static string Line(CheckResult result)
        => $"{Codes.Of(result.Outcome)}{(result.Reading.Length > 0 ? ": " + result.Reading : "")}{(result.Note.Length > 0 ? $" ({result.Note})" : "")}";

    private async Task<CheckResult> MakeAsync(Check check, GpioLines? lines)
    {
        try
        {
            return Result(check, CheckOutcome.Pass, await ReadingAsync(check, lines), "");
        }
        catch (CheckEndedException e)
        {
            return Result(check, e.Outcome, "", e.Message);
        }
        catch (IOException e) when (lines is not null)
        {
            return Result(check, CheckOutcome.Fail, "", e.Message);
        }
    }

    private async Task<string> ReadingAsync(Check check, GpioLines? lines)
    {
        switch (check.Number)
        {
            case CheckList.Inputs: return await new InputsCheck(lines!, person).RunAsync();
            case CheckList.Outputs: return await new OutputsCheck(lines!, person, time).RunAsync();
            case CheckList.Relay: return await new RelayCheck(lines!, person, time).RunAsync();
        }
        if (check.Quantities.Count == 0)
        {
            await person.ConfirmAsync("  As expected?");
            return "as expected";
        }
        var values = await person.AskAsync(
            "  " + Readings.Prompt(check.Quantities),
            typed => Asking.Ends(typed) is null ? Readings.Parse(check.Quantities, typed) : null,
            $"{check.Quantities.Count} number{(check.Quantities.Count == 1 ? "" : "s")}, without units; ol where the meter shows no limit.");
        return string.Join("; ", Readings.Judge(check.Quantities, values));
    }

    private CheckResult Result(Check check, CheckOutcome outcome, string reading, string note) => new(check.Number, outcome, reading, note, name, time.GetUtcNow());
}
