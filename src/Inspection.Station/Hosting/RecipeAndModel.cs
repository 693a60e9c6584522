using Inspection.Core;
using Inspection.Station.CommandLine;
using Inspection.Station.Settings;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>What judges: a recipe revision and the folder of its model.</summary>
/// <param name="Recipe">The revision in force.</param>
/// <param name="ModelFolder">The model's folder within the data folder.</param>
internal sealed record RecipeAndModel(Recipe Recipe, string ModelFolder)
{
    private const string Demo = "demo-part";

    /// <summary>Finds what judges; makes a revision from a model where one was named, and the demonstration's at the first start.</summary>
    /// <returns>A failure that says what is missing and what to do.</returns>
    public static Outcome<RecipeAndModel> Find(DataFolder folder, StationSettings settings, RunRequest request, TimeProvider time)
    {
        var recipes = new RecipeStore(folder.Recipes);
        if (request.Model is { } model) return FromModel(folder, recipes, model, time);
        if (RecipeChoice.Parse(settings.Recipe) is { Name: Demo, Revision: null or 1 } && recipes.Revisions(Demo).Count == 0)
            return FromModel(folder, recipes, Path.Combine(Home.Folder, "models", Demo, "1"), time);
        var loaded = recipes.Load(settings.Recipe);
        if (!loaded.Succeeded) return loaded.Failure;
        return new RecipeAndModel(loaded.Value, ModelFiles.FolderOf(folder, loaded.Value.Model.Name, loaded.Value.Model.Version));
    }

    private static Outcome<RecipeAndModel> FromModel(DataFolder folder, RecipeStore recipes, string source, TimeProvider time)
    {
        var installed = ModelFiles.Install(folder, source);
        if (!installed.Succeeded) return installed.Failure;
        var (reference, modelFolder) = installed.Value;
        var newest = recipes.Revisions(reference.Name) is { Count: > 0 } ? recipes.Load(reference.Name) : (Outcome<Recipe>?)null;
        if (newest is { Succeeded: false } broken) return broken.Failure;
        if (newest?.Value is { } current && current.Model.Name == reference.Name && current.Model.Version == reference.Version)
            return new RecipeAndModel(current, modelFolder);
        var next = (newest?.Value ?? new Recipe
        {
            Name = reference.Name,
            Revision = 1,
            CreatedBy = "",
            CreatedAt = default,
            Model = reference,
        }) with
        { Model = reference, CreatedBy = "run --model", CreatedAt = time.GetUtcNow() };
        var saved = recipes.Save(next);
        return saved.Succeeded ? new RecipeAndModel(saved.Value, modelFolder) : saved.Failure;
    }
}
