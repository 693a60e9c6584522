using System.Text;

namespace Inspection.Core.Tests.TestParts;

public sealed class TestPartRulesTests
{
    [Fact]
    public void The_section_is_read_as_it_is_documented()
    {
        var read = Read("""
            { "parts": [ { "name": "good A", "kind": "good" }, { "name": "scratch 0.3 mm", "kind": "bad" } ],
              "startOfShift": ["06:00", "14:00", "22:30"], "changeOver": true, "afterBypass": true, "afterCameraChange": false, "every": "8 h", "grace": "20 min" }
            """);
        read.Failure.ShouldBeNull();
        read.Value!.Errors().ShouldBeEmpty();
        (read.Value.StartOfShift[2], read.Value.Every, read.Value.Grace, read.Value.AfterCameraChange).ShouldBe((new TimeOnly(22, 30), TimeSpan.FromHours(8), TimeSpan.FromMinutes(20), false));
        var text = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(read.Value, CoreJson.Options);
        CoreJson.Parse<TestPartRules>(text, "again").Value!.StartOfShift.ShouldBe(read.Value.StartOfShift);
    }

    [Theory]
    [InlineData("""{ "parts": [ { "name": "a", "kind": "good" } ], "startOfShift": ["6:00"] }""")]
    [InlineData("""{ "parts": [ { "name": "a", "kind": "good" } ], "startOfShift": ["24:00"] }""")]
    [InlineData("""{ "parts": [ { "name": "a", "kind": "fair" } ] }""")]
    [InlineData("""{ "parts": [ { "name": "a" } ] }""")]
    [InlineData("""{ "startOfShift": [] }""")]
    [InlineData("""{ "parts": [], "dueAt": "always" }""")]
    public void What_is_no_section_is_refused(string json) => Read(json).Failure!.Code.ShouldBe("file-malformed");

    [Fact]
    public void All_that_is_out_of_range_is_told_with_name_and_range()
    {
        var rules = new TestPartRules
        {
            Parts = [new() { Name = " a", Kind = TestPartKind.Good }, new() { Name = " a", Kind = TestPartKind.Good }],
            StartOfShift = [.. Enumerable.Range(0, 25).Select(i => new TimeOnly(i % 24, 1))],
            Every = TimeSpan.FromMinutes(30),
            Grace = TimeSpan.FromSeconds(30),
        };
        rules.Errors().Select(e => e.Name).Distinct().ShouldBe(
            ["recipe.testParts.parts", "recipe.testParts.parts.name", "recipe.testParts.startOfShift", "recipe.testParts.every", "recipe.testParts.grace"]);
        (Bench.Recipe with { TestParts = rules }).Errors().Count.ShouldBe(rules.Errors().Count());
        Bench.Recipe.Errors().ShouldBeEmpty();
    }

    private static Outcome<TestPartRules> Read(string json) => CoreJson.Parse<TestPartRules>(Encoding.UTF8.GetBytes(json), "testParts");
}
