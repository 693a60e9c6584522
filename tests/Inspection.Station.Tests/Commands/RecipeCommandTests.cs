using System.Text.Json.Nodes;

namespace Inspection.Station.Tests.Commands;

public sealed class RecipeCommandTests
{
    [Fact]
    public async Task A_recipe_is_shown_changed_and_stored_as_the_next_revision_and_the_next_start_uses_it()
    {
        using var box = new StationBox();
        box.WritePhotos(2);
        (await StationProcess.RunAsync(box.Run("--source", "folder:" + box.Photos, "--once"))).Exit.ShouldBe(0);
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

        (await StationProcess.RunAsync(box.Run("--source", "folder:" + box.Photos, "--once"))).Exit.ShouldBe(0);
        StationBox.Member(box.Verdicts()[^1], "recipe").GetProperty("revision").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("[]", "does not hold a recipe")]
    [InlineData("{ \"name\": \"tiny\" }", "model")]
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
}
