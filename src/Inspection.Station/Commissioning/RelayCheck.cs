using System.Globalization;
using Inspection.Core;
using Inspection.Gpio;

namespace Inspection.Station.Commissioning;

/// <summary>Closes the relay by beats and measures, by its own contact, how soon it closes and how soon each way opens it.</summary>
internal sealed class RelayCheck(GpioLines lines, Asking person, TimeProvider time)
{
    private static readonly TimeSpan BeatEvery = BeatThread.Period;
    private static readonly TimeSpan PullInLimit = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DropOutLimit = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan ByEnableLimit = TimeSpan.FromMilliseconds(50);

    // The circuit's longest drop-out is that of a capacitor that is full.
    private static readonly TimeSpan Charging = TimeSpan.FromSeconds(1);

    // Enough for two values with a meter; somebody who has gone away leaves nothing closed.
    private static readonly TimeSpan LongestClosed = TimeSpan.FromMinutes(2);

    private readonly Pin[] _stops = [lines.Map[LineNames.EStop], lines.Map[LineNames.StopSwitch]];
    private long _closedSince;
    private int _edges;
    private long _lastEdge;

    /// <summary>Runs it; the relay is open again afterwards.</summary>
    /// <returns>The readings.</returns>
    /// <exception cref="CheckEndedException">It ended before its last step.</exception>
    public async Task<string> RunAsync()
    {
        if (lines.Relay.PulledIn is null) throw new CheckEndedException(CheckOutcome.NotDone, "the map has no relay-feedback: nothing tells when the relay opens");
        await person.InsistAsync("  The next step CLOSES K1, several times. Nobody in the machine, main switch off, plant's start button untouched?", "SAFE");
        try
        {
            var readings = new List<string> { await PullInAsync() };
            readings.Add($"beats end low: {await DropAsync(endHigh: false)}");
            await PullInAsync();
            readings.Add($"beats end high: {await DropAsync(endHigh: true)}");
            await PullInAsync();
            readings.Add($"relay-enable falls: {await DropByEnableAsync()}");
            await PullInAsync();
            readings.AddRange(await MeasureAsync());
            return string.Join("; ", readings);
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

    private async Task<string> PullInAsync()
    {
        lines.Rest();
        _edges = 0;
        await UntilAsync(pulledIn: false, time.GetTimestamp(), DropOutLimit, beat: false, "K1 is not open with both outputs at rest");
        _closedSince = time.GetTimestamp();
        lines.Relay.Energize();
        Beat();
        var took = await UntilAsync(pulledIn: true, time.GetTimestamp(), PullInLimit, beat: true, "K1 did not close");
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Charging; await person.PauseAsync()) BeatIfDue();
        return $"closed after {Show(took)}";
    }

    /// <summary>The drop-out of the watchdog circuit, from the last edge; the circuit differs by the level at which the beats end.</summary>
    private async Task<string> DropAsync(bool endHigh)
    {
        while (_edges % 2 == 1 != endHigh)
        {
            await person.PauseAsync();
            BeatIfDue();
        }
        var took = await UntilAsync(pulledIn: false, _lastEdge, DropOutLimit, beat: false, "K1 did not open when the beats ended");
        return Show(took);
    }

    private async Task<string> DropByEnableAsync()
    {
        var began = time.GetTimestamp();
        lines.Write(lines.Map[LineNames.RelayEnable], false);
        return Show(await UntilAsync(pulledIn: false, began, ByEnableLimit, beat: true, "K1 did not open when relay-enable fell"));
    }

    /// <summary>Holds the relay closed while a person measures, and only so long as it stays closed.</summary>
    private async Task<IEnumerable<string>> MeasureAsync()
    {
        var quantities = CheckList.WhileClosed;
        double[]? values = null;
        await person.UntilAsync($"  K1 is held closed for {LongestClosed.TotalMinutes:F0} minutes at most, green lit. {Readings.Prompt(quantities)}", () =>
        {
            BeatIfDue();
            if (lines.Relay.PulledIn != true)
            {
                EndIfStopped();
                throw new CheckEndedException(CheckOutcome.Fail, "K1 opened although it was beaten");
            }
            return values is not null;
        }, typed => (values = Readings.Parse(quantities, typed)) is not null);
        return Readings.Judge(quantities, values!);
    }

    private async Task<TimeSpan> UntilAsync(bool pulledIn, long began, TimeSpan limit, bool beat, string otherwise)
    {
        while (lines.Relay.PulledIn != pulledIn && time.GetElapsedTime(began) <= limit)
        {
            if (beat) BeatIfDue();
            await person.PauseAsync();
        }
        // After the loop: the contact may change in the very pause that crosses the limit.
        var took = time.GetElapsedTime(began);
        EndIfStopped();
        return took <= limit ? took : throw new CheckEndedException(CheckOutcome.Fail, $"{otherwise} within {limit.TotalMilliseconds:F0} ms");
    }

    private void BeatIfDue()
    {
        if (time.GetElapsedTime(_lastEdge) >= BeatEvery) Beat();
    }

    private void Beat()
    {
        EndIfStopped();
        if (time.GetElapsedTime(_closedSince) >= LongestClosed) throw new CheckEndedException(CheckOutcome.Fail, $"nothing was typed for {LongestClosed.TotalMinutes:F0} minutes while K1 was held closed");
        lines.Relay.Beat();
        (_edges, _lastEdge) = (_edges + 1, time.GetTimestamp());
    }

    /// <summary>Whoever presses a switch wants K1 open, whatever is being measured; one that cannot be read may be pressed.</summary>
    private void EndIfStopped()
    {
        foreach (var stop in _stops)
        {
            bool pressed;
            try
            {
                pressed = lines.IsActive(stop);
            }
            catch (IOException e)
            {
                throw new CheckEndedException(CheckOutcome.Fail, $"{stop.Name} cannot be read: {e.Message}");
            }
            if (pressed) throw new CheckEndedException(CheckOutcome.Fail, $"{stop.Name} is pressed or its wire is cut");
        }
    }

    private static string Show(TimeSpan took) => string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:F0} ms");
}
