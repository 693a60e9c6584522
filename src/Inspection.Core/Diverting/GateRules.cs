namespace Inspection.Core;

/// <summary>
/// Where the gate and the bin are, in ticks of the belt's encoder from the camera on; the section <c>gate</c> of a recipe
/// whose <c>output.mode</c> is <c>gate</c>.
/// </summary>
public sealed record GateRules
{
    /// <summary>From the place of a part at its trigger to the gate, 8–1000000 ticks.</summary>
    public required int Distance { get; init; }

    /// <summary>
    /// A part is at the gate within <see cref="Distance"/> ± this: the gate stays open for it so long, and an eye at the
    /// gate must see it then. 2 ticks – a quarter of the distance. Two parts closer than twice this share one decision.
    /// </summary>
    public required int Tolerance { get; init; }

    /// <summary>From the gate to the eye of the bin, 1–1000000 ticks.</summary>
    public required int BinDistance { get; init; }

    /// <summary>A diverted part is seen in the bin within <see cref="BinDistance"/> ± this, 1 tick – the bin's distance.</summary>
    public required int BinTolerance { get; init; }

    /// <summary>What a full bin does. Default an alarm: there is time to empty it, and a part that does not reach it trips.</summary>
    public BinResponse BinFull { get; init; } = BinResponse.Alarm;

    /// <summary>What an open bin does. Default a trip: rejected parts could be taken out.</summary>
    public BinResponse BinDoor { get; init; } = BinResponse.Trip;

    /// <summary>What missing air does. Default a trip: the gate cannot be trusted to move.</summary>
    public BinResponse AirPressure { get; init; } = BinResponse.Trip;

    /// <summary>The response to one of the three causes.</summary>
    public BinResponse ResponseTo(TripCause cause) => cause switch
    {
        TripCause.BinFull => BinFull,
        TripCause.BinDoor => BinDoor,
        TripCause.AirPressure => AirPressure,
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "No input of the gate."),
    };

    /// <summary>All that is out of range.</summary>
    internal IEnumerable<SettingError> Errors()
    {
        if (Distance is < 8 or > 1_000_000) yield return new("recipe.gate.distance", $"found {Distance}", "8–1000000 ticks");
        if (Tolerance < 2 || Tolerance > Distance / 4) yield return new("recipe.gate.tolerance", $"found {Tolerance}", "2 ticks – a quarter of gate.distance");
        if (BinDistance is < 1 or > 1_000_000) yield return new("recipe.gate.binDistance", $"found {BinDistance}", "1–1000000 ticks");
        if (BinTolerance < 1 || BinTolerance > BinDistance) yield return new("recipe.gate.binTolerance", $"found {BinTolerance}", "1 tick – gate.binDistance");
        if ((long)BinDistance + BinTolerance < Tolerance) yield return new("recipe.gate.binDistance", $"found {BinDistance}", "with gate.binTolerance no less than gate.tolerance");
    }
}

/// <summary>What an input of the bin or of the gate's air does.</summary>
public enum BinResponse
{
    /// <summary>It tells people.</summary>
    Alarm,

    /// <summary>It trips, too.</summary>
    Trip,
}
