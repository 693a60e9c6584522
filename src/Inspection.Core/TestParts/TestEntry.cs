using System.Text.Json;

namespace Inspection.Core;

/// <summary>The last test that passed.</summary>
/// <param name="At">Wall time, UTC.</param>
/// <param name="By">Who brought its last part.</param>
public sealed record PassedTest(DateTimeOffset At, string By);

/// <summary>What became of a test, so that the newest of these entries is all that a restart needs. Not a message; the parts' verdicts are.</summary>
/// <param name="time">The clock.</param>
/// <param name="simulated">Stands in the entry.</param>
/// <param name="who">The person who brought the part, or the station.</param>
/// <param name="action"><see cref="Due"/>, <see cref="Passed"/> or <see cref="Failed"/>.</param>
/// <param name="detail">For a person.</param>
/// <param name="recipe">The recipe in force.</param>
/// <param name="lastPassed">The last test that passed; null where none is known.</param>
public sealed class TestEntry(TimeProvider time, bool simulated, Who who, string action, string detail, Recipe recipe, PassedTest? lastPassed)
    : StationEntry(time, simulated, who)
{
    /// <summary>A test is due.</summary>
    public const string Due = "test-due";

    /// <summary>All its parts were right.</summary>
    public const string Passed = "test-passed";

    /// <summary>A part was wrong.</summary>
    public const string Failed = "test-failed";

    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Audit;

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("action", action);
        json.WriteString("detail", detail);
        json.WriteStartObject("recipe");
        json.WriteString("name", recipe.Name);
        json.WriteNumber("revision", recipe.Revision);
        json.WriteEndObject();
        if (lastPassed is null)
        {
            json.WriteNull("lastPassed");
            return;
        }
        json.WriteStartObject("lastPassed");
        json.WriteString("at", MessageSchema.Time(lastPassed.At));
        json.WriteString("by", lastPassed.By);
        json.WriteEndObject();
    }
}

/// <summary>What the ledger knows of tests before a start.</summary>
/// <param name="Action">The newest <see cref="TestEntry"/>'s action; null where none is kept.</param>
/// <param name="At">Its wall time, UTC.</param>
/// <param name="Reason">Why it was due then; of no meaning with another action.</param>
/// <param name="LastPassed">The last test that passed; null where none is known.</param>
/// <param name="ChangedOver">Another recipe, or revision, inspected or was tested last.</param>
/// <param name="Bypassed">A bypass ended, or was cut off, since.</param>
public sealed record TestHistory(string? Action, DateTimeOffset At, string Reason, PassedTest? LastPassed, bool ChangedOver, bool Bypassed);
