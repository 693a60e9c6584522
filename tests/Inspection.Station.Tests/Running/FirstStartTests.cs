namespace Inspection.Station.Tests.Running;

/// <summary>The way of the demonstration: the model and the recipe that the station has by itself.</summary>
public sealed class FirstStartTests
{
    [Theory]
    [InlineData]
    [InlineData("--recipe", "demo-part")]
    [InlineData("--recipe", "demo-part@1")]
    public async Task The_first_start_makes_the_demonstrations_recipe_from_its_model_and_judges_with_it(params string[] recipe)
    {
        using var box = new StationBox();
        box.WritePhotos(3);
        await box.PlayOnceAsync(box.RunWithoutModel(recipe));
        File.Exists(Path.Combine(box.Data, "recipes", "demo-part", "1.json")).ShouldBeTrue();
        File.Exists(Path.Combine(box.Data, "models", "demo-part", "1", "model.onnx")).ShouldBeTrue();
        if (recipe is [_, "demo-part@1"])
        {
            await box.PlayOnceAsync(box.RunWithoutModel(recipe));
            Directory.GetFiles(Path.Combine(box.Data, "recipes", "demo-part")).ShouldHaveSingleItem();
        }
        box.Verdicts().Count.ShouldBe(recipe is [_, "demo-part@1"] ? 6 : 3);
        box.Verdicts().ShouldAllBe(v => StationBox.Member(v, "score").GetDouble() > 0);
        box.Verdicts().Select(v => $"{StationBox.Member(v, "recipe")} {StationBox.Member(v, "model").GetProperty("name")}@{StationBox.Member(v, "model").GetProperty("version")}").Distinct()
            .ShouldBe(["""{"name":"demo-part","revision":1} demo-part@1"""]);
    }

    [Theory]
    [InlineData("nothing", "There is no recipe 'nothing'")]
    [InlineData("nothing@1", "There is no recipe 'nothing'")]
    [InlineData("demo-part@7", "There is no recipe 'demo-part'")]
    [InlineData("Demo Part", "NAME or NAME@REVISION")]
    public async Task A_recipe_that_is_not_there_ends_the_start_with_exit_2(string recipe, string says)
    {
        using var box = new StationBox();
        box.WritePhotos(1);
        var (exit, said, _) = await StationProcess.RunAsync(box.RunWithoutModel("--recipe", recipe, "--source", "folder:" + box.Photos, "--once"));
        exit.ShouldBe(2, said);
        said.ShouldContain(says);
        box.Verdicts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_model_that_is_named_becomes_a_recipe_and_its_next_version_the_next_revision()
    {
        using var box = new StationBox();
        await StartAndEndAsync(box);
        await StartAndEndAsync(box);
        var recipes = Path.Combine(box.Data, "recipes", "tiny");
        Directory.GetFiles(recipes).Select(Path.GetFileName).ShouldBe(["1.json"]);
        var first = File.ReadAllText(Path.Combine(recipes, "1.json"));
        StationBox.Member(first, "model").GetProperty("version").GetInt32().ShouldBe(1);

        box.WriteCard(0.7f, version: 2);
        await StartAndEndAsync(box);
        Directory.GetFiles(recipes).Select(Path.GetFileName).ShouldBe(["1.json", "2.json"], ignoreOrder: true);
        File.ReadAllText(Path.Combine(recipes, "1.json")).ShouldBe(first);
        StationBox.Member(File.ReadAllText(Path.Combine(recipes, "2.json")), "model").GetProperty("version").GetInt32().ShouldBe(2);
        foreach (var version in (string[])["1", "2"]) File.Exists(Path.Combine(box.Data, "models", "tiny", version, "model.onnx")).ShouldBeTrue();
    }

    private static async Task StartAndEndAsync(StationBox box)
    {
        await using var station = StationProcess.Start(box.Run());
        await station.ReadyAsync();
        (await station.EndAsync()).ShouldBe(0, station.Said);
    }
}
