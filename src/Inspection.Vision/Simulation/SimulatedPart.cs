namespace Inspection.Vision;

/// <summary>What can be wrong with a simulated part.</summary>
public enum SimulatedDefect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A scratch in the surface.</summary>
    Scratch,

    /// <summary>A piece broken off an edge.</summary>
    Chip,

    /// <summary>A hole that was not drilled.</summary>
    MissingHole,

    /// <summary>A stain of oil or rust.</summary>
    Stain,

    /// <summary>Another print, one that stands on its head, or none.</summary>
    WrongPrint,

    /// <summary>Something lies on the part: a turning, a fibre, a crumb of plastic.</summary>
    ForeignBody,
}

/// <summary>One part of the simulated line and how it lies before the camera; follows from seed and number alone.</summary>
/// <param name="Number">The part's number, from 0.</param>
/// <param name="Seed">Seed of what is random about it.</param>
/// <param name="Defect">What is wrong with it.</param>
/// <param name="Angle">Rotation in degrees, counter-clockwise.</param>
/// <param name="ShiftX">Shift to the right in 640ths of the frame's width.</param>
/// <param name="ShiftY">Shift downwards in the same unit.</param>
/// <param name="Gain">Brightness of the light, 1 being nominal.</param>
public readonly record struct SimulatedPart(long Number, int Seed, SimulatedDefect Defect, double Angle, double ShiftX, double ShiftY, double Gain)
{
    private const int Kinds = 6;
    private const double LightPeriod = 600;

    /// <summary><c>good</c>, or the class of the defect in kebab-case.</summary>
    public string Label => Defect switch
    {
        SimulatedDefect.None => "good",
        SimulatedDefect.Scratch => "scratch",
        SimulatedDefect.Chip => "chip",
        SimulatedDefect.MissingHole => "missing-hole",
        SimulatedDefect.Stain => "stain",
        SimulatedDefect.WrongPrint => "wrong-print",
        _ => "foreign-body",
    };

    /// <summary>The part of a number.</summary>
    /// <param name="seed">The line's seed.</param>
    /// <param name="number">The part's number, from 0.</param>
    /// <param name="defectShare">Share of parts with a defect, 0–1.</param>
    /// <param name="lightDrift">See <see cref="SimulatedOptions.LightDrift"/>.</param>
    /// <param name="turn">See <see cref="SimulatedOptions.Turn"/>.</param>
    public static SimulatedPart Of(int seed, long number, double defectShare, double lightDrift = SimulatedOptions.UsualLightDrift, double turn = SimulatedOptions.UsualTurn)
    {
        var own = Mix(seed, number);
        var random = new Random(own);
        var defective = random.NextDouble() < defectShare;
        var kind = (SimulatedDefect)(1 + random.Next(Kinds));
        return new(
            number, own, defective ? kind : SimulatedDefect.None,
            Angle: Spread(random, turn), ShiftX: Spread(random, 2.5 * turn), ShiftY: Spread(random, 2 * turn),
            Gain: 1 + lightDrift * Math.Sin(2 * Math.PI * number / LightPeriod) + Spread(random, 0.01));
    }

    // Nearly normal and bounded: the mean of three uniform numbers.
    private static double Spread(Random random, double limit)
        => limit * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) / 1.5;

    /// <summary>Finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), so that neighbouring numbers have nothing in common.</summary>
    private static int Mix(int seed, long number)
    {
        var z = unchecked((ulong)seed * 0x9E3779B97F4A7C15 + (ulong)number * 0xD1B54A32D192ED03 + 0x632BE59BD9B4E019);
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return (int)((z ^ z >> 31) & int.MaxValue);
    }
}
