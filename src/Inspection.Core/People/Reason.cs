namespace Inspection.Core;

/// <summary>Why a person takes something on himself, in his own words.</summary>
internal static class Reason
{
    /// <summary>Whether one is given: 3–200 characters without the blanks at its ends, no control characters.</summary>
    public static bool IsGiven(string? reason) => reason is not null && reason.Trim().Length is >= 3 and <= 200 && !reason.Any(char.IsControl);
}
