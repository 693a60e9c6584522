using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inspection.Core;

namespace Inspection.Store;

/// <summary>
/// The recipes, <c>NAME/REVISION.json</c>. A revision is written once and never again; its last member <c>hash</c> is the
/// SHA-256 of the file's bytes with the hash's own 64 digits set to '0', so that an edited file is refused.
/// </summary>
/// <param name="folder">The folder <c>recipes</c>.</param>
public sealed class RecipeStore(string folder)
{
    private static readonly string NoHash = new('0', 64);

    /// <summary>The names of all recipes, in order.</summary>
    public IReadOnlyList<string> Names()
        => Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(d => Path.GetFileName(d)).Where(Recipe.IsName).Order(StringComparer.Ordinal)] : [];

    /// <summary>The numbers of a recipe's revisions, in order; empty when there is none of that name.</summary>
    public IReadOnlyList<int> Revisions(string name)
    {
        if (!Recipe.IsName(name) || !Directory.Exists(Path.Combine(folder, name))) return [];
        return
        [
            .. Directory.GetFiles(Path.Combine(folder, name), "*.json")
                .Select(f => int.TryParse(Path.GetFileNameWithoutExtension(f), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
                .Where(n => n > 0).Order(),
        ];
    }

    /// <summary>Stores a recipe as the next revision of its name.</summary>
    /// <param name="recipe">Its own revision number is ignored.</param>
    /// <returns>The recipe with the number that it got; a failure with code <c>recipe-invalid</c> that tells all that is out of range.</returns>
    public Outcome<Recipe> Save(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var next = recipe with { Schema = Recipe.CurrentSchema, Revision = Revisions(recipe.Name) is [.., var newest] ? newest + 1 : 1 };
        if (Invalid(next, $"recipe '{recipe.Name}'") is { } failure) return failure;
        try
        {
            DurableFile.CreateDirectory(Path.Combine(folder, next.Name));
            DurableFile.Write(PathOf(next.Name, next.Revision), Serialize(next), replace: false);
            return next;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("file-not-writable", $"The recipe '{next.Name}' could not be stored: {e.Message} Check the folder's permissions and the room on the disk.");
        }
    }

    /// <summary>Loads a recipe.</summary>
    /// <param name="reference"><c>NAME</c> for its newest revision, or <c>NAME@REVISION</c>.</param>
    /// <returns>A failure with code <c>recipe-missing</c>, <c>recipe-invalid</c>, <c>recipe-edited</c>, <c>recipe-newer</c> or <c>file-malformed</c>.</returns>
    public Outcome<Recipe> Load(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? reference : reference[..at];
        var known = Revisions(name);
        if (known.Count == 0)
        {
            var names = Names();
            return new Failure("recipe-missing", $"There is no recipe '{name}'. {(names.Count == 0 ? "None is stored yet; make one with --model DIR." : $"There are: {string.Join(", ", names)}.")}");
        }
        var revision = known[^1];
        if (at >= 0 && !(int.TryParse(reference.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out revision) && known.Contains(revision)))
            return new Failure("recipe-missing", $"Recipe '{name}' has no revision '{reference[(at + 1)..]}'. Its newest is {known[^1]}.");
        return LoadFile(name, revision);
    }

    private Outcome<Recipe> LoadFile(string name, int revision)
    {
        var path = PathOf(name, revision);
        var bytes = CoreJson.ReadBytes(path);
        if (!bytes.Succeeded) return bytes.Failure;
        try
        {
            var node = JsonNode.Parse(bytes.Value, documentOptions: new() { AllowDuplicateProperties = false, MaxDepth = CoreJson.Options.MaxDepth });
            if (node is not JsonObject json) return new Failure("file-malformed", $"'{path}' does not hold a recipe.");
            if (StoredSchema.Newer(path, bytes.Value, Recipe.CurrentSchema, Path.GetDirectoryName(Path.GetFullPath(folder))!, "recipe-newer") is { } newer) return newer;
            if (json["hash"] is not JsonValue value || !value.TryGetValue<string>(out var hash) || !IsHashOf(hash, bytes.Value))
                return new Failure("recipe-edited", $"'{path}' is not as the program wrote it: its hash does not fit. Restore it from a backup, or store the change as a new revision.");
            json.Remove("hash");
            List<SettingError> errors = [];
            var recipe = StrictJson.Read<Recipe>(json, "recipe.", errors);
            if (errors.Count > 0) return new Failure("file-malformed", $"'{path}' cannot be used: {string.Join("; ", errors)}");
            if (recipe.Name != name || recipe.Revision != revision)
                return new Failure("recipe-invalid", $"'{path}' says that it is {recipe.Name}@{recipe.Revision}. Move it back to its own name.");
            return Invalid(recipe, $"'{path}'") is { } failure ? failure : recipe;
        }
        catch (JsonException e)
        {
            var malformed = CoreJson.Malformed(e, path);
            return malformed with { Message = $"{malformed.Message} Restore it from a backup, or run another revision: 'recipe list' names them." };
        }
    }

    /// <summary>The file of a revision.</summary>
    public string PathOf(string name, int revision) => Path.Combine(folder, name, string.Create(CultureInfo.InvariantCulture, $"{revision}.json"));

    private static Failure? Invalid(Recipe recipe, string what)
    {
        var errors = recipe.Errors();
        return errors.Count == 0 ? null : new Failure("recipe-invalid", $"{what} cannot be used: {string.Join("; ", errors)}");
    }

    private static byte[] Serialize(Recipe recipe)
    {
        var json = JsonSerializer.SerializeToNode(recipe, CoreJson.Options)!.AsObject();
        json["hash"] = NoHash;
        var unsigned = Encoding.UTF8.GetBytes(json.ToJsonString(CoreJson.Options) + "\n");
        var hash = Convert.ToHexStringLower(SHA256.HashData(unsigned));
        Encoding.ASCII.GetBytes(hash, unsigned.AsSpan(unsigned.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(NoHash))));
        return unsigned;
    }

    private static bool IsHashOf(string hash, byte[] bytes)
    {
        var unsigned = bytes.AsSpan().ToArray();
        var at = hash.Length == 64 ? unsigned.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(hash)) : -1;
        if (at < 0) return false;
        unsigned.AsSpan(at, 64).Fill((byte)'0');
        return Convert.ToHexStringLower(SHA256.HashData(unsigned)) == hash;
    }
}
