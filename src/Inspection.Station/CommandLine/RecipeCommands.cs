using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.CommandLine;

/// <summary><c>recipe list</c>, <c>recipe show</c> and <c>recipe save</c>: another setting is another revision.</summary>
internal static class RecipeCommands
{
    // What the store gives to each revision, so that nobody has to write it.
    private static readonly string[] Given = ["hash", "schema", "revision", "createdBy", "createdAt"];

    // Whoever looks for what can be set must see what is absent, too: as null, which is read as absent again.
    private static readonly JsonSerializerOptions WithAbsent = new(CoreJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    private static readonly Argument<string> Which = new("RECIPE") { Description = "NAME for its newest revision, or NAME@REVISION." };

    private static readonly Argument<string> FileArgument = new("FILE") { Description = "A recipe as 'recipe show' prints it, changed; what is left out has its default, and null is absent." };

    private static readonly Option<string> By = CommonOptions.By("makes the revision");

    private static readonly Option<string?> Data = CommonOptions.Data();

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var list = new Command("list", "Lists the recipes and their revisions.") { Data, Json };
        list.SetAction(parsed => Reading(parsed, store => List(store, parsed.GetValue(Json))));
        var show = new Command("show", "Prints a recipe as JSON on stdout, with all that can be set and its value; null is absent.") { Which, Data };
        show.SetAction(parsed => Reading(parsed, store => Show(store, parsed.GetRequiredValue(Which))));
        var save = new Command("save", "Stores a recipe as the next revision of its name; a running station uses it after its next start.") { FileArgument, By, Data, Json };
        save.SetAction(parsed => Writing(parsed, store => Save(store, parsed.GetRequiredValue(FileArgument), parsed.GetRequiredValue(By), parsed.GetValue(Json), TimeProvider.System)));
        return new Command("recipe", "How each product is inspected.") { list, show, save };
    }

    /// <summary>Without the folder's lock, beside a running station and without holding up one that starts: a revision is never changed.</summary>
    private static int Reading(ParseResult parsed, Func<RecipeStore, int> act)
    {
        var data = Home.Data(parsed.GetValue(Data));
        return Directory.Exists(data) ? act(new RecipeStore(DataFolder.RecipesOf(data)))
            : Output.Fail(new Failure("no-such-data", $"There is no data folder '{data}'. Name the station's with --data DIR."));
    }

    private static int Writing(ParseResult parsed, Func<RecipeStore, int> act)
    {
        var data = Home.Data(parsed.GetValue(Data));
        var folder = DataFolder.Open(data, TimeProvider.System);
        // A new revision changes none that is in use, so a running station is not in the way.
        if (folder.Failure is { } failure && failure.Code != "data-in-use") return Output.Fail(failure);
        using var held = folder.Value;
        return act(new RecipeStore(DataFolder.RecipesOf(data)));
    }

    private static int List(RecipeStore store, bool json)
    {
        var recipes = store.Names().Select(name => new { name, revisions = store.Revisions(name) }).ToList();
        foreach (var recipe in recipes) Output.Say($"{recipe.name}: revisions {string.Join(", ", recipe.revisions)}");
        Output.Say($"{recipes.Count} recipes.");
        if (json) Output.Print(recipes);
        return ExitCodes.Done;
    }

    private static int Show(RecipeStore store, string which)
    {
        var recipe = store.Load(which);
        if (!recipe.Succeeded) return Output.Fail(recipe.Failure);
        var json = JsonSerializer.SerializeToNode(recipe.Value, WithAbsent)!.AsObject();
        foreach (var given in Given) json.Remove(given);
        Console.Out.WriteLine(json.ToJsonString(WithAbsent));
        return ExitCodes.Done;
    }

    private static int Save(RecipeStore store, string path, string by, bool asJson, TimeProvider time)
    {
        var name = CommonOptions.NameOf(by);
        if (!name.Succeeded) return Output.Fail(name.Failure);
        var read = Read(path);
        if (!read.Succeeded) return Output.Fail(read.Failure);
        foreach (var given in Given) read.Value.Remove(given);
        (read.Value["revision"], read.Value["createdBy"], read.Value["createdAt"]) = (1, name.Value, time.GetUtcNow());
        List<SettingError> errors = [];
        var recipe = StrictJson.Read<Recipe>(read.Value, "recipe.", errors);
        errors.AddRange(StrictJson.WithoutConsequences(recipe.Errors(), [.. errors], "recipe."));
        if (errors.Count > 0) return Output.Fail(errors, $"'{path}'", "nothing was stored");
        var saved = store.Save(recipe);
        if (!saved.Succeeded) return Output.Fail(saved.Failure);
        Output.Say($"{saved.Value.Name}@{saved.Value.Revision} is stored. A station whose settings name '{saved.Value.Name}' uses it from its next start on.");
        if (asJson) Output.Print(new { name = saved.Value.Name, revision = saved.Value.Revision });
        return ExitCodes.Done;
    }

    private static Outcome<JsonObject> Read(string path)
    {
        var bytes = CoreJson.ReadBytes(path);
        if (!bytes.Succeeded) return bytes.Failure;
        if (bytes.Value.Length == 0) return new Failure("file-malformed", $"'{path}' is empty. 'recipe show NAME' prints a recipe.");
        try
        {
            return JsonNode.Parse(bytes.Value, documentOptions: new() { AllowDuplicateProperties = false, MaxDepth = CoreJson.Options.MaxDepth }) is JsonObject json
                ? json : new Failure("file-malformed", $"'{path}' does not hold a recipe. 'recipe show NAME' prints one.");
        }
        catch (JsonException e)
        {
            return CoreJson.Malformed(e, path);
        }
    }
}
