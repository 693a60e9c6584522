using System.Device.Gpio;

namespace Inspection.Gpio;

/// <summary>
/// A key switch with two contacts of two kinds, so that one wire cut or shorted never reads as a turned key. The contacts
/// disagree for a moment whenever a hand turns it; how long they may is the caller's to say.
/// </summary>
public sealed class DualChannelKeySwitch : IDisposable
{
    private readonly DeviceInput _closing;
    private readonly DeviceInput _opening;
    private readonly GpioController? _owned;

    /// <summary>Opens both lines.</summary>
    /// <param name="closingPin">The normally open contact: it closes when the key is turned.</param>
    /// <param name="openingPin">The normally closed contact: it opens when the key is turned.</param>
    /// <param name="closingTurnedHigh">Whether the first line is high while the key is turned.</param>
    /// <param name="openingTurnedHigh">Whether the second line is high while the key is turned.</param>
    /// <param name="closingMode">The first as an input, with or without the chip's own resistor.</param>
    /// <param name="openingMode">The second.</param>
    /// <param name="controller">The controller; null for a new one.</param>
    /// <param name="shouldDispose">Whether the controller is disposed with the switch; a new one always is.</param>
    public DualChannelKeySwitch(
        int closingPin, int openingPin, bool closingTurnedHigh = true, bool openingTurnedHigh = false, PinMode closingMode = PinMode.InputPullDown,
        PinMode openingMode = PinMode.InputPullDown, GpioController? controller = null, bool shouldDispose = true)
    {
        _owned = controller is null || shouldDispose ? controller ??= new GpioController() : null;
        _closing = new(controller, closingPin, closingTurnedHigh, closingMode);
        _opening = new(controller, openingPin, openingTurnedHigh, openingMode);
    }

    /// <summary>Reads both contacts.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    public KeyReading Read() => new(_closing.IsActive(), _opening.IsActive());

    /// <summary>Releases both lines.</summary>
    public void Dispose()
    {
        _closing.Close();
        _opening.Close();
        _owned?.Dispose();
    }
}

/// <summary>What both contacts of a key switch said.</summary>
/// <param name="Closing">The normally open contact says turned.</param>
/// <param name="Opening">The normally closed contact says turned.</param>
public readonly record struct KeyReading(bool Closing, bool Opening)
{
    /// <summary>Turned counts only when both say so.</summary>
    public bool IsTurned => Closing && Opening;
}
