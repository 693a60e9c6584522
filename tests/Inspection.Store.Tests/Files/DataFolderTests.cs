using Inspection.Core;

namespace Inspection.Store.Tests;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DataFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("inspection-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_new_folder_gets_its_layout()
    {
        using var folder = Open(Path.Combine(_root, "deep", "var")).Value.ShouldNotBeNull();
        Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName).Order()
            .ShouldBe(["ledger", "lock", "models", "pictures", "recipes", "schema.json"]);
    }

    [Fact]
    public void A_second_station_is_refused_until_the_first_is_gone()
    {
        using (var first = Open(_root).Value.ShouldNotBeNull())
        {
            var failure = Open(_root).Failure.ShouldNotBeNull();
            failure.Code.ShouldBe("data-in-use");
            failure.Message.ShouldContain(_root);
        }
        using var second = Open(_root).Value;
        second.ShouldNotBeNull();
    }

    [Fact]
    public void A_folder_of_a_newer_schema_is_refused_with_the_version_to_install_and_left_as_it_is()
    {
        File.WriteAllText(Path.Combine(_root, "schema.json"), """{"schema": 2, "writtenBy": "0.9.1", "somethingNew": true}""");
        var failure = Open(_root).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("data-newer");
        failure.Message.ShouldContain("Install Inspection 0.9.1 or newer");
        Directory.Exists(Path.Combine(_root, "ledger")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"schema\": \"one\"}")]
    [InlineData("{\"schema\": 0}")]
    public void A_folder_that_does_not_say_its_schema_is_refused(string content)
    {
        File.WriteAllText(Path.Combine(_root, "schema.json"), content);
        Open(_root).Failure.ShouldNotBeNull().Code.ShouldBe("data-malformed");
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_with_what_to_do()
    {
        // A file in the way stops root too.
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        var failure = Open(Path.Combine(file, "var")).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("data-not-writable");
        failure.Message.ShouldContain("--data DIR");
        Open(" ").Failure.ShouldNotBeNull().Code.ShouldBe("data-not-writable");
    }

    [Theory]
    [InlineData("lock")]
    [InlineData("schema.json")]
    [InlineData("probe.aside")]
    public void An_existing_folder_in_which_a_folder_stands_where_a_file_belongs_is_refused(string name)
    {
        if (name == "probe.aside") Open(_root).Value!.Dispose();
        Directory.CreateDirectory(Path.Combine(_root, name));
        Open(_root).Failure.ShouldNotBeNull().Code.ShouldBe("data-not-writable");
    }

    [Theory]
    [InlineData("ledger")]
    [InlineData("recipes")]
    public void An_existing_folder_in_which_a_file_stands_where_a_folder_belongs_is_refused(string name)
    {
        File.WriteAllText(Path.Combine(_root, name), "");
        var failure = Open(_root).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("data-not-writable");
        failure.Message.ShouldContain(name);
        File.Delete(Path.Combine(_root, name));
        using var free = Open(_root).Value;
        free.ShouldNotBeNull("what was refused is not held");
    }

    [Fact]
    public void An_existing_folder_that_is_read_only_is_refused_with_what_to_do()
    {
        // Permissions do not bind root, but nobody can make a file in sysfs, mounted read-only or not.
        var folder = "/sys";
        if (Environment.UserName != "root")
        {
            folder = _root;
            File.SetUnixFileMode(_root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        var failure = Open(folder).Failure.ShouldNotBeNull();
        File.SetUnixFileMode(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        failure.Code.ShouldBe("data-not-writable");
        failure.Message.ShouldContain("Give this user the right to write there");
    }

    [Fact]
    public void What_a_killed_program_left_unfinished_is_deleted_at_the_next_opening_and_nothing_else_is()
    {
        Open(_root).Value!.Dispose();
        var elsewhere = Directory.CreateDirectory(Path.Combine(_root, "elsewhere")).FullName;
        string[] left =
        [
            "people.json.aside", "cursors.json.aside", "ledger/clean.aside", "recipes/bolt/3.json.aside", "pictures/2026-03-14/a.jpg.aside", "models/bolt/2.copying/model.onnx",
            "models/bolt/1/model.json.aside",
        ];
        string[] kept =
        [
            "people.json", "notes/a.aside", "recipes/bolt/3.json", "pictures/2026-03-14/a.jpg", "models/bolt/1/model.onnx", "models/bolt/1/notes/b.aside", "elsewhere/c.aside",
        ];
        foreach (var file in left.Concat(kept))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, file))!);
            File.WriteAllText(Path.Combine(_root, file), file);
        }
        Directory.CreateSymbolicLink(Path.Combine(_root, "pictures", "2026-03-15"), elsewhere);

        Open(_root).Value!.Dispose();
        left.Where(f => File.Exists(Path.Combine(_root, f))).ShouldBeEmpty();
        kept.ShouldAllBe(f => File.Exists(Path.Combine(_root, f)));
        Directory.Exists(Path.Combine(_root, "models", "bolt", "2.copying")).ShouldBeFalse();
    }

    [Fact]
    public void The_folder_keeps_the_newest_program_that_has_written_into_it()
    {
        var file = Path.Combine(_root, "schema.json");
        File.WriteAllText(file, """{"schema": 1, "writtenBy": "0.0.9", "createdAt": "2026-01-01T00:00:00Z"}""");
        Open(_root).Value!.Dispose();
        File.ReadAllText(file).ShouldContain($"\"writtenBy\": \"{StoredSchema.Program}\"");
        File.ReadAllText(file).ShouldContain("2026-01-01");
        File.WriteAllText(file, """{"schema": 1, "writtenBy": "7.1.0", "createdAt": "2026-01-01T00:00:00Z"}""");
        Open(_root).Value!.Dispose();
        File.ReadAllText(file).ShouldContain("7.1.0");
    }

    private static Outcome<DataFolder> Open(string path) => DataFolder.Open(path, TimeProvider.System);
}
