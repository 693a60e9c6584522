using System.Text.Json;

namespace Inspection.Core;

/// <summary>What became of a part.</summary>
public enum Disposition
{
    /// <summary>Nobody knows. The default, so that nothing forgotten looks delivered.</summary>
    Unknown,

    /// <summary>The gate was open for it, and it was not seen in the bin.</summary>
    Delivered,

    /// <summary>It was seen in the bin.</summary>
    Diverted,

    /// <summary>A person took it from the belt.</summary>
    RemovedByHand,
}

/// <summary>What saw it.</summary>
public enum Confirmation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The eye of the bin.</summary>
    BinEye,

    /// <summary>The eye at the gate.</summary>
    GateEye,

    /// <summary>A person.</summary>
    Person,
}

/// <summary>What became of one part.</summary>
/// <param name="Trigger">The part's trigger.</param>
/// <param name="Inspection">Its inspection; null where it was not durable by then, or there is none.</param>
/// <param name="Disposition">What became of it.</param>
/// <param name="ConfirmedBy">What saw it.</param>
/// <param name="Detail">For a person.</param>
/// <param name="Who">The station, or the person who took it.</param>
public sealed record PartDisposition(Trigger Trigger, InspectionNumber? Inspection, Disposition Disposition, Confirmation ConfirmedBy, string Detail, Who Who)
{
    /// <summary>Whether it was to be diverted, with nothing uncertain, and was not seen in the bin.</summary>
    public bool MissedBin { get; init; }

    /// <summary>Whether it could have passed by itself, and was diverted because the belt was not known to be empty or with a part beside it.</summary>
    public bool ForOthers { get; init; }

    /// <summary>Whether a part beside it was the reason.</summary>
    public bool Crowded { get; init; }
}

/// <summary>What became of a part.</summary>
public sealed class DispositionEntry(TimeProvider time, bool simulated, PartDisposition part) : StationEntry(time, simulated, part.Who)
{
    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Disposition;

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteStartObject("trigger");
        json.WriteString("id", part.Trigger.Id);
        json.WriteString("source", part.Trigger.Source);
        json.WriteString("at", MessageSchema.Time(part.Trigger.At));
        json.WriteEndObject();
        if (part.Inspection is { } inspection) inspection.Write(json);
        else json.WriteNull("inspection");
        json.WriteString("disposition", part.Disposition.ToString());
        json.WriteString("confirmedBy", part.ConfirmedBy == Confirmation.None ? null : Codes.Of(part.ConfirmedBy));
        json.WriteString("detail", part.Detail);
    }
}
