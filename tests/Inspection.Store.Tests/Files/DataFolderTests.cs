using Inspection.Core;

namespace Inspection.Store.Tests;

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

    private static Outcome<DataFolder> Open(string path) => DataFolder.Open(path, TimeProvider.System);
}
