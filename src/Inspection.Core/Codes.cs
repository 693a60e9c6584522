using System.Text.Json;

namespace Inspection.Core;

/// <summary>The stable kebab-case codes of enumerations in messages, entries and files, made once.</summary>
public static class Codes
{
    /// <summary>The code of a reason, such as <c>above-threshold</c>.</summary>
    public static string Of(VerdictReason reason) => Table<VerdictReason>.Of(reason);

    /// <summary>The code of a trip cause, such as <c>camera-lost</c>.</summary>
    public static string Of(TripCause cause) => Table<TripCause>.Of(cause);

    /// <summary>The code of any enumeration's value in kebab-case.</summary>
    public static string Of<T>(T value) where T : struct, Enum => Table<T>.Of(value);

    private static class Table<T> where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Names =
            Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));

        public static string Of(T value) => Names[value];
    }
}
