using Inspection.Gpio;

namespace Inspection.Station.Commissioning;

/// <summary>Every input of the map at rest, worked, and with its wire pulled; the lines say themselves what happened.</summary>
internal sealed class InputsCheck(GpioLines lines, Asking person)
{
    private const int EncoderChanges = 4;

    private readonly Pin[] _inputs = [.. lines.Map.Pins.Where(pin => pin.IsInput)];

    /// <summary>Runs it.</summary>
    /// <returns>The reading.</returns>
    /// <exception cref="CheckEndedException">It ended before its last step.</exception>
    public async Task<string> RunAsync()
    {
        await person.UntilAsync("  All contacts at rest: nothing pressed, doors shut, bin empty, air on, belt standing.", () => Active().Length == 0,
            _ => Told($"  At work: {string.Join(", ", Active().Select(pin => pin.Name))}. Put them at rest; f NOTE ends the check."));
        foreach (var input in _inputs)
        {
            if (input.Name == LineNames.Encoder) await EncoderAsync(input);
            else if (input.Name != LineNames.KeyOpening) await WorkAsync(input);
        }
        foreach (var input in _inputs) await PullAsync(input);
        return $"{_inputs.Length} inputs at rest, worked and pulled";
    }

    private async Task WorkAsync(Pin input)
    {
        Pin[] together = input.Name == LineNames.Key ? [input, lines.Map[LineNames.KeyOpening]] : [input];
        await person.UntilAsync($"  {Title(input)}: {How(input)}.{Offer}", () => together.All(lines.IsActive), Simulated(chip => Work(chip, input, true)));
        if (Active().Except(together).FirstOrDefault() is { } other)
            throw new CheckEndedException(CheckOutcome.Fail, $"{other.Name} changed when {input.Name} was worked");
        await person.UntilAsync($"  {input.Name}: now let it go.{Offer}", () => Active().Length == 0, Simulated(chip => Work(chip, input, false)));
    }

    private async Task EncoderAsync(Pin encoder)
    {
        var (changes, last) = (0, lines.IsActive(encoder));
        await person.UntilAsync($"  {Title(encoder)}: move the belt by hand, {EncoderChanges} steps.{Offer}", () =>
        {
            if (lines.IsActive(encoder) != last) (changes, last) = (changes + 1, !last);
            return changes >= EncoderChanges;
        }, Simulated(chip => chip.SetInput(encoder.Name, !last)));
    }

    /// <summary>A contact that is closed at rest is missed at once; of one that is open, nothing may come any more.</summary>
    private async Task PullAsync(Pin input)
    {
        if (input.Contact == Contact.NormallyClosed && input.Name != LineNames.Encoder)
        {
            await person.UntilAsync($"  {input.Name}: pull its wire.{Offer}", () => lines.IsActive(input), Simulated(chip => Cut(chip, input, true)));
            if (Active().FirstOrDefault(pin => pin != input) is { } other)
                throw new CheckEndedException(CheckOutcome.Fail, $"{other.Name} changed when the wire of {input.Name} was pulled");
            await person.UntilAsync($"  {input.Name}: plug it again.{Offer}", () => Active().Length == 0, Simulated(chip => Cut(chip, input, false)));
            return;
        }
        var (done, before) = (false, lines.IsActive(input));
        await person.UntilAsync($"  {input.Name}: pull its wire, work it, let it go, plug the wire again; then Enter. The line must not change.", () =>
        {
            if (lines.IsActive(input) != before) throw new CheckEndedException(CheckOutcome.Fail, $"{input.Name} changed while its wire was pulled");
            return done;
        }, typed => done = typed.Length == 0);
    }

    private Pin[] Active() => [.. _inputs.Where(pin => pin.Name != LineNames.Encoder && lines.IsActive(pin))];

    private bool Told(string what)
    {
        person.Say(what);
        return true;
    }

    private static string Title(Pin pin) => $"{pin.Name} (line {pin.Line}, {pin.Purpose})";

    private static string How(Pin pin) => pin.Name switch
    {
        LineNames.RelayFeedback => "push K1 by hand and hold it",
        LineNames.LineRunning => "push the drive's contactor by hand and hold it, main switch off",
        LineNames.Bridge => "turn the key of the cabinet bridge",
        LineNames.GateEye or LineNames.BinEye => "hold a part before the eye",
        LineNames.AirPressure => "take the air off",
        LineNames.BinFull => "cover the sensor",
        LineNames.BinDoor => "open the door",
        LineNames.Key => "turn it",
        _ => "press it",
    };

    private string Offer => lines.Simulation is null ? "" : " [simulated: Enter does it]";

    private Func<string, bool> Simulated(Action<SimulatedChip> act) => typed =>
    {
        if (typed.Length > 0 || lines.Simulation is not { } chip) return false;
        act(chip);
        return true;
    };

    private static void Work(SimulatedChip chip, Pin pin, bool active)
    {
        if (pin.Name == LineNames.RelayFeedback) chip.Spoil(active ? RelayDefect.Welded : RelayDefect.None);
        else chip.SetInput(pin.Name, active);
    }

    /// <summary>The relay's contact and the key's second have no wire that the simulation cuts and mends; they are worked instead.</summary>
    private static void Cut(SimulatedChip chip, Pin pin, bool pulled)
    {
        if (pin.Name == LineNames.RelayFeedback) Work(chip, pin, pulled);
        else if (pulled) chip.CutWire(pin.Name);
        else chip.SetInput(pin.Name == LineNames.KeyOpening ? LineNames.Key : pin.Name, false);
    }
}
