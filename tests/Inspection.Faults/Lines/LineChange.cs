namespace Inspection.Faults;

/// <summary>An output that changed, as it was seen from outside of the station.</summary>
/// <param name="At">Monotonic time in nanoseconds, the same for all processes of the machine.</param>
/// <param name="Line">Its name in the pin map.</param>
/// <param name="High">Its level since then.</param>
internal readonly record struct LineChange(long At, string Line, bool High);

/// <summary>Monotonic time in nanoseconds, as the kernel counts it for everybody.</summary>
internal static class Nanoseconds
{
    public const long PerMillisecond = 1_000_000;

    public static long Now => TimeProvider.System.GetTimestamp() * (1_000_000_000 / TimeProvider.System.TimestampFrequency);

    public static double Milliseconds(long span) => (double)span / PerMillisecond;
}
