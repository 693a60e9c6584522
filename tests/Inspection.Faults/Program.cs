using System.Globalization;
using Inspection.Gpio;

namespace Inspection.Faults;

/// <summary>The station with faulty parts, and what watches it.</summary>
internal static class Program
{
    public static int Main(string[] arguments) => arguments switch
    {
        ["station", var data, var model] => StationCommand.Run(data, model, null),
        ["station", var data, var model, var lines] => StationCommand.Run(data, model, lines),
        ["guest", var root, var deadline] => GuestCommand.Run(root, int.Parse(deadline, CultureInfo.InvariantCulture)),
        ["open", var chip] => Open(chip),
        _ => throw new ArgumentException("Inspection.Faults station DATA MODEL [LINES], Inspection.Faults guest ROOT MILLISECONDS, or Inspection.Faults open CHIP"),
    };

    /// <summary>Says why the chip's lines cannot be had, or <c>opened</c>.</summary>
    private static int Open(string chip)
    {
        var opened = GpioLines.Open(new GpioOptions { Chip = chip }, TimeProvider.System);
        Console.WriteLine(opened.Failure?.Code ?? "opened");
        opened.Value?.Dispose();
        return 0;
    }
}
