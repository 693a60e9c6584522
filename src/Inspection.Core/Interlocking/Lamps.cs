namespace Inspection.Core;

/// <summary>What the lamps are lit for.</summary>
/// <param name="State">The interlock's state.</param>
/// <param name="ManyIndeterminates">Half of what trips, or more.</param>
/// <param name="PersonAsked">Something besides a reset waits for a person: a test part, an empty zone.</param>
/// <param name="SinceTrip">Since the last trip; null before the first.</param>
/// <param name="BypassLeft">What is left of a bypass; null without one.</param>
public readonly record struct LampReasons(InterlockState State, bool ManyIndeterminates, bool PersonAsked, TimeSpan? SinceTrip, TimeSpan? BypassLeft);

/// <summary>
/// The yellow and the blue lamp and the buzzer by IEC 60073: yellow, something is not normal; blue, a person must act.
/// Green and red hang on the relay's own contacts.
/// </summary>
/// <param name="Yellow">Lit: a bypass. Blinking once a second: many indeterminate parts.</param>
/// <param name="Blue">Lit: a reset is waited for, or somebody is asked for something.</param>
/// <param name="Buzzer">3 s at a trip; 1 s in each 10 s of a bypass's last 2 minutes.</param>
public readonly record struct Lamps(bool Yellow, bool Blue, bool Buzzer)
{
    /// <summary>The buzzer sounds for so long at a trip.</summary>
    public static readonly TimeSpan TripBuzz = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan WarningPeriod = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan WarningBuzz = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Blink = TimeSpan.FromSeconds(1);

    /// <summary>What is lit.</summary>
    /// <param name="reasons">Why.</param>
    /// <param name="clock">Any time that runs on evenly, for blinking.</param>
    public static Lamps Of(in LampReasons reasons, TimeSpan clock)
    {
        var bypassed = reasons.State == InterlockState.Bypassed;
        var lit = clock.Ticks % Blink.Ticks < Blink.Ticks / 2;
        return new(
            bypassed || (reasons.ManyIndeterminates && lit),
            reasons.State is InterlockState.Tripped or InterlockState.Faulted || reasons.PersonAsked,
            reasons.SinceTrip < TripBuzz || (bypassed && Warns(reasons.BypassLeft)));
    }

    /// <summary>Whether the warning of a bypass's end sounds now.</summary>
    private static bool Warns(TimeSpan? left)
        => left is { } time && time <= Bypass.Warning && time > TimeSpan.Zero && (Bypass.Warning - time).Ticks % WarningPeriod.Ticks < WarningBuzz.Ticks;
}
