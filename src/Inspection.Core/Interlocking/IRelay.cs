namespace Inspection.Core;

/// <summary>
/// The station's outputs. Called by <see cref="Interlock"/> only, under its lock, so that no stale Energize follows a
/// Trip. A write that the hardware refuses throws <see cref="IOException"/>, which is a hardware fault.
/// </summary>
public interface IRelay
{
    /// <summary>Sets <c>relay-enable</c>.</summary>
    void Energize();

    /// <summary>Clears <c>relay-enable</c>, <c>heartbeat</c> and <c>pass</c>; tries all three even when one fails.</summary>
    void DeEnergize();

    /// <summary>Gives one edge of <c>heartbeat</c>.</summary>
    void Beat();

    /// <summary>Sets the level of <c>pass</c>.</summary>
    void SetPass(bool active);
}
