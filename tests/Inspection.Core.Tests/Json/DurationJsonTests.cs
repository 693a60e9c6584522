using System.Text.Json;

namespace Inspection.Core.Tests;

public sealed class DurationJsonTests
{
    [Theory]
    [InlineData("200 ms", 200)]
    [InlineData("0.5 ms", 0.5)]
    [InlineData("30 s", 30_000)]
    [InlineData("15 min", 900_000)]
    [InlineData("8 h", 28_800_000)]
    [InlineData("7 d", 604_800_000)]
    [InlineData("36 h", 129_600_000)]
    public void A_duration_is_read_and_written_with_its_unit(string text, double milliseconds)
    {
        DurationJson.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalMilliseconds.ShouldBe(milliseconds);
        DurationJson.Format(duration).ShouldBe(text);
        JsonSerializer.Serialize(duration, CoreJson.Options).ShouldBe($"\"{text}\"");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("200")]
    [InlineData("ms")]
    [InlineData("-1 s")]
    [InlineData("1,5 s")]
    [InlineData("1e3 s")]
    [InlineData("5 weeks")]
    [InlineData("5 S")]
    [InlineData("1..2 s")]
    [InlineData("99999999999999 d")]
    [InlineData("00:00:05")]
    public void What_is_no_duration_is_refused(string? text) => DurationJson.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void The_message_says_where_and_what_was_expected()
    {
        var failure = CoreJson.Parse<Recipe>("""
            {"name": "a", "revision": 1, "createdBy": "me", "createdAt": "2026-03-14T12:00:00Z", "model": {"name": "m", "version": 1},
             "rules": {"deadline": 200}}
            """u8, "a.json").Failure.ShouldNotBeNull();
        failure.Message.ShouldContain("'a.json' is not valid in line 2 at rules.deadline");
        failure.Message.ShouldContain("\"200 ms\"");
    }

    [Theory]
    [InlineData("{\"name\":\"a\",\"nmae\":\"b\"}", "nmae")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "name")]
    [InlineData("{\"name\":\"a\"}", "version")]
    [InlineData("{\"name\":null,\"version\":1}", "name")]
    public void Members_that_are_unknown_twice_there_missing_or_null_are_refused(string json, string named)
        => CoreJson.Parse<ModelReference>(System.Text.Encoding.UTF8.GetBytes(json), "m.json").Failure.ShouldNotBeNull().Message.ShouldContain(named);
}
