namespace Inspection.Core;

/// <summary>Outputs that a station may have besides <c>relay-enable</c>, <c>heartbeat</c> and <c>pass</c>.</summary>
public enum PlantLine
{
    /// <summary>Lets a part through the gate.</summary>
    Gate,

    /// <summary>Parts may be permitted.</summary>
    Ready,

    /// <summary>A part is being judged.</summary>
    Busy,

    /// <summary><c>pass</c> has the level of this part's result.</summary>
    Valid,
}

/// <summary>
/// The station's outputs, and the contact that tells what the relay does. Called by <see cref="Interlock"/> only, under its lock, so that no stale Energize follows a
/// Trip. A write or reading that the hardware refuses throws <see cref="IOException"/>, one that did not take effect
/// <see cref="OutputReadbackException"/>; both are hardware faults.
/// </summary>
public interface IRelay
{
    /// <summary>Sets <c>relay-enable</c>.</summary>
    void Energize();

    /// <summary>Clears <c>relay-enable</c>, <c>heartbeat</c>, <c>pass</c> and every <see cref="PlantLine"/>; tries each even when one fails.</summary>
    void DeEnergize();

    /// <summary>Gives one edge of <c>heartbeat</c>.</summary>
    void Beat();

    /// <summary>Sets the level of <c>pass</c>.</summary>
    void SetPass(bool active);

    /// <summary>Whether a line is wired.</summary>
    bool Has(PlantLine line);

    /// <summary>Sets the level of a line; does nothing where it is not wired.</summary>
    void Set(PlantLine line, bool active);

    /// <summary>Whether the relay's mirror contact reads as pulled in; null where none is wired.</summary>
    bool? PulledIn { get; }
}

/// <summary>An output was read back and does not have the level that was written to it.</summary>
/// <param name="message">Which line, what was written and what was read.</param>
public sealed class OutputReadbackException(string message) : IOException(message);
