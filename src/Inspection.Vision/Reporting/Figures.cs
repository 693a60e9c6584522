using System.Globalization;

namespace Inspection.Vision;

/// <summary>How reports write numbers.</summary>
internal static class Figures
{
    /// <summary>What stands where there is no figure.</summary>
    public const string None = "–";

    /// <summary>A share as a percentage, exact at its ends: 100 % is said only of all, 0 % only of none.</summary>
    public static string Percent(double? share) => share switch
    {
        null => None,
        0 => "0 %",
        1 => "100 %",
        < 0.001 => "< 0.1 %",
        > 0.999 => "> 99.9 %",
        _ => (share.Value * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %",
    };

    /// <summary>A promise: a share that is not exceeded, rounded upwards.</summary>
    public static string AtMost(double? share) => share is { } most ? BoundWords.Percent(most) : None;

    /// <summary>An interval of shares.</summary>
    public static string Percent(Interval? interval) => interval is { } range ? $"{Percent(range.Low)} to {Percent(range.High)}" : None;

    /// <summary>A number with four digits after the point.</summary>
    public static string Number(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? None;

    /// <summary>An interval of numbers.</summary>
    public static string Number(Interval? interval) => interval is { } range ? $"{Number(range.Low)} to {Number(range.High)}" : None;

    /// <summary>A score, in the model's own units.</summary>
    public static string Score(double? score) => score?.ToString("G5", CultureInfo.InvariantCulture) ?? None;

    /// <summary>A time in milliseconds.</summary>
    public static string Milliseconds(double? value) => value is { } time ? time.ToString("0.00", CultureInfo.InvariantCulture) + " ms" : None;

    /// <summary>The probability that a test gives.</summary>
    public static string P(double? p) => p switch
    {
        null => None,
        < 0.0001 => "< 0.0001",
        _ => p.Value.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    /// <summary>Counts with their noun: 1 part, 2 parts.</summary>
    public static string Parts(int count, string kind = "") => $"{count.ToString(CultureInfo.InvariantCulture)} {(kind.Length > 0 ? kind + " " : "")}part{(count == 1 ? "" : "s")}";
}
