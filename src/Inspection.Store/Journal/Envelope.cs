using System.Text.Json;
using Inspection.Core;

namespace Inspection.Store;

/// <summary>What a reader needs of an entry.</summary>
/// <param name="Entry">Its number.</param>
/// <param name="Position">Its number over messages; 0 when it is none.</param>
/// <param name="Kind">Its kind; of no meaning where the entry is newer.</param>
/// <param name="Schema">Version of its shape.</param>
/// <param name="At">When, to the millisecond.</param>
/// <param name="BodyOffset">Where its body begins, from the entry's first byte.</param>
/// <param name="BodyLength">The body's length in bytes.</param>
internal readonly record struct Envelope(long Entry, long Position, EntryKind Kind, int Schema, DateTimeOffset At, int BodyOffset, int BodyLength)
{
    private static readonly Dictionary<string, EntryKind> Kinds = Enum.GetValues<EntryKind>().ToDictionary(k => Codes.Of(k), StringComparer.Ordinal);

    /// <summary>True when a newer program wrote it: nothing of it may be read as if it were this one's.</summary>
    public bool IsNewer => Schema > MessageSchema.Current;

    /// <summary>Reads an entry's members; its body is only skipped.</summary>
    /// <returns>False when a member is missing or is not what it must be.</returns>
    public static bool TryRead(ReadOnlySpan<byte> entry, out Envelope envelope)
    {
        envelope = default;
        try
        {
            var json = new Utf8JsonReader(entry);
            long? number = null, position = null;
            EntryKind? kind = null;
            int? schema = null;
            DateTimeOffset? at = null;
            (int From, int Length)? body = null;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isNumber = json.ValueTextEquals("entry"u8);
                var isPosition = json.ValueTextEquals("position"u8);
                var isKind = json.ValueTextEquals("kind"u8);
                var isSchema = json.ValueTextEquals("schema"u8);
                var isAt = json.ValueTextEquals("at"u8);
                var isBody = json.ValueTextEquals("body"u8);
                json.Read();
                if (isNumber) number = json.GetInt64();
                else if (isPosition) position = json.GetInt64();
                else if (isKind) kind = Kinds.TryGetValue(json.GetString() ?? "", out var k) ? k : null;
                else if (isSchema) schema = json.GetInt32();
                else if (isAt) at = json.GetDateTimeOffset();
                var from = (int)json.TokenStartIndex;
                json.Skip();
                if (isBody) body = (from, (int)json.BytesConsumed - from);
            }
            if (number is null || position is null || schema is null or < 1 || at is null || body is null) return false;
            // A newer program may have other kinds.
            if (kind is null && schema <= MessageSchema.Current) return false;
            envelope = new(number.Value, position.Value, kind ?? default, schema.Value, at.Value, body.Value.From, body.Value.Length);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>A whole number among the body's own members; 0 when it is not there.</summary>
    public static long BodyNumber(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var json = Find(body, name);
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) ? number : 0;
    }

    /// <summary>A text among the body's own members; null when it is not there.</summary>
    public static string? BodyText(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var json = Find(body, name);
        return json.TokenType == JsonTokenType.String ? json.GetString() : null;
    }

    private static Utf8JsonReader Find(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        var json = new Utf8JsonReader(body);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals(name);
            json.Read();
            if (found) return json;
            json.Skip();
        }
        return default;
    }
}
