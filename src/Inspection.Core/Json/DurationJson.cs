using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Inspection.Core;

/// <summary>Durations in files: a number, a blank and a unit, such as <c>"200 ms"</c>, <c>"30 s"</c>, <c>"15 min"</c>, <c>"8 h"</c>, <c>"7 d"</c>.</summary>
public sealed class DurationJson : JsonConverter<TimeSpan>
{
    private const string Expected = "a duration with a unit (ms, s, min, h or d), such as \"200 ms\" or \"7 d\"";

    // Largest first, so that writing chooses the largest unit that leaves no fraction.
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("min", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Reads a duration that is not negative.</summary>
    /// <param name="text">A decimal number with a point, blanks, a unit.</param>
    /// <param name="duration">The duration.</param>
    /// <returns>False for anything else, and for what is longer than a <see cref="TimeSpan"/> can be.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null) return false;
        var unitAt = text.AsSpan().IndexOfAnyExceptInRange('.', '9');
        if (unitAt <= 0) return false;
        if (!decimal.TryParse(text.AsSpan(0, unitAt), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        var name = text.AsSpan(unitAt).Trim(' ');
        foreach (var (unit, ticks) in Units)
        {
            if (!name.SequenceEqual(unit)) continue;
            if (number > TimeSpan.MaxValue.Ticks / ticks) return false;
            duration = new TimeSpan((long)(number * ticks));
            return true;
        }
        return false;
    }

    /// <summary>A duration in the largest unit that leaves no fraction; below a millisecond as a fraction of one.</summary>
    public static string Format(TimeSpan duration)
    {
        foreach (var (unit, ticks) in Units)
        {
            if (duration.Ticks != 0 && duration.Ticks % ticks == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks} {unit}");
        }
        return string.Create(CultureInfo.InvariantCulture, $"{(decimal)duration.Ticks / TimeSpan.TicksPerMillisecond} ms");
    }

    /// <inheritdoc />
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException($"Expected {Expected}.");
        var text = reader.GetString();
        return TryParse(text, out var duration) ? duration : throw new JsonException($"Found '{text}', expected {Expected}.");
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));
}
