using System.Globalization;

namespace Inspection.Faults;

/// <summary>The station with faulty parts, and what watches it.</summary>
internal static class Program
{
    public static int Main(string[] arguments) => arguments switch
    {
        ["station", var data, var model] => StationCommand.Run(data, model, null),
        ["station", var data, var model, var lines] => StationCommand.Run(data, model, lines),
        ["guest", var root, var deadline] => GuestCommand.Run(root, int.Parse(deadline, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException("Inspection.Faults station DATA MODEL [LINES], or Inspection.Faults guest ROOT MILLISECONDS"),
    };
}
