using System.Text.Json.Nodes;

namespace Inspection.Station.Tests.Commands;

public sealed class RecipeCommandTests
{
    [Fact]
    public async Task A_recipe_is_shown_changed_and_stored_as_the_next_revision_and_the_next_start_uses_it()
    {
        using var box = new StationBox();
        box.WritePhotos(2);
        await box.PlayOnceAsync(box.Run());
        var (exit, said, output) = await StationProcess.RunAsync("recipe", "show", "tiny", "--data", box.Data);
        exit.ShouldBe(0, said);
        var recipe = JsonNode.Parse(output)!.AsObject();
        recipe["stop"]!["category"]!.GetValue<int>().ShouldBe(0);
        recipe["stop"]!["category"] = 1;
        var file = Path.Combine(box.Root, "changed.json");
        File.WriteAllText(file, recipe.ToJsonString());

        (exit, said, output) = await StationProcess.RunAsync("recipe", "save", file, "--by", "Sam", "--data", box.Data, "--json");
        exit.ShouldBe(0, said);
        StationBox.Member(output, "revision").GetInt32().ShouldBe(2);
        (_, _, output) = await StationProcess.RunAsync("recipe", "show", "tiny@2", "--data", box.Data);
        JsonNode.Parse(output)!["stop"]!["category"]!.GetValue<int>().ShouldBe(1);
        (_, _, output) = await StationProcess.RunAsync("recipe", "show", "tiny@1", "--data", box.Data);
        JsonNode.Parse(output)!["stop"]!["category"]!.GetValue<int>().ShouldBe(0, "a revision is never changed");
        (_, said, _) = await StationProcess.RunAsync("recipe", "list", "--data", box.Data);
        said.ShouldContain("tiny: revisions 1, 2");

        await box.PlayOnceAsync(box.Run());
        StationBox.Member(box.Verdicts()[^1], "recipe").GetProperty("revision").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("[]", "does not hold a recipe")]
    [InlineData("{ \"name\": \"tiny\" }", "recipe.model: absent; allowed: an object in braces with name, version, threshold")]
    [InlineData("{ \"name\": \"tiny\", \"model\": { \"name\": \"tiny\", \"version\": 1 }, \"stop\": { \"category\": 3 } }", "recipe.stop.category")]
    [InlineData("{ \"name\": \"tiny\", \"model\": { \"name\": \"tiny\", \"version\": 1 }, \"unknown\": 3 }", "unknown")]
    [InlineData("{ \"name\": \"../tiny\", \"model\": { \"name\": \"tiny\", \"version\": 1 } }", "recipe.name")]
    public async Task What_is_no_recipe_is_refused_with_what_is_wrong_and_nothing_is_stored(string content, string told)
    {
        using var box = new StationBox();
        var file = Path.Combine(box.Root, "bad.json");
        File.WriteAllText(file, content);
        var (exit, said, output) = await StationProcess.RunAsync("recipe", "save", file, "--by", "Sam", "--data", box.Data, "--json");
        exit.ShouldBe(2, said);
        said.ShouldContain(told);
        output.ShouldBeEmpty();
        Directory.GetFileSystemEntries(Path.Combine(box.Data, "recipes")).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_together_with_names_and_what_is_allowed_and_without_the_programs_own_types()
    {
        using var box = new StationBox();
        var file = Path.Combine(box.Root, "bad.json");
        File.WriteAllText(file, """
            { "name": "tiny", "model": { "name": "tiny", "version": "one" },
              "rules": { "deadline": 200, "rejectsInRow": 4, "indeterminates": 0 },
              "interlock": { "stopCategory": 1 }, "deadline": "200 ms", "pictures": null,
              "stop": { "category": 3, "stopCategory": 1 },
              "output": { "mode": "doorway", "passPulse": "1 s" },
              "testParts": { "parts": [ { "name": "A", "kind": "fair" }, null, { "kind": "good" } ], "startOfShift": ["6:00"] } }
            """);
        var (exit, said, output) = await StationProcess.RunAsync("recipe", "save", file, "--by", "Sam", "--data", box.Data, "--json");
        exit.ShouldBe(2, said);
        output.ShouldBeEmpty();
        var told = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        told[0].ShouldEndWith("bad.json' has 15 errors; nothing was stored.");
        string[] expected =
        [
            "recipe.model.version: found \"one\"; allowed: a whole number",
            "recipe.rules.deadline: found 200; allowed: a duration with its unit, such as \"200 ms\", \"30 s\", \"8 h\" or \"7 d\"",
            "recipe.rules.rejectsInRow: unknown setting, the nearest is recipe.rules.rejectsInARow; allowed: deadline, rejectsInARow, indeterminates, indeterminateWindow",
            "recipe.rules.indeterminates: found 0; allowed: 1–1000 parts",
            "recipe.interlock: unknown setting; allowed: ",
            "recipe.deadline: unknown setting, the nearest is recipe.rules.deadline; allowed: ",
            "recipe.pictures: found null; allowed: an object in braces with passEvery, format, maxBytes",
            "recipe.stop.category: found 3; allowed: 0 (at once) or 1 (once the zone is empty)",
            "recipe.stop.stopCategory: unknown setting, the nearest is recipe.stop.category; allowed: category, runOut",
            "recipe.output.mode: found \"doorway\"; allowed: pass-line, trip-on-reject, gate",
            "recipe.output.passPulse: found 1000; allowed: 10–500 ms",
            "recipe.testParts.parts[0].kind: found \"fair\"; allowed: good, bad",
            "recipe.testParts.parts[1]: found null; allowed: an object in braces with name, kind",
            "recipe.testParts.parts[2].name: absent; allowed: text",
            "recipe.testParts.startOfShift[0]: found \"6:00\"; allowed: a time of day, such as \"06:00\" or \"22:30\"",
        ];
        foreach (var line in expected) told.ShouldContain(t => t.Contains(line, StringComparison.Ordinal), said);
        said.ShouldNotContain("System.");
        said.ShouldNotContain("Inspection.Core");
        Directory.GetFileSystemEntries(Path.Combine(box.Data, "recipes")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_no_json_is_told_with_its_line_alone()
    {
        using var box = new StationBox();
        var file = Path.Combine(box.Root, "bad.json");
        File.WriteAllText(file, "{ \"name\": \"tiny\",\n  \"model\" { } }");
        var (exit, said, _) = await StationProcess.RunAsync("recipe", "save", file, "--by", "Sam", "--data", box.Data);
        exit.ShouldBe(2, said);
        said.ShouldContain("bad.json' is not valid in line 2");
        said.ShouldNotContain("BytePosition");
    }

    [Fact]
    public async Task What_is_shown_names_the_sections_that_are_absent_and_is_stored_again_unchanged()
    {
        using var box = new StationBox();
        box.WritePhotos(2);
        await box.PlayOnceAsync(box.Run());
        var (exit, said, shown) = await StationProcess.RunAsync("recipe", "show", "tiny", "--data", box.Data);
        exit.ShouldBe(0, said);
        var recipe = JsonNode.Parse(shown)!.AsObject();
        foreach (var absent in new[] { "gate", "testParts" })
        {
            recipe.ContainsKey(absent).ShouldBeTrue(shown);
            recipe[absent].ShouldBeNull();
        }
        recipe["model"]!.AsObject().ContainsKey("threshold").ShouldBeTrue(shown);
        recipe["optics"]!.AsObject().ContainsKey("millimetresPerPixel").ShouldBeTrue(shown);

        var file = Path.Combine(box.Root, "again.json");
        File.WriteAllText(file, shown);
        (exit, said, _) = await StationProcess.RunAsync("recipe", "save", file, "--by", "Sam", "--data", box.Data);
        exit.ShouldBe(0, said);
        (_, _, var again) = await StationProcess.RunAsync("recipe", "show", "tiny@2", "--data", box.Data);
        again.ShouldBe(shown);
    }
}
