using System.Text.Json;
using Inspection.Core;
using Inspection.Gpio;
using Inspection.Store;
using Inspection.Testing;

namespace Inspection.Station.Tests.Running;

/// <summary>Buttons, lamps, belt and bridge of a cabinet, wired to the whole station.</summary>
public sealed class CabinetTests
{
    private static List<string> Held(StationBox box)
        => [.. new LedgerArchive(DataFolder.LedgerOf(box.Data)).Query(new LedgerQuery { Kind = EntryKind.Lot }).Rows.Reverse().Select(row => JsonElement.Parse(row.Body.Span)).Select(lot => $"{lot.GetProperty("reason")}: {lot.GetProperty("detail")}")];

    [Fact]
    public async Task Buttons_start_and_reset_lamps_follow_and_belt_and_bridge_hold_the_lot()
    {
        using var box = new StationBox();
        box.SimulateAt(5, """, "interlock": { "loopDeadline": "1 s", "runOut": "500 ms", "beltSignal": "contact" }, "capture": { "lostAfter": "20 s" }""");
        await using var station = await StationInside.StartAsync(box);
        var chip = station.Parts.Lines.Simulation!;
        bool Lit(string name) => chip.States().Single(line => line.Name == name).Active;
        bool Alarmed(string code) => station.Parts.Alarms.Active.Any(alarm => alarm.Code == code);

        async Task PressAsync(string name, Func<bool> until)
        {
            for (var attempt = 0; ; attempt++)
            {
                chip.SetInput(name, true);
                var pressed = TimeProvider.System.GetTimestamp();
                await Eventually.Holds(() => TimeProvider.System.GetElapsedTime(pressed).TotalMilliseconds > 100);
                chip.SetInput(name, false);
                try
                {
                    await Eventually.Holds(until, TimeSpan.FromSeconds(3));
                    return;
                }
                catch (TimeoutException) when (attempt < 5)
                {
                    // A machine busy with other things may hold the loop's evidence back; a person presses again, too.
                }
            }
        }

        await PressAsync(LineNames.StartButton, () => station.Interlock.State == InterlockState.Running);
        station.Interlock.Trip(TripCause.Request, "the plant asked", Who.Plant("mes"));
        await Eventually.Holds(() => Lit(LineNames.StackBlue) && Lit(LineNames.Buzzer) && !Lit(LineNames.StackYellow));
        await PressAsync(LineNames.ResetButton, () => Alarmed("button-refused"));
        station.Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldBeNull();
        await Eventually.Holds(() => !Lit(LineNames.StackBlue));

        chip.SetInput(LineNames.LineRunning, true);
        await Eventually.Holds(() => Alarmed("interlock-bridged"));
        chip.SetInput(LineNames.Bridge, true);
        await Eventually.Holds(() => Alarmed("bridge-closed") && !Alarmed("interlock-bridged"));
        chip.SetInput(LineNames.Bridge, false);
        chip.SetInput(LineNames.LineRunning, false);
        await Eventually.Holds(() => !Alarmed("bridge-closed"));
        await station.DisposeAsync();
        Held(box).Select(held => held.Split(':')[0]).ShouldBe(["interlock-bridged", "bridge", "bridge"]);
        Held(box)[2].ShouldContain("until");
    }
}
