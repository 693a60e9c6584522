using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Inspection.Core;

namespace Inspection.Station.Settings;

/// <summary>
/// Reads a JSON object into a record and tells everything that does not fit at once, each with its full name: unknown
/// members, values of the wrong type, nulls. The framework's own reader stops at the first.
/// </summary>
internal static class StrictJson
{
    /// <summary>Reads the members that fit and reports the others.</summary>
    /// <typeparam name="T">The record; its defaults stand for absent members.</typeparam>
    /// <param name="json">The object.</param>
    /// <param name="prefix">Stands before each name, such as <c>mqtt.</c>; may be empty.</param>
    /// <param name="options">How names and values are written.</param>
    /// <param name="errors">Receives what does not fit.</param>
    public static T Read<T>(JsonObject json, string prefix, JsonSerializerOptions options, List<SettingError> errors)
    {
        var fitting = Fitting(json, options.GetTypeInfo(typeof(T)), prefix, options, errors);
        return fitting.Deserialize<T>(options)!;
    }

    private static JsonObject Fitting(JsonObject json, JsonTypeInfo type, string prefix, JsonSerializerOptions options, List<SettingError> errors)
    {
        var fitting = new JsonObject();
        foreach (var (name, value) in json)
        {
            var full = prefix + name;
            var property = Settable(type).FirstOrDefault(p => p.Name == name);
            if (property is null)
                errors.Add(new SettingError(full, "unknown setting", string.Join(", ", Settable(type).Select(p => p.Name))));
            else if (options.GetTypeInfo(property.PropertyType) is { Kind: JsonTypeInfoKind.Object } section && value is JsonObject inner)
                fitting[name] = Fitting(inner, section, full + ".", options, errors);
            else if (Fits(value, property, options)) fitting[name] = value?.DeepClone();
            else errors.Add(new SettingError(full, $"found {value?.ToJsonString() ?? "null"}", Describe(property.PropertyType)));
        }
        return fitting;
    }

    private static IEnumerable<JsonPropertyInfo> Settable(JsonTypeInfo type) => type.Properties.Where(p => p.Set is not null);

    private static bool Fits(JsonNode? value, JsonPropertyInfo property, JsonSerializerOptions options)
    {
        if (value is null) return property.IsSetNullable;
        try
        {
            return value.Deserialize(property.PropertyType, options) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Describe(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(TimeSpan)) return "a duration with its unit, such as \"200 ms\", \"30 s\", \"8 h\" or \"7 d\"";
        if (plain == typeof(string)) return "text";
        if (plain == typeof(bool)) return "true or false";
        if (plain == typeof(int) || plain == typeof(long)) return "a whole number";
        if (plain.IsPrimitive) return "a number";
        if (plain.IsEnum) return string.Join(", ", Enum.GetNames(plain).Select(JsonNamingPolicy.KebabCaseLower.ConvertName));
        return plain.IsArray || plain.IsGenericType ? "a list" : "an object in braces";
    }
}
