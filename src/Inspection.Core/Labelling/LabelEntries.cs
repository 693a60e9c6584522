using System.Text.Json;

namespace Inspection.Core;

/// <summary>A sample was drawn: which parts, with which seed, and what had been counted before. Not a message: no verdict changes by it.</summary>
/// <param name="time">The clock.</param>
/// <param name="simulated">Stands in the entry.</param>
/// <param name="who">Who asked for it.</param>
/// <param name="draw">What was drawn.</param>
/// <param name="before">What had been counted; where entries before this one are forgotten, counting goes on from here.</param>
public sealed class LabelDrawEntry(TimeProvider time, bool simulated, Who who, LabelDraw draw, LabelCounts before) : StoredEntry(time, simulated, who)
{
    /// <summary>The entry's action.</summary>
    public const string Action = "sample-drawn";

    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Audit;

    /// <summary>What was drawn.</summary>
    public LabelDraw Draw => draw;

    /// <summary>What had been counted.</summary>
    public LabelCounts Before => before;

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("action", Action);
        json.WriteString("detail", $"{draw.Parts.Count} parts judged by {draw.Judge.Name} to be labelled");
        json.WriteString("draw", draw.Id);
        LabelEntry.WriteJudge(json, draw.Judge);
        json.WriteString("seed", draw.Seed);
        json.WriteStartArray("parts");
        foreach (var part in draw.Parts)
        {
            json.WriteStartObject();
            part.Number.Write(json);
            json.WriteString("verdict", part.Verdict.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("before");
        json.WriteNumber("passed", before.Passed);
        json.WriteNumber("rejected", before.Rejected);
        WriteTally(json, "passes", before.Passes);
        WriteTally(json, "rejects", before.Rejects);
        json.WriteStartArray("people");
        foreach (var name in before.People) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTally(Utf8JsonWriter json, string name, LabelTally tally)
    {
        json.WriteStartObject(name);
        json.WriteNumber("good", tally.Good);
        json.WriteNumber("bad", tally.Bad);
        json.WriteNumber("cannotTell", tally.CannotTell);
        json.WriteEndObject();
    }
}

/// <summary>A drawn part was labelled by a person, or left out by the station. Not a message: the verdict stays.</summary>
/// <param name="time">The clock.</param>
/// <param name="simulated">Stands in the entry.</param>
/// <param name="judge">Whose verdict it was.</param>
/// <param name="given">What was said of which part, by whom.</param>
/// <param name="detail">For a person.</param>
public sealed class LabelEntry(TimeProvider time, bool simulated, JudgingModel judge, GivenLabel given, string detail) : StoredEntry(time, simulated, given.Who)
{
    /// <summary>The entry's action.</summary>
    public const string Action = "part-labelled";

    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Audit;

    /// <summary>What was said.</summary>
    public GivenLabel Given => given;

    /// <inheritdoc />
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("action", Action);
        json.WriteString("detail", detail);
        json.WriteString("draw", given.Draw);
        WriteJudge(json, judge);
        given.Part.Number.Write(json);
        json.WriteString("verdict", given.Part.Verdict.ToString());
        json.WriteString("label", Codes.Of(given.Label));
    }

    internal static void WriteJudge(Utf8JsonWriter json, JudgingModel judge)
    {
        json.WriteStartObject("model");
        json.WriteString("name", judge.Model.Name);
        json.WriteNumber("version", judge.Model.Version);
        json.WriteString("sha256", judge.Model.Sha256);
        json.WriteEndObject();
        MessageSchema.WriteFinite(json, "threshold", judge.Threshold);
    }
}
