using System.Buffers;
using System.Text.Json;
using Inspection.Core;

namespace Inspection.Mqtt;

/// <summary>The body of <c>status</c>: the station at one moment. The README lists its members.</summary>
internal static class StatusMessage
{
    /// <summary>A receiver may take the station for gone when the newest status is older than this.</summary>
    public const uint ExpirySeconds = 30;

    public static ReadOnlyMemory<byte> Write(MqttOptions options, MqttStation station, string broker, IReadOnlyList<Receiver> receivers)
        => Body(options, station, true, json =>
        {
            var context = station.Context();
            json.WriteString("version", station.Version);
            WriteInterlock(json, station.Interlock, station.Time);
            WriteCounters(json, station.Counters.Snapshot());
            WriteTests(json, station.TestParts?.Snapshot);
            if (context is null)
            {
                json.WriteNull("model");
                json.WriteNull("recipe");
            }
            else
            {
                json.WriteStartObject("model");
                json.WriteString("name", context.Model.Name);
                json.WriteNumber("version", context.Model.Version);
                json.WriteString("sha256", context.Model.Sha256);
                json.WriteEndObject();
                json.WriteStartObject("recipe");
                json.WriteString("name", context.Recipe.Name);
                json.WriteNumber("revision", context.Recipe.Revision);
                json.WriteEndObject();
            }
            json.WriteStartArray("alarms");
            foreach (var alarm in station.Alarms.Active) json.WriteStringValue(alarm.Code);
            json.WriteEndArray();
            json.WriteString("broker", broker);
            json.WriteStartArray("receivers");
            foreach (var receiver in receivers)
            {
                json.WriteStartObject();
                json.WriteString("name", receiver.Name);
                json.WriteBoolean("connected", receiver.Connected);
                json.WriteNumber("backlog", receiver.Backlog);
                json.WriteString("lastAcknowledged", receiver.LastAcknowledged is { } at ? MessageSchema.Time(at) : null);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });

    /// <summary>What an external broker publishes in the station's place when it is gone.</summary>
    public static ReadOnlyMemory<byte> WriteOffline(MqttOptions options, MqttStation station) => Body(options, station, false, _ => { });

    private static ReadOnlyMemory<byte> Body(MqttOptions options, MqttStation station, bool online, Action<Utf8JsonWriter> more)
    {
        var last = station.Ledger.Last;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", MessageSchema.Current);
            json.WriteString("ledgerId", last.LedgerId);
            json.WriteNumber("lastPosition", last.Position);
            json.WriteBoolean("simulated", station.Simulated);
            json.WriteString("at", MessageSchema.Time(station.Time.GetUtcNow()));
            json.WriteBoolean("online", online);
            json.WriteString("site", options.Site);
            json.WriteString("line", options.Line);
            json.WriteString("station", options.Station);
            more(json);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static void WriteInterlock(Utf8JsonWriter json, Interlock interlock, TimeProvider time)
    {
        var snapshot = interlock.Snapshot;
        json.WriteStartObject("interlock");
        json.WriteString("state", snapshot.State.ToString());
        json.WriteString("since", MessageSchema.Time(snapshot.Since));
        json.WriteString("firstOut", snapshot.FirstOut is { } trip ? Codes.Of(trip.Cause) : null);
        json.WriteString("detail", snapshot.FirstOut?.Detail);
        json.WriteStartArray("present");
        foreach (var cause in snapshot.Present) json.WriteStringValue(Codes.Of(cause));
        json.WriteEndArray();
        json.WriteString("obstacle", snapshot.Obstacle);
        json.WriteBoolean("selfTest", snapshot.SelfTesting);
        json.WriteBoolean("stopping", snapshot.StoppingSince is not null);
        json.WriteBoolean("zoneUnknown", snapshot.ZoneUnknown);
        json.WriteBoolean("relayRead", snapshot.RelayRead);
        json.WriteNumber("relayCycles", interlock.RelayCycles);
        if (snapshot.Bypass is { } bypass)
        {
            json.WriteStartObject("bypass");
            json.WriteString("cause", Codes.Of(bypass.Cause));
            json.WriteString("reason", bypass.Reason);
            MessageSchema.WriteWho(json, "by", bypass.By);
            json.WriteNumber("remainingSeconds", (int)bypass.Remaining(time).TotalSeconds);
            json.WriteEndObject();
        }
        else json.WriteNull("bypass");
        json.WriteEndObject();
    }

    private static void WriteTests(Utf8JsonWriter json, TestSnapshot? tests)
    {
        if (tests is null)
        {
            json.WriteNull("testParts");
            return;
        }
        json.WriteStartObject("testParts");
        json.WriteBoolean("due", tests.IsDue);
        json.WriteBoolean("overdue", tests.IsOverdue);
        json.WriteStartArray("reasons");
        foreach (var reason in tests.Reasons) json.WriteStringValue(reason);
        json.WriteEndArray();
        json.WriteString("lastPassed", tests.LastPassed is { } last ? MessageSchema.Time(last.At) : null);
        json.WriteString("by", tests.LastPassed?.By);
        json.WriteEndObject();
    }

    private static void WriteCounters(Utf8JsonWriter json, CounterSnapshot counters)
    {
        json.WriteStartObject("counters");
        json.WriteNumber("inspected", counters.Inspected);
        json.WriteNumber("passed", counters.Passed);
        json.WriteNumber("rejected", counters.Rejected);
        json.WriteNumber("indeterminate", counters.Indeterminate);
        json.WriteNumber("perMinute", counters.PerMinute);
        json.WriteNumber("notRecorded", counters.NotRecorded);
        json.WriteNumber("waiting", counters.Waiting);
        json.WriteNumber("overridden", counters.Overridden);
        json.WriteNumber("testParts", counters.TestParts);
        json.WriteEndObject();
    }
}
