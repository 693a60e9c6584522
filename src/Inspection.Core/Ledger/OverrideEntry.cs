using System.Text.Json;

namespace Inspection.Core;

/// <summary>A person changed one verdict; the inspection itself stays as it is.</summary>
/// <param name="time">The clock.</param>
/// <param name="simulated">Stands in the message.</param>
/// <param name="inspection">The inspection that it refers to.</param>
/// <param name="change">What changed, by whom, and why.</param>
public sealed class OverrideEntry(TimeProvider time, bool simulated, InspectionNumber inspection, Override change) : StoredEntry(time, simulated, change.By)
{
    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Override;

    /// <summary>The inspection that it refers to.</summary>
    public InspectionNumber Inspection => inspection;

    /// <summary>What changed.</summary>
    public Override Change => change;

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        inspection.Write(json);
        json.WriteString("from", change.From.ToString());
        json.WriteString("to", change.To.ToString());
        json.WriteString("reason", change.Reason);
    }
}
