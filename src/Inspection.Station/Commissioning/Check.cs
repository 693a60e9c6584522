using System.Globalization;

namespace Inspection.Station.Commissioning;

/// <summary>What must be so when a check is made; checks stand in this order.</summary>
internal enum Stage
{
    /// <summary>No voltage anywhere.</summary>
    NoVoltage,

    /// <summary>24 V on, wires to the PC unplugged.</summary>
    Unplugged,

    /// <summary>Wires plugged, station stopped: the command itself reads and drives the lines.</summary>
    StationStopped,

    /// <summary>The station runs; the command has let go of lines and data folder.</summary>
    StationRunning,
}

/// <summary>One value that a person measures and types.</summary>
/// <param name="Name">For the prompt.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Least">Smallest good value.</param>
/// <param name="Most">Largest good value.</param>
internal sealed record Quantity(string Name, string Unit, double Least, double Most)
{
    /// <summary>Reads what was typed; <c>ol</c> is a meter's overload, a comma is a decimal point.</summary>
    public static double? Parse(string typed)
    {
        if (typed.Equals("ol", StringComparison.OrdinalIgnoreCase)) return double.PositiveInfinity;
        return double.TryParse(typed.Replace(',', '.'), NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
    }

    /// <summary>Whether a value is as it should be.</summary>
    public bool Holds(double value) => value >= Least && value <= Most;

    /// <summary>A value with its unit.</summary>
    public string Show(double value) => double.IsInfinity(value) ? $"{Name} OL" : string.Create(CultureInfo.InvariantCulture, $"{Name} {value:0.###} {Unit}");
}

/// <summary>One of the checks of <c>hardware/README.md</c>; the page's table is this text, and a test compares them.</summary>
/// <param name="Number">1–20.</param>
/// <param name="Stage">When.</param>
/// <param name="What">What to do.</param>
/// <param name="Expected">What must come of it.</param>
/// <param name="Quantities">Values to type, judged by the program; none where a person judges.</param>
internal sealed record Check(int Number, Stage Stage, string What, string Expected, params IReadOnlyList<Quantity> Quantities);
