namespace Inspection.Station.Commissioning;

/// <summary>The 20 checks, in the order of the work.</summary>
internal static class CheckList
{
    /// <summary>The check that reads every input of the map.</summary>
    public const int Inputs = 8;

    /// <summary>The check that drives every output of the map, one at a time.</summary>
    public const int Outputs = 9;

    /// <summary>The check that closes the relay and measures how it opens.</summary>
    public const int Relay = 10;

    private static readonly Quantity DropOut = new("open after", "ms", 0, 400);

    /// <summary>Coil and gate while the relay is held closed.</summary>
    public static IReadOnlyList<Quantity> WhileClosed { get; } = [new("coil A1–A2", "V", 22.5, 24.5), new("gate of Q2", "V", 3.2, 6.8)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        new(1, Stage.NoVoltage, "coil of K1, A1 to A2", "185–227 Ω at 20 °C", new Quantity("coil", "Ω", 185, 227)),
        new(2, Stage.NoVoltage, "S1 released, then pressed: 21–22 and 11–12", "both below 1 Ω, then both open"),
        new(3, Stage.NoVoltage, "K1 pushed by hand: 13–14, 21–22, 31–32, 43–44", "closed, open, open, closed; at rest the opposite"),
        new(4, Stage.NoVoltage, "X1:8 to X1:2 (the meter's plus on 8)", "above 100 kΩ", new Quantity("X1:8 to X1:2", "kΩ", 100, double.PositiveInfinity)),
        new(5, Stage.Unplugged, "X1:1 to X1:2; the rail at D3; gate of Q2", "23.5–24.5 V; 13.5–16 V; below 0.1 V",
            new("supply", "V", 23.5, 24.5), new("rail at D3", "V", 13.5, 16), new("gate of Q2", "V", 0, 0.1)),
        new(6, Stage.Unplugged, "24 V to the terminal of relay-enable (3.3 V where that is used), held", "K1 stays open, red lit"),
        new(7, Stage.Unplugged, "that held, and 24 V (3.3 V) to the terminal of heartbeat: held, then taken off", "K1 stays open both times"),
        new(Inputs, Stage.StationStopped, "every input of the map: at rest, its contact worked, its wire pulled",
            "all at rest; each changes and is the only one (the key's two together); a pulled wire reads as the table in section 3 says"),
        new(Outputs, Stage.StationStopped, "every output of the map, held one at a time; then heartbeat and relay-enable held together",
            "volts at the right terminal, lamp or buzzer on; the gate moves, falls back, and stands on divert without air; K1 stays open"),
        new(Relay, Stage.StationStopped, "relay-enable with beats; then the beats end low, end high, and relay-enable falls",
            "K1 closes within 500 ms and opens within 400, 400 and 50 ms; held closed, the coil within 1 V of the supply and the gate of Q2 at 3.2–6.8 V"),
        new(11, Stage.StationRunning, "Start on the page, and with the wired button where there is one; plant's start button not pressed",
            "K1 pulls in within half a second, drops once (the self-test) and pulls in again, red goes out, green comes; nothing moves"),
        new(12, Stage.StationRunning, "S1 pressed", "K1 opens at once, the page says stop switch, and Start is refused; released, Reset alone closes nothing"),
        new(13, Stage.StationRunning, "`kill -9` of the station's process, with oscilloscope or logic analyser on heartbeat and K1 13–14",
            "open within 400 ms of the last edge", DropOut),
        new(14, Stage.StationRunning, "`kill -STOP` in the same way (then `kill -9`)", "open within 400 ms", DropOut),
        new(15, Stage.StationRunning, "heartbeat wire pulled while running", "open within 400 ms", DropOut),
        new(16, Stage.StationRunning, "relay-enable wire pulled while running", "open within 50 ms", DropOut with { Most = 50 }),
        new(17, Stage.StationRunning, "plant's e-stop pressed",
            "the plant's safety circuit stops the line; the page says e-stop; after release nothing closes before Reset and Start"),
        new(18, Stage.StationRunning, "key S2 turned and back, in Stopped and after a trip", "K1 stays open, nothing starts"),
        new(19, Stage.StationRunning, "camera or its source taken away", "K1 opens, the page says why"),
        new(20, Stage.StationRunning, "one good and one bad part; with a gate, a good one without air, too",
            "the plant sees one pulse for the good one and none for the bad one, and takes none while K1 is open; the gate lets only the good one through, and none without air"),
    ];

    /// <summary>What must be so before the first check of a stage.</summary>
    public static string Before(Stage stage) => stage switch
    {
        Stage.NoVoltage => "No voltage: main switch off, 24 V off, and measured to be off.",
        Stage.Unplugged => "24 V on, wires to the PC unplugged.",
        Stage.StationStopped => "Wires plugged, station stopped. This command reads and drives the lines itself.",
        _ => "Now the station itself: this command has let go of the lines and of the data folder. Start it in another terminal.",
    };
}
