using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inspection.Testing;

namespace Inspection.Core.Tests.Labelling;

/// <summary>The store's README is what others count labels by: its examples have the shape of the entries.</summary>
public sealed partial class LabelEntryTests
{
    private static readonly JudgingModel Judge = new(Some.Model, 13.7f);
    private static readonly DrawnPart Part = new(new(Identifiers.New(TimeProvider.System), 1204), VerdictKind.Reject);

    [Fact]
    public void A_sample_is_as_documented()
        => Shape(Body(new LabelDrawEntry(TimeProvider.System, false, Some.Person, new(Identifiers.New(TimeProvider.System), Judge, SampleRank.NewSeed(), [Part]), LabelCounts.None with { People = ["Quinn"] })))
            .ShouldBe(Documented("sample-drawn"));

    [Fact]
    public void A_label_is_as_documented_and_every_label_has_its_word()
    {
        foreach (var label in Enum.GetValues<PartLabel>())
        {
            var body = Body(new LabelEntry(TimeProvider.System, false, Judge, new(Identifiers.New(TimeProvider.System), Part, label, Some.Person), "…"));
            Shape(body).ShouldBe(Documented("part-labelled"));
            Readme().ShouldContain($"`{body.GetProperty("label").GetString()}`");
        }
    }

    [Fact]
    public void Neither_is_a_message()
        => new LabelEntry(TimeProvider.System, false, Judge, new(Identifiers.New(TimeProvider.System), Part, PartLabel.Good, Some.Person), "").IsMessage.ShouldBeFalse();

    private static string Documented(string action)
        => Shape(Example().Matches(Readme()).Select(m => JsonElement.Parse(m.Groups[1].Value)).Single(e => e.GetProperty("action").GetString() == action));

    /// <summary>Members and their order, at every depth.</summary>
    private static string Shape(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(",", json.EnumerateObject().Select(p => $"{p.Name}:{Shape(p.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(",", json.EnumerateArray().Select(Shape).Distinct())}]",
        JsonValueKind.True or JsonValueKind.False => "truth",
        var kind => kind.ToString(),
    };

    private static JsonElement Body(EntryDraft entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) entry.WriteBody(json, new EntryNumbers(Identifiers.New(TimeProvider.System), 3, 0, 0, true));
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static string Readme([CallerFilePath] string here = "")
        => File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "Inspection.Store", "README.md"));

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
