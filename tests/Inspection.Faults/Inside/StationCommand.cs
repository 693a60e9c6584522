using System.Text.Json;
using System.Text.Json.Nodes;
using Inspection.Core;
using Inspection.Gpio;
using Inspection.Panel;
using Inspection.Station.Hosting;
using Microsoft.Extensions.Logging;

namespace Inspection.Faults;

/// <summary>
/// <c>faults station DATA MODEL [LINES]</c>: the station as a process that takes one numbered order a line on stdin and
/// answers each with its number and JSON. With LINES its simulated chip notes its outputs there.
/// </summary>
internal static class StationCommand
{
    private static readonly Who Person = Who.Person("Ada", Role.Administrator);

    /// <summary>Runs until stdin ends. Orders are taken on the main thread, so that a starved pool still hears them.</summary>
    public static int Run(string data, string model, string? lines)
    {
        using var logs = LoggerFactory.Create(StationLogging.Configure);
        var station = StationInForce.StartAsync(data, model, logs).GetAwaiter().GetResult();
        var chip = lines is null ? null : Share(station, new SharedLines(lines));
        using var defects = new Defects(station);
        Console.Out.WriteLine("ready");
        while (Console.In.ReadLine() is { } order)
        {
            var (number, words) = (order.Split(' ')[0], order.Split(' ')[1..]);
            Console.Out.WriteLine(number + " " + words[0] switch
            {
                "start" => Told(station.Interlock.Start(Person)),
                "stop" => Told(station.Interlock.Stop(Person)),
                "reset" => Told(station.Interlock.Reset(Person, ResetAnswer.CauseRemoved)),
                "make" => new JsonObject { ["at"] = defects.Make(words[1]) }.ToJsonString(),
                "heal" => Healed(defects, words[1]),
                "chip" => Worked(station, chip!, words),
                _ => Look(station),
            });
        }
        station.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return 0;
    }

    private static SharedChip Share(StationInForce station, SharedLines shared)
    {
        var chip = new SharedChip(station.Lines.Simulation!, station.Lines.Map, shared);
        Reach.Set(Reach.Get<object>(station.Lines, "_controller"), "chip", chip);
        return chip;
    }

    private static string Told(Failure? failure) => new JsonObject { ["at"] = Nanoseconds.Now, ["refused"] = failure?.Code, ["why"] = failure?.Message }.ToJsonString();

    private static string Healed(Defects defects, string fault)
    {
        defects.Heal(fault);
        return Told(null);
    }

    private static string Worked(StationInForce station, SharedChip shared, string[] words)
    {
        var chip = station.Lines.Simulation!;
        var at = Nanoseconds.Now;
        switch (words[1])
        {
            case "press":
                chip.SetInput(words[2], true);
                break;
            case "release":
                chip.SetInput(words[2], false);
                break;
            case "cut":
                chip.CutWire(words[2]);
                break;
            case "stick":
                chip.Stick(words[2], words[3] == "free" ? null : words[3] == "high");
                break;
            case "gone":
                chip.Break(words[2] == "true");
                break;
            case "spoil":
                chip.Spoil(Enum.Parse<RelayDefect>(words[2]));
                break;
        }
        shared.Look();
        return new JsonObject { ["at"] = at }.ToJsonString();
    }

    /// <summary>What the page shows, in its own English words.</summary>
    private static string Look(StationInForce station)
    {
        var now = station.Interlock.Snapshot;
        var words = new Words();
        var shown = words["state." + Codes.Of(now.State)];
        if (now.FirstOut is { } first) shown += $": {words["cause." + Codes.Of(first.Cause)]} ({first.Detail})";
        var counters = station.Parts.Counters.Snapshot();
        return JsonSerializer.Serialize(new Looked(
            now.State.ToString(), now.FirstOut is { } trip ? Codes.Of(trip.Cause) : null, shown, now.SelfTesting, counters.Inspected, counters.NotRecorded,
            [.. station.Parts.Alarms.Active.Select(alarm => alarm.Code)]));
    }
}

/// <summary>The station at one moment.</summary>
/// <param name="State">The interlock's state.</param>
/// <param name="FirstOut">The code of the cause that tripped first.</param>
/// <param name="Shown">What the page shows of both.</param>
/// <param name="SelfTesting">Whether the relay is tested at this moment.</param>
/// <param name="Inspected">Parts so far.</param>
/// <param name="NotRecorded">Parts so far that found no room.</param>
/// <param name="Alarms">Codes of the active alarms.</param>
internal sealed record Looked(string State, string? FirstOut, string Shown, bool SelfTesting, long Inspected, long NotRecorded, IReadOnlyList<string> Alarms);
