using System.Text.Json;
using Inspection.Core;

namespace Inspection.Store;

/// <summary><c>people.json</c>: who may sign in. Only its owner can read it (mode 0600).</summary>
/// <param name="path">The file; need not exist.</param>
public sealed class PeopleFile(string path)
{
    private const int CurrentSchema = 1;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>All people; none where there is no file.</summary>
    /// <returns>A failure that names the file and the place when it is malformed: nobody can sign in then.</returns>
    public Outcome<IReadOnlyList<Person>> Load()
    {
        if (!File.Exists(path)) return Array.Empty<Person>();
        var bytes = CoreJson.ReadBytes(path);
        if (!bytes.Succeeded) return bytes.Failure;
        if (StoredSchema.Newer(path, bytes.Value, CurrentSchema, Path.GetDirectoryName(Path.GetFullPath(path))!, "people-newer") is { } newer) return newer;
        var read = CoreJson.Parse<Content>(bytes.Value, path);
        if (!read.Succeeded) return read.Failure;
        var (schema, people) = read.Value;
        if (schema != CurrentSchema) return Malformed($"it has schema {schema}, which never was");
        foreach (var person in people)
        {
            if (person is null) return Malformed("an entry in it is null; remove it");
            if (person.Salt.Length != 16 || person.PinHash.Length != 32 || person.Iterations is < 10_000 or > 10_000_000 || person.Name.Length is < 1 or > 64)
                return Malformed($"the entry of '{person.Name}' is damaged; remove it and add the person again");
        }
        if (people.GroupBy(p => p!.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return Malformed($"'{twice.Key}' is there twice; remove one of them");
        return Array.ConvertAll(people, p => p!);
    }

    /// <summary>Adds a person.</summary>
    /// <returns>All people; a failure with code <c>name-taken</c> when the name is there already.</returns>
    public Outcome<IReadOnlyList<Person>> Add(Person person)
    {
        ArgumentNullException.ThrowIfNull(person);
        var loaded = Load();
        if (!loaded.Succeeded) return loaded.Failure;
        if (loaded.Value.Any(p => p.Name == person.Name))
            return new Failure("name-taken", $"There is a person named '{person.Name}' already. Choose another name.");
        Person[] all = [.. loaded.Value, person];
        try
        {
            DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new Content(CurrentSchema, all), CoreJson.Options), OwnerOnly);
            return all;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("file-not-writable", $"'{path}' could not be written: {e.Message} Check the folder's permissions and the room on the disk.");
        }
    }

    private Failure Malformed(string what) => new("people-malformed", $"'{path}' cannot be used: {what}.");

    private sealed record Content(int Schema, Person?[] People);
}
