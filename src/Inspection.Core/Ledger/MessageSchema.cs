using System.Globalization;
using System.Text.Json;

namespace Inspection.Core;

/// <summary>What all messages have in common: camelCase, ISO 8601 UTC with milliseconds, schema number.</summary>
public static class MessageSchema
{
    /// <summary>The schema number that stands in every message.</summary>
    public const int Current = 1;

    /// <summary>ISO 8601, UTC, milliseconds: <c>2026-01-31T12:00:00.000Z</c>.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A value's name in camelCase.</summary>
    public static string Camel<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>Writes a number, or null where it is not finite, since JSON has no NaN.</summary>
    public static void WriteFinite(Utf8JsonWriter json, string name, float value)
    {
        if (float.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    /// <summary>Writes who or what did something.</summary>
    public static void WriteWho(Utf8JsonWriter json, string name, Who who)
    {
        json.WriteStartObject(name);
        json.WriteString("kind", who.Kind);
        json.WriteString("name", who.Name);
        if (who.Role is { } role) json.WriteString("role", Camel(role));
        json.WriteEndObject();
    }

    /// <summary>Writes a bypass and what was made under it so far.</summary>
    public static void WriteBypass(Utf8JsonWriter json, BypassAccount account)
    {
        json.WriteStartObject("bypass");
        json.WriteString("cause", Codes.Of(account.Bypass.Cause));
        json.WriteString("reason", account.Bypass.Reason);
        json.WriteNumber("minutes", account.Bypass.Duration.TotalMinutes);
        WriteWho(json, "by", account.Bypass.By);
        if (account.Bypass.Second is { } second) WriteWho(json, "second", second);
        json.WriteBoolean("letThrough", account.Bypass.LetThrough);
        json.WriteNumber("parts", account.Parts);
        var inspections = account.Bypass.Inspections;
        if (inspections.First == 0) json.WriteNull("firstSequence");
        else json.WriteNumber("firstSequence", inspections.First);
        if (inspections.Last == 0) json.WriteNull("lastSequence");
        else json.WriteNumber("lastSequence", inspections.Last);
        json.WriteString("firstPart", account.FirstPart is { } first ? Time(first) : null);
        json.WriteString("lastPart", account.LastPart is { } last ? Time(last) : null);
        json.WriteEndObject();
    }

    /// <summary>Writes a region; its contour is [[x,y],…].</summary>
    public static void WriteRegion(Utf8JsonWriter json, DefectRegion region)
    {
        json.WriteStartObject();
        json.WriteNumber("x", region.X);
        json.WriteNumber("y", region.Y);
        json.WriteNumber("width", region.Width);
        json.WriteNumber("height", region.Height);
        json.WriteNumber("areaPixels", region.AreaPixels);
        if (region.AreaSquareMillimetres is { } mm2) json.WriteNumber("areaMm2", mm2);
        WriteFinite(json, "score", region.Score);
        json.WriteStartArray("contour");
        for (var i = 0; i + 1 < region.Contour.Count; i += 2)
        {
            json.WriteStartArray();
            json.WriteNumberValue(region.Contour[i]);
            json.WriteNumberValue(region.Contour[i + 1]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
