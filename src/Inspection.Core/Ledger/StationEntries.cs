using System.Text.Json;

namespace Inspection.Core;

/// <summary>What the entries besides inspections have in common: schema, numbers, time, <c>simulated</c>.</summary>
public abstract class StationEntry : EntryDraft
{
    private readonly bool _simulated;

    /// <summary>An entry of this moment.</summary>
    protected StationEntry(TimeProvider time, bool simulated, Who who)
    {
        (At, Timestamp, Who) = (time.GetUtcNow(), time.GetTimestamp(), who);
        _simulated = simulated;
    }

    /// <inheritdoc />
    public sealed override void WriteBody(Utf8JsonWriter json, in EntryNumbers numbers)
    {
        json.WriteStartObject();
        json.WriteNumber("schema", MessageSchema.Current);
        json.WriteString("ledgerId", numbers.LedgerId);
        if (IsMessage) json.WriteNumber("position", numbers.Position);
        json.WriteBoolean("simulated", _simulated);
        json.WriteString("at", MessageSchema.Time(At));
        json.WriteBoolean("clockTrusted", numbers.ClockTrusted);
        MessageSchema.WriteWho(json, "who", Who);
        WriteMembers(json);
        json.WriteEndObject();
    }

    /// <summary>Writes the members of this kind into the open object.</summary>
    protected abstract void WriteMembers(Utf8JsonWriter json);
}

/// <summary>An entry that somebody waits for until it is durable.</summary>
public abstract class StoredEntry(TimeProvider time, bool simulated, Who who) : StationEntry(time, simulated, who)
{
    private readonly TaskCompletionSource<bool> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once it is durable; false when it was given up.</summary>
    public Task<bool> Stored => _stored.Task;

    /// <inheritdoc />
    public sealed override void OnDurable(in EntryNumbers numbers) => _stored.TrySetResult(true);

    /// <inheritdoc />
    public sealed override void Release() => _stored.TrySetResult(false);
}

/// <summary>A transition of the interlock.</summary>
public sealed class InterlockEntry(TimeProvider time, bool simulated, InterlockTransition transition) : StationEntry(time, simulated, transition.Who)
{
    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Interlock;

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("from", transition.From.ToString());
        json.WriteString("to", transition.To.ToString());
        json.WriteString("cause", transition.Cause is { } cause ? Codes.Of(cause) : null);
        json.WriteString("detail", transition.Detail);
        if (transition.Answer != ResetAnswer.None) json.WriteString("answer", Codes.Of(transition.Answer));
        if (transition.Bypass is { } account) MessageSchema.WriteBypass(json, account);
    }
}

/// <summary>A lot is held, until somebody who answers for quality has decided about it.</summary>
/// <param name="time">The clock.</param>
/// <param name="simulated">Stands in the message.</param>
/// <param name="who">Who ended the bypass, or what else is the reason.</param>
/// <param name="lot">The lot, or null where none is known.</param>
/// <param name="reason">A code: <c>bypass</c>, <c>override</c>, <c>test-part-failed</c>, <c>bridge</c>, <c>interlock-bridged</c>.</param>
/// <param name="detail">For a person: what is known of the parts.</param>
/// <param name="account">The bypass and what was made under it; null where that is not known any more.</param>
public sealed class LotEntry(TimeProvider time, bool simulated, Who who, string? lot, string reason, string detail, BypassAccount? account)
    : StationEntry(time, simulated, who)
{
    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Lot;

    /// <summary>The one part that is the reason; null where it is none.</summary>
    public InspectionNumber? Inspection { get; init; }

    /// <summary>Everything made from this moment on is held, UTC; null where <see cref="MadeTo"/> is, or where it began is not known.</summary>
    public DateTimeOffset? MadeFrom { get; init; }

    /// <summary>Everything made up to this moment is held, UTC; null where it is not a matter of time.</summary>
    public DateTimeOffset? MadeTo { get; init; }

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("lot", lot);
        json.WriteString("state", "held");
        json.WriteString("reason", reason);
        json.WriteString("detail", detail);
        Inspection?.Write(json);
        if (MadeTo is { } to)
        {
            json.WriteString("madeFrom", MadeFrom is { } from ? MessageSchema.Time(from) : null);
            json.WriteString("madeTo", MessageSchema.Time(to));
        }
        if (account is not null) MessageSchema.WriteBypass(json, account);
    }
}

/// <summary>An alarm came or went.</summary>
public sealed class AlarmEntry(TimeProvider time, bool simulated, Alarm alarm, bool active) : StationEntry(time, simulated, Who.Station)
{
    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Alarm;

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("code", alarm.Code);
        json.WriteString("priority", Codes.Of(alarm.Priority));
        json.WriteBoolean("active", active);
        json.WriteString("message", alarm.Message);
        json.WriteString("remedy", alarm.Remedy);
    }
}

/// <summary>Parts or messages that are missing, and why.</summary>
/// <param name="time">The clock.</param>
/// <param name="simulated">Stands in the message.</param>
/// <param name="reason">A code: <c>not-recorded</c>, <c>power-lost</c>, <c>tail-lost</c>, <c>damaged</c>, <c>write-failed</c>, <c>retention</c>, <c>restored</c>.</param>
/// <param name="count">How many are missing; null when nobody knows.</param>
/// <param name="detail">For a person: what is known of them, and what was promised.</param>
/// <param name="predecessor">The chain before this one, where the gap is the reason for a new one.</param>
/// <param name="predecessorPosition">The last message of that chain that counts; what stood after it is in this chain again, or lost.</param>
public class GapEntry(TimeProvider time, bool simulated, string reason, long? count, string detail, Guid? predecessor = null, long predecessorPosition = 0)
    : StationEntry(time, simulated, Who.Station)
{
    /// <inheritdoc />
    public sealed override EntryKind Kind => EntryKind.Gap;

    /// <inheritdoc />
    protected sealed override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("reason", reason);
        if (count is { } n) json.WriteNumber("count", n);
        else json.WriteNull("count");
        json.WriteString("detail", detail);
        if (predecessor is not { } id) return;
        json.WriteString("predecessor", id);
        json.WriteNumber("predecessorPosition", predecessorPosition);
    }
}

/// <summary>Something done at the station, or asked of it, that is not a message.</summary>
public sealed class AuditEntry(TimeProvider time, bool simulated, Who who, string action, string detail) : StationEntry(time, simulated, who)
{
    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Audit;

    /// <summary>The parts that it is about; null where it is about none.</summary>
    public IReadOnlyList<InspectionNumber>? Parts { get; init; }

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("action", action);
        json.WriteString("detail", detail);
        if (Parts is null) return;
        json.WriteStartArray("parts");
        foreach (var part in Parts)
        {
            json.WriteStartObject();
            part.Write(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}

/// <summary>Something asked of the station from outside, obeyed or not.</summary>
public sealed class CommandEntry(TimeProvider time, bool simulated, Who who, string command, string outcome, string reason) : StationEntry(time, simulated, who)
{
    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Command;

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("command", command);
        json.WriteString("outcome", outcome);
        json.WriteString("reason", reason);
    }
}
