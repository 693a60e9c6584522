using System.Device.Gpio;
using System.Runtime.ExceptionServices;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// The elements of a stack light that a PC may drive. Green and red belong to the relay's own contacts, so that they
/// tell the truth with the PC dead.
/// </summary>
public sealed class StackLight : IDisposable
{
    private readonly DeviceOutput? _yellow;
    private readonly DeviceOutput? _blue;
    private readonly DeviceOutput? _buzzer;
    private readonly GpioController? _owned;

    /// <summary>Opens the lines, all dark and silent.</summary>
    /// <param name="yellowPin">The yellow lamp; −1 where there is none.</param>
    /// <param name="bluePin">The blue lamp; −1 where there is none.</param>
    /// <param name="buzzerPin">The buzzer; −1 where there is none.</param>
    /// <param name="yellowActiveHigh">Whether its line is high while it is lit.</param>
    /// <param name="blueActiveHigh">Whether its line is high while it is lit.</param>
    /// <param name="buzzerActiveHigh">Whether its line is high while it sounds.</param>
    /// <param name="controller">The controller; null for a new one.</param>
    /// <param name="shouldDispose">Whether the controller is disposed with the light; a new one always is.</param>
    public StackLight(
        int yellowPin = -1, int bluePin = -1, int buzzerPin = -1, bool yellowActiveHigh = true, bool blueActiveHigh = true, bool buzzerActiveHigh = true,
        GpioController? controller = null, bool shouldDispose = true)
    {
        _owned = controller is null || shouldDispose ? controller ??= new GpioController() : null;
        _yellow = yellowPin < 0 ? null : new(controller, yellowPin, yellowActiveHigh, LineNames.StackYellow);
        _blue = bluePin < 0 ? null : new(controller, bluePin, blueActiveHigh, LineNames.StackBlue);
        _buzzer = buzzerPin < 0 ? null : new(controller, buzzerPin, buzzerActiveHigh, LineNames.Buzzer);
    }

    /// <summary>Lights what is wanted and darkens the rest, the others also when one fails.</summary>
    /// <exception cref="IOException">The chip refused.</exception>
    /// <exception cref="OutputReadbackException">A line does not follow.</exception>
    public void Show(bool yellow, bool blue, bool buzzer)
    {
        var first = _yellow?.TryWrite(yellow);
        var second = _blue?.TryWrite(blue);
        var third = _buzzer?.TryWrite(buzzer);
        if ((first ?? second ?? third) is { } failed) ExceptionDispatchInfo.Throw(failed);
    }

    /// <summary>Darkens all, and releases the lines.</summary>
    public void Dispose()
    {
        _yellow?.Close();
        _blue?.Close();
        _buzzer?.Close();
        _owned?.Dispose();
    }
}
