using Inspection.Core;
using Inspection.Gpio;

namespace Inspection.Station.Commissioning;

/// <summary>Every output of the map held one at a time, and the two of the relay held together, which must not close it.</summary>
internal sealed class OutputsCheck(GpioLines lines, Asking person, TimeProvider time)
{
    /// <summary>How long the relay's contact is watched while a line is held; longer than any circuit takes to pull in.</summary>
    public static readonly TimeSpan Watched = TimeSpan.FromSeconds(1);

    private readonly Pin _enable = lines.Map[LineNames.RelayEnable];
    private readonly Pin _heartbeat = lines.Map[LineNames.Heartbeat];

    /// <summary>Runs it; every output is at rest again afterwards.</summary>
    /// <returns>The reading.</returns>
    /// <exception cref="CheckEndedException">It ended before its last step.</exception>
    public async Task<string> RunAsync()
    {
        await person.InsistAsync("  The next steps hold single outputs; with a faulty board K1 could close. Nobody in the machine, main switch off?", "SAFE");
        var outputs = lines.Map.Pins.Where(pin => !pin.IsInput).ToList();
        foreach (var output in outputs)
        {
            await HoldAsync($"  {output.Name} (line {output.Line}, {output.Purpose}) is held: volts at its terminal and only there{Besides(output)}?", output);
            if (output.Name == LineNames.Gate) await person.ConfirmAsync("  gate is at rest again: did it fall back to divert, and does it stay there with the air off? Then air on.");
        }
        // The beat's own edge must be over before the level of relay-enable comes: only what stands still is tried here.
        await HoldAsync("  heartbeat and relay-enable are both held: red lit, K1 open?", _heartbeat, _enable);
        return $"{outputs.Count} outputs held, K1 open";
    }

    private async Task HoldAsync(string prompt, params Pin[] outputs)
    {
        try
        {
            foreach (var output in outputs)
            {
                lines.Write(output, true);
                if (output == _enable || output == _heartbeat) await StaysOpenAsync();
            }
            await person.ConfirmAsync(prompt);
        }
        catch (OutputReadbackException e)
        {
            throw new CheckEndedException(CheckOutcome.Fail, e.Message);
        }
        finally
        {
            lines.Rest();
        }
    }

    private async Task StaysOpenAsync()
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Watched; await person.PauseAsync())
            if (lines.Relay.PulledIn == true) throw new CheckEndedException(CheckOutcome.Fail, "K1 closed although nothing beat");
    }

    private static string Besides(Pin output) => output.Name switch
    {
        LineNames.Gate => " (K4 pushed by hand: the gate moves)",
        LineNames.StackYellow or LineNames.StackBlue => ", the lamp lit",
        LineNames.Buzzer => ", the buzzer on",
        LineNames.RelayEnable or LineNames.Heartbeat => ", red lit",
        _ => "",
    };
}
