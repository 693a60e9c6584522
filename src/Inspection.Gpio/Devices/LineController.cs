using System.Device.Gpio;

namespace Inspection.Gpio;

/// <summary>
/// A controller whose reads and writes go straight to the chip: <see cref="GpioController"/> remembers each value that it
/// writes in a dictionary, which allocates. The device bindings take any controller; with this one they allocate nothing.
/// </summary>
/// <param name="chip">The chip, disposed with the controller.</param>
internal sealed class LineController(LineDriver chip) : GpioController(chip)
{
    /// <inheritdoc />
    public override PinValue Read(int pinNumber) => chip.Get(pinNumber);

    /// <inheritdoc />
    public override void Write(int pinNumber, PinValue value) => chip.Set(pinNumber, value == PinValue.High);
}
