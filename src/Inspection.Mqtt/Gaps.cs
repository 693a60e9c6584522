using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Inspection.Core;

namespace Inspection.Mqtt;

/// <summary>Finds what a reader has lost to retention, and tells it.</summary>
internal static class Gaps
{
    /// <summary>How many messages are missing between the last that a reader has and the next that is kept.</summary>
    /// <returns>0 where none is; across two ledgers only what is missing of the later one can be counted.</returns>
    public static long Between(LedgerPosition? has, LedgerPosition next)
    {
        if (has is not { } last) return 0;
        return last.LedgerId == next.LedgerId ? next.Position - last.Position - 1 : next.Position - 1;
    }

    /// <summary>The body of the <c>gap</c> message for one reader. It has no position of its own: it is not in the ledger.</summary>
    public static ReadOnlyMemory<byte> Body(MqttStation station, string consumer, LedgerPosition has, LedgerPosition next)
    {
        var sameLedger = has.LedgerId == next.LedgerId;
        var lost = Between(has, next);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", MessageSchema.Current);
            json.WriteString("ledgerId", next.LedgerId);
            json.WriteBoolean("simulated", station.Simulated);
            json.WriteString("at", MessageSchema.Time(station.Time.GetUtcNow()));
            MessageSchema.WriteWho(json, "who", Who.Station);
            json.WriteString("reason", "retention");
            if (sameLedger) json.WriteNumber("count", lost);
            else json.WriteNull("count");
            json.WriteString("detail", string.Create(CultureInfo.InvariantCulture,
                $"{(sameLedger ? "" : "At least ")}{lost} messages were no longer kept when they could be delivered."));
            json.WriteString("consumer", consumer);
            Write(json, "after", has);
            Write(json, "next", next);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, string name, LedgerPosition at)
    {
        json.WriteStartObject(name);
        json.WriteString("ledgerId", at.LedgerId);
        json.WriteNumber("position", at.Position);
        json.WriteEndObject();
    }
}
