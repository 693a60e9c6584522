using System.Globalization;

namespace Inspection.Gpio.Tests.Circuit;

/// <summary>What drives the heartbeat and the enable line.</summary>
internal enum Drive
{
    /// <summary>3.3 V line, 5 %.</summary>
    Logic3V3,

    /// <summary>5 V line, 5 %.</summary>
    Logic5V,

    /// <summary>High-side output of the cabinet's own 24 V.</summary>
    Field24V,
}

/// <summary>
/// One circuit out of a production run, at one supply and one temperature. A tolerance is −1 (lowest), 0 or 1 (highest).
/// </summary>
internal sealed record Corner(string Name)
{
    public double Supply { get; init; } = 24;

    public double Celsius { get; init; } = 25;

    public Drive Drive { get; init; }

    public double Level { get; init; }

    public double C1 { get; init; }

    public double C2 { get; init; }

    public double Resistors { get; init; }

    public double Rail { get; init; }

    public double Offset { get; init; }

    /// <summary>1 is low forward voltage and much leakage.</summary>
    public double Diodes { get; init; }

    public double Gain { get; init; }

    public double Threshold { get; init; }

    public double EnableThreshold { get; init; }

    public double CoilResistance { get; init; }

    public double CoilInductance { get; init; }

    private double Warmer => Celsius - 25;

    /// <summary>Resistance of the coil at the corner's temperature, in ohms; copper.</summary>
    public double CoilOhms => 206 * (1 + 0.1 * CoilResistance) * (1 + 0.00393 * (Celsius - 20));

    /// <summary>The values of the netlist's .param lines.</summary>
    public IEnumerable<(string Name, double Value)> Values()
    {
        yield return ("supply", Supply);
        yield return ("celsius", Celsius);
        yield return ("level", High);
        yield return ("seriesR", Drive == Drive.Field24V ? 10_000 : 1_000);
        yield return ("seriesE", Drive == Drive.Field24V ? 10_000 : 1_000);
        // 20 % with temperature and age, though the film parts of the list are sold as 10 %.
        yield return ("tolC1", 1 + 0.2 * C1);
        yield return ("tolC2", 1 + 0.2 * C2);
        yield return ("tolR", 1 + 0.02 * Resistors);
        // BZX85C15: 13.8–15.6 V, about 11 mV/K. BZX79-C6V2: 5.8–6.6 V, about 2.3 mV/K.
        yield return ("rail", 14.7 + 0.9 * Rail + 0.011 * Warmer);
        yield return ("offset", 6.2 + 0.4 * Offset + 0.0023 * Warmer);
        yield return ("diodeIs", Math.Pow(10, 0.4 * Diodes));
        // A Schottky's leakage doubles every 10 K; BAT85: at most 2 µA at 25 V and 25 °C.
        yield return ("leakR", 12e6 * (Diodes > 0 ? 1 : 10) * Math.Pow(2, -Warmer / 10));
        yield return ("beta", 300 + 120 * Gain);
        // IRL540N: 1–2 V at 25 °C, about -5 mV/K.
        yield return ("vth", 1.5 + 0.5 * Threshold - 0.005 * Warmer);
        yield return ("vthE", 1.5 + 0.5 * EnableThreshold - 0.005 * Warmer);
        yield return ("coilR", CoilOhms);
        // No maker states it; with these the coil releases more slowly than the 7–20 ms that the maker does state.
        yield return ("coilL", 4 * Math.Pow(1.6, CoilInductance));
    }

    /// <summary>Volts of a line that is high.</summary>
    private double High => Drive switch
    {
        Drive.Logic3V3 => 3.3 * (1 + 0.05 * Level),
        Drive.Logic5V => 5 * (1 + 0.05 * Level),
        _ => Supply - 0.5,
    };

    /// <summary>So many corners: first those that press one goal each, then single tolerances, then random extremes.</summary>
    /// <param name="count">20 or more.</param>
    public static IReadOnlyList<Corner> All(int count) => [.. Chosen().Concat(Random()).Take(count)];

    private static IEnumerable<Corner> Chosen()
    {
        Corner longest = new("longest drop-out")
        {
            Supply = 28,
            Celsius = 60,
            Level = 1,
            C1 = 1,
            C2 = 1,
            Resistors = 1,
            Rail = 1,
            Offset = -1,
            Diodes = -1,
            Threshold = -1,
            EnableThreshold = -1,
            CoilResistance = -1,
            CoilInductance = 1,
        };
        Corner weakest = new("weakest pull-in")
        {
            Supply = 20,
            Celsius = -20,
            Level = -1,
            C1 = -1,
            C2 = -1,
            Resistors = -1,
            Rail = -1,
            Offset = 1,
            Diodes = -1,
            Gain = -1,
            Threshold = 1,
            EnableThreshold = 1,
            CoilResistance = 1,
            CoilInductance = 1,
        };
        Corner onePulse = longest with { Name = "largest single pulse", C2 = -1 };
        yield return new("nominal");
        yield return new("nominal, 5 V") { Drive = Drive.Logic5V };
        yield return new("nominal, 24 V") { Drive = Drive.Field24V };
        yield return longest;
        yield return longest with { Name = "longest, much leakage", Diodes = 1 };
        yield return longest with { Name = "longest, -20 °C", Celsius = -20 };
        yield return longest with { Name = "longest, 20 V", Supply = 20 };
        yield return longest with { Name = "longest, 24 V lines", Drive = Drive.Field24V };
        yield return longest with { Name = "longest, 5 V lines", Drive = Drive.Logic5V };
        yield return onePulse;
        yield return onePulse with { Name = "single pulse, -20 °C", Celsius = -20 };
        yield return weakest;
        yield return weakest with { Name = "weakest, C2 high", C2 = 1 };
        yield return weakest with { Name = "weakest, 60 °C, leakage", Celsius = 60, Diodes = 1 };
        yield return weakest with { Name = "weakest, 28 V", Supply = 28 };
        yield return weakest with { Name = "weakest, 24 V lines", Drive = Drive.Field24V };
        yield return weakest with { Name = "weakest, 5 V lines", Drive = Drive.Logic5V };
        yield return new("nominal, -20 °C, 20 V") { Celsius = -20, Supply = 20 };
        yield return new("nominal, 60 °C, 20 V") { Celsius = 60, Supply = 20 };
        yield return new("nominal, 60 °C, 28 V") { Celsius = 60, Supply = 28 };
    }

    private static IEnumerable<Corner> Random()
    {
        // The same corners on every machine and in every run.
        var random = new Random(240);
        double End() => random.Next(2) == 0 ? -1 : 1;
        for (var number = 1; ; number++)
        {
            yield return new(string.Create(CultureInfo.InvariantCulture, $"random {number}"))
            {
                Supply = 20 + 4 * random.Next(3),
                Celsius = -20 + 40 * random.Next(3),
                Drive = (Drive)random.Next(3),
                Level = End(),
                C1 = End(),
                C2 = End(),
                Resistors = End(),
                Rail = End(),
                Offset = End(),
                Diodes = End(),
                Gain = End(),
                Threshold = End(),
                EnableThreshold = End(),
                CoilResistance = End(),
                CoilInductance = End(),
            };
        }
    }
}
