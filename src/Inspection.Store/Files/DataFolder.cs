using System.Text.Json;
using System.Text.Json.Nodes;
using Inspection.Core;

namespace Inspection.Store;

/// <summary>
/// The folder that holds all that a station keeps; by default <c>var/</c>. While open it is locked, so that no second
/// station or command writes into it. Dispose of it last.
/// </summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>The shape of the folder that this program writes.</summary>
    public const int CurrentSchema = 1;

    private readonly FileStream _lock;

    private DataFolder(string root, FileStream held) => (Root, _lock) = (root, held);

    /// <summary>The folder's full path.</summary>
    public string Root { get; }

    /// <summary>Settings.</summary>
    public string StationFile => Path.Combine(Root, "station.json");

    /// <summary>Secrets, mode 0600.</summary>
    public string SecretsFile => Path.Combine(Root, "secrets.json");

    /// <summary>Recipes, <c>NAME/REVISION.json</c>.</summary>
    public string Recipes => RecipesOf(Root);

    /// <summary>Models, <c>NAME/VERSION/</c>.</summary>
    public string Models => ModelsOf(Root);

    /// <summary>Journals and their indexes.</summary>
    public string Ledger => LedgerOf(Root);

    /// <summary>Pictures, <c>YYYY-MM-DD/FRAMEID.jpg</c>.</summary>
    public string Pictures => PicturesOf(Root);

    /// <summary>Who may sign in, mode 0600.</summary>
    public string PeopleFile => Path.Combine(Root, "people.json");

    /// <summary>How often the relay has pulled in.</summary>
    public string RelayFile => RelayOf(Root);

    /// <summary>What each receiver has.</summary>
    public string CursorsFile => CursorsOf(Root);

    /// <summary>The ledger's folder within a data folder that is not opened, for commands that only read.</summary>
    public static string LedgerOf(string root) => Path.Combine(root, "ledger");

    /// <summary>The folder of recipes, likewise.</summary>
    public static string RecipesOf(string root) => Path.Combine(root, "recipes");

    /// <summary>The folder of models, likewise.</summary>
    public static string ModelsOf(string root) => Path.Combine(root, "models");

    /// <summary>The count of the relay's cycles, likewise.</summary>
    public static string RelayOf(string root) => Path.Combine(root, "relay.json");

    internal static string CursorsOf(string root) => Path.Combine(root, "cursors.json");

    /// <summary>The folder of pictures, likewise.</summary>
    public static string PicturesOf(string root) => Path.Combine(root, "pictures");

    /// <summary>The data folder that a file of its ledger stands in.</summary>
    internal static string OfLedger(string file) => Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(file)))!;

    /// <summary>Opens a data folder, making it where there is none.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="time">The clock, for what is written at the first opening.</param>
    /// <returns>
    /// A failure with code <c>data-not-writable</c>, <c>data-in-use</c>, <c>data-newer</c> or <c>data-malformed</c> that
    /// says what to do.
    /// </returns>
    public static Outcome<DataFolder> Open(string path, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (string.IsNullOrWhiteSpace(path)) return new Failure("data-not-writable", "The data folder's name is empty. Name one with --data DIR.");
        var root = Path.GetFullPath(path);
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(root);
            var locked = Lock(root);
            if (!locked.Succeeded) return locked.Failure;
            held = locked.Value;
            var folder = new DataFolder(root, held);
            if (folder.CheckSchema(time) is { } failure)
            {
                held.Dispose();
                return failure;
            }
            foreach (var part in (string[])[folder.Recipes, folder.Models, folder.Ledger, folder.Pictures]) DurableFile.CreateDirectory(part);
            Leftovers.Delete(folder);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            held?.Dispose();
            return NotWritable(root, e.Message);
        }
    }

    /// <summary>Gives the folder free.</summary>
    public void Dispose() => _lock.Dispose();

    private static Outcome<FileStream> Lock(string root)
    {
        var path = Path.Combine(root, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(path))
        {
            return new Failure("data-in-use", $"Another station or command is using the data folder '{root}'. Stop it first, or name another folder with --data DIR.");
        }
    }

    private static Failure NotWritable(string root, string why)
        => new("data-not-writable", $"The data folder '{root}' cannot be written: {why} Give this user the right to write there, or name another folder with --data DIR.");

    private Failure? CheckSchema(TimeProvider time)
    {
        var path = Path.Combine(Root, "schema.json");
        if (!File.Exists(path))
        {
            // The first opening: also shows that the folder can be written.
            var first = new FolderSchema(CurrentSchema, StoredSchema.Program, time.GetUtcNow());
            DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(first, CoreJson.Options));
            return null;
        }
        var bytes = CoreJson.ReadBytes(path);
        if (!bytes.Succeeded) return bytes.Failure;
        if (StoredSchema.Of(bytes.Value) is not (>= 1 and var schema))
            return new Failure("data-malformed", $"'{path}' does not say which schema the data folder has. Restore the file from a backup, or name another folder with --data DIR.");
        if (schema > CurrentSchema)
            return new Failure("data-newer", StoredSchema.NewerMessage($"The data folder '{Root}'", schema, CurrentSchema, Root));
        if (!StoredSchema.IsNewer(StoredSchema.Program, StoredSchema.NewestProgram(path) ?? "")) return TryWrite();
        // The newest program that has written here, so that an older one can name it when it meets something newer.
        var known = JsonNode.Parse(bytes.Value)!.AsObject();
        known["writtenBy"] = StoredSchema.Program;
        DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(known, CoreJson.Options));
        return null;
    }

    private Failure? TryWrite()
    {
        var probe = Path.Combine(Root, "probe" + DurableFile.AsideSuffix);
        try
        {
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NotWritable(Root, e.Message);
        }
    }

    private sealed record FolderSchema(int Schema, string WrittenBy, DateTimeOffset CreatedAt);
}
