using System.Globalization;
using System.Text.Json.Nodes;
using Inspection.Core;
using Inspection.Gpio;

namespace Inspection.Faults;

/// <summary>What one fault did: one row of the table.</summary>
/// <param name="Fault">Its name.</param>
/// <param name="Demand">What was demanded.</param>
/// <param name="Before">The interlock's state before.</param>
/// <param name="Injected">When the fault was made, seconds since the line ran.</param>
/// <param name="Opened">When the relay opened, likewise; null when it did not.</param>
/// <param name="AfterFault">Milliseconds from the fault to the open relay.</param>
/// <param name="Counted">Milliseconds as the demand counts them.</param>
/// <param name="CountsFrom">From when it counts.</param>
/// <param name="Latched">Whether it stayed open when the fault ended, and what brought it back.</param>
/// <param name="Reset">What a Reset said while the fault was there.</param>
/// <param name="Screen">What the page showed.</param>
/// <param name="Mqtt">What the plant was told.</param>
/// <param name="Lamps">What the lamps showed, before and after.</param>
/// <param name="Wrong">Why the demand is not met; null when it is.</param>
internal sealed record Row(
    string Fault, Demand Demand, string Before, double Injected, double? Opened, double? AfterFault, double? Counted, string CountsFrom,
    string Latched, string Reset, string Screen, string Mqtt, string Lamps, string? Wrong);

/// <summary>Makes one fault at a running station and looks at what follows.</summary>
internal sealed class Trial(Bench bench, Fault fault)
{
    /// <summary>The relay must be open so long after the fault, in milliseconds.</summary>
    public const double Limit = 500;

    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Latching = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    private readonly List<string> _wrong = [];
    private readonly long _began = Nanoseconds.Now;

    /// <summary>Runs it; the bench is not to be used for another fault afterwards.</summary>
    public Row Run()
    {
        // A machine that is busy with other things may have made the line trip by itself since it ran steadily.
        if (bench.Station.Look()?.State != "Running") bench.RunSteadily(Recovery);
        var looked = bench.Station.Look()!;
        var before = looked.State;
        var lamp = Lamps();
        var messages = bench.Plant.Messages("interlock").Count;
        Expect(bench.Relay.IsClosed(Nanoseconds.Now), "the relay was not closed before");
        var made = fault.Make(bench);
        return fault.Demand == Demand.MustOpen ? MustOpen(before, lamp, messages, made) : MustNotMatter(looked, lamp, made);
    }

    private Row MustOpen(string before, string lamp, int messages, long made)
    {
        long? opened = null;
        Wait.For(() => (opened = bench.Relay.OpenedAt(made, Nanoseconds.Now)) is not null, LongestWatch);
        var counts = fault.Counts(bench, made, opened ?? Nanoseconds.Now);
        double? counted = opened is { } at ? Nanoseconds.Milliseconds(at - counts) : null;
        Expect(opened is not null, "the relay did not open");
        Expect(counted is null or <= Limit, string.Create(CultureInfo.InvariantCulture, $"it opened after {counted:F0} ms"));
        Wait.Past(fault.LookAfter);
        var now = bench.Station.Lives ? bench.Station.Look() : null;
        var screen = now?.Shown ?? (bench.Station.Lives ? "nothing: the page does not answer" : "connection lost");
        var reset = bench.Station.Lives ? bench.Station.Refusal("reset") ?? "done" : "process gone";
        if (fault.RefusesReset) Expect(reset != "done", "a Reset was taken while the fault was there");
        var lamps = $"{lamp} → {Lamps()}";
        if (bench.IsGuest && fault.TellsInGuest) Expect(Wait.For(() => Told(messages) is not null, TimeSpan.FromSeconds(2)), "the plant was not told while the fault was there");
        var latched = Latched(opened ?? made);
        return new(
            fault.Name, fault.Demand, before, Seconds(made), opened is { } o ? Seconds(o) : null, opened is { } p ? Nanoseconds.Milliseconds(p - made) : null, counted,
            fault.CountsFrom, latched, reset, screen, WhatWasTold(messages), lamps, Wrong);
    }

    /// <summary>Ends the fault, sees that nothing closes by itself, and that Reset and Start bring the line back.</summary>
    private string Latched(long opened)
    {
        if (fault.Heal is null || (bench.IsGuest && !fault.HealsInGuest) || !bench.Station.Lives)
        {
            Wait.Past(Latching);
            Expect(!bench.Relay.ClosedAfter(opened, Nanoseconds.Now), "the relay closed by itself");
            return bench.Station.Lives ? "yes; needs a new start of the program" : "yes; the process is gone";
        }
        fault.Heal(bench);
        Wait.Past(Latching + TimeSpan.FromMilliseconds(500));
        Expect(!bench.Relay.ClosedAfter(opened, Nanoseconds.Now), "the relay closed by itself when the fault ended");
        if (!bench.Station.Lives) return "yes; the process is gone";
        var reset = Wait.For(() => bench.Station.Refusal("reset") is null or "not-tripped", Recovery);
        var started = reset && Wait.For(() => bench.Station.Refusal("start") is null, Recovery);
        var closed = started && Wait.For(() => bench.Relay.IsClosed(Nanoseconds.Now), Recovery);
        Expect(closed, $"after the fault the line did not start again: reset {bench.Station.Refusal("reset")}, start {bench.Station.Refusal("start")}");
        return closed ? "yes; runs again after Reset and Start" : "yes; does not run again";
    }

    private Row MustNotMatter(Looked before, string lamp, long made)
    {
        Wait.Past(fault.Lasts);
        var now = bench.Station.Look();
        fault.Heal?.Invoke(bench);
        Wait.Past(TimeSpan.FromSeconds(1));
        var opened = bench.Relay.OpenedAt(made, Nanoseconds.Now);
        Expect(opened is null, "the relay opened");
        var after = bench.Station.Look();
        Expect(after?.State == "Running", $"the state is {after?.State ?? "unknown"}: {after?.Shown}");
        Expect(after is null || after.NotRecorded == before.NotRecorded, $"{after?.NotRecorded - before.NotRecorded} parts were not recorded");
        // Nothing that was judged by now may be missing at the plant.
        var inspected = after?.Inspected ?? long.MaxValue;
        var whole = Wait.For(() => bench.Plant.Sequences() is { Count: > 0 } told && told[^1] >= inspected && told.Count == told[^1], Recovery);
        var sequences = bench.Plant.Sequences();
        Expect(whole, $"{inspected} parts were judged, the plant was told of {sequences.Count} up to {(sequences.Count > 0 ? sequences[^1] : 0)}");
        var alarms = now is { Alarms.Count: > 0 } ? $"; alarms {string.Join(", ", now.Alarms)}" : "";
        return new(
            fault.Name, fault.Demand, before.State, Seconds(made), opened is { } o ? Seconds(o) : null, null, null, "", "", "", (now?.Shown ?? "nothing") + alarms,
            $"{sequences.Count} verdicts, none missing", $"{lamp} → {Lamps()}", Wrong);
    }

    private string? Wrong => _wrong.Count == 0 ? null : string.Join("; ", _wrong);

    private void Expect(bool met, string otherwise)
    {
        if (!met) _wrong.Add(otherwise);
    }

    private double Seconds(long at) => Nanoseconds.Milliseconds(at - _began) / 1000;

    /// <summary>Green and red hang on the relay's own contacts, the others on lines of the station.</summary>
    private string Lamps() => string.Join(", ",
        ((string[])[bench.Relay.IsClosed(Nanoseconds.Now) ? "green" : "red", .. Lit(LineNames.StackYellow, "yellow"), .. Lit(LineNames.StackBlue, "blue"), .. Lit(LineNames.Buzzer, "buzzer")]));

    private string[] Lit(string line, string lamp) => PinMap.Default.Find(line) is { } pin && bench.Relay.Level(line) == pin.LevelOf(true) ? [lamp] : [];

    /// <summary>The first opening that the plant was told of; null while there is none.</summary>
    private JsonNode? Told(int before) => bench.Plant.Messages("interlock").Skip(before).FirstOrDefault(body => body["to"]!.GetValue<string>() is "Tripped" or "Faulted");

    private string WhatWasTold(int before)
    {
        if (bench.Station.Lives) Wait.For(() => Told(before) is not null, TimeSpan.FromSeconds(2));
        if (Told(before) is { } body)
        {
            var cause = body["cause"]!.GetValue<string>();
            Expect(fault.Causes.Any(wanted => Codes.Of(wanted) == cause), $"the cause is {cause}");
            return $"{body["from"]} → {body["to"]}: {cause}";
        }
        Expect(fault.Causes.Count == 0, "the plant was not told of the opening");
        bool Gone() => bench.Plant.Messages("status") is [.., var last] && !last["online"]!.GetValue<bool>();
        var gone = Wait.For(Gone, TimeSpan.FromSeconds(2));
        Expect(gone, "the plant was not told that the station is gone");
        return gone ? "status: offline (will)" : "nothing";
    }
}
