using System.Device.Gpio;

namespace Inspection.Gpio;

/// <summary>
/// A relay's mirror contact: mechanically linked to its main contacts, so that it tells what they really do (IEC 60947-4-1,
/// annex F). What it ought to be, and after what time, is the caller's to say.
/// </summary>
public sealed class FeedbackContact : IDisposable
{
    private readonly DeviceInput _contact;
    private readonly GpioController? _owned;

    /// <summary>Opens the line.</summary>
    /// <param name="pin">The line.</param>
    /// <param name="pulledInHigh">
    /// Whether it is high while the relay has pulled in; false for a normally closed contact that leads to high, whose cut
    /// wire then reads as pulled in and so is noticed.
    /// </param>
    /// <param name="mode">An input, with or without the chip's own resistor.</param>
    /// <param name="controller">The controller; null for a new one.</param>
    /// <param name="shouldDispose">Whether the controller is disposed with the contact; a new one always is.</param>
    public FeedbackContact(int pin, bool pulledInHigh = false, PinMode mode = PinMode.InputPullDown, GpioController? controller = null, bool shouldDispose = true)
    {
        _owned = controller is null || shouldDispose ? controller ??= new GpioController() : null;
        _contact = new(controller, pin, pulledInHigh, mode);
    }

    /// <summary>Whether the relay has pulled in.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    public bool IsPulledIn() => _contact.IsActive();

    /// <summary>Releases the line.</summary>
    public void Dispose()
    {
        _contact.Close();
        _owned?.Dispose();
    }
}
