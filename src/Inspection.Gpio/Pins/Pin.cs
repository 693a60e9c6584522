namespace Inspection.Gpio;

/// <summary>What a contact does when its signal becomes active.</summary>
public enum Contact
{
    /// <summary>The line is an output.</summary>
    None,

    /// <summary>It opens; a cut wire reads as active.</summary>
    NormallyClosed,

    /// <summary>It closes; a cut wire reads as inactive.</summary>
    NormallyOpen,
}

/// <summary>The chip's own resistor at an input.</summary>
public enum Bias
{
    /// <summary>None; the board has one.</summary>
    None,

    /// <summary>Low while nothing drives the line.</summary>
    PullDown,

    /// <summary>High while nothing drives the line.</summary>
    PullUp,
}

/// <summary>One line of the chip: the only place that knows what its level means.</summary>
/// <param name="Name">One of <see cref="LineNames"/>.</param>
/// <param name="Line">Offset on the chip, 0–511.</param>
/// <param name="High">Output: it is high while active. Input: it is high while the contact is closed.</param>
/// <param name="Contact">Kind of contact; <see cref="Contact.None"/> for an output.</param>
/// <param name="Bias">Resistor of an input.</param>
/// <param name="Purpose">For a person.</param>
public sealed record Pin(string Name, int Line, bool High, Contact Contact, Bias Bias, string Purpose)
{
    /// <summary>A change of an input counts when it has stayed for so long, 0–100 ms; 0, and at once, for an output.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>True for an input.</summary>
    public bool IsInput => Contact != Contact.None;

    /// <summary>The level that makes the signal active or inactive; true is high.</summary>
    public bool LevelOf(bool active) => active == (High ^ (Contact == Contact.NormallyClosed));

    /// <summary>Whether the signal is active at this level; true is high.</summary>
    public bool IsActive(bool level) => level == LevelOf(true);
}
