using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Inspection.Core;

/// <summary>Times of day in files, to the minute: <c>"06:00"</c>, <c>"22:30"</c>.</summary>
public sealed class TimeOfDayJson : JsonConverter<TimeOnly>
{
    private const string Form = "HH:mm";

    /// <inheritdoc />
    public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return TimeOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time : throw new JsonException($"Found '{text}', expected a time of day such as \"06:00\" or \"22:30\".");
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.ToString(Form, CultureInfo.InvariantCulture));
}
