using System.Text.Json;

namespace Inspection.Core;

/// <summary>The number of an inspection, by which later entries refer to it; never given twice.</summary>
/// <param name="LedgerId">The chain that it stands in.</param>
/// <param name="Sequence">Gap-free from 1 within the chain.</param>
public readonly record struct InspectionNumber(Guid LedgerId, long Sequence)
{
    /// <summary>Writes it as the member <c>inspection</c> of an entry that refers to it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("inspection");
        json.WriteString("ledgerId", LedgerId);
        json.WriteNumber("sequence", Sequence);
        json.WriteEndObject();
    }

    /// <summary>The inspection that an entry refers to; null where it refers to none.</summary>
    /// <param name="body">The entry's body.</param>
    public static InspectionNumber? Of(JsonElement body)
        => body.TryGetProperty("inspection", out var inspection) && inspection.ValueKind == JsonValueKind.Object
            && inspection.TryGetProperty("ledgerId", out var ledger) && ledger.ValueKind == JsonValueKind.String && ledger.TryGetGuid(out var id)
            && inspection.TryGetProperty("sequence", out var sequence) && sequence.ValueKind == JsonValueKind.Number && sequence.TryGetInt64(out var number)
            ? new(id, number) : null;
}
