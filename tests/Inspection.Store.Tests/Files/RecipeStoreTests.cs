using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Store.Tests;

public sealed class RecipeStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inspection-recipes-").FullName;
    private readonly RecipeStore _store;

    public RecipeStoreTests() => _store = new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_save_is_a_new_revision_and_the_old_one_stays()
    {
        var first = _store.Save(Some.Recipe).Value.ShouldNotBeNull();
        var changed = first with { Rules = first.Rules with { Deadline = TimeSpan.FromMilliseconds(150) }, Output = new() { Mode = OutputMode.TripOnReject } };
        var second = _store.Save(changed).Value.ShouldNotBeNull();

        (first.Revision, second.Revision).ShouldBe((1, 2));
        _store.Load("demo-part").Value.ShouldBe(second);
        _store.Load("demo-part@1").Value.ShouldBe(first);
        _store.Names().ShouldBe(["demo-part"]);
        var text = File.ReadAllText(Path.Combine(_folder, "demo-part", "2.json"));
        text.ShouldContain("\"deadline\": \"150 ms\"");
        text.ShouldContain("\"mode\": \"trip-on-reject\"");
    }

    [Fact]
    public void A_revision_that_was_edited_is_refused()
    {
        _store.Save(Some.Recipe);
        var file = Path.Combine(_folder, "demo-part", "1.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"rejectsInARow\": 5", "\"rejectsInARow\": 500", StringComparison.Ordinal));
        _store.Load("demo-part").Failure.ShouldNotBeNull().Code.ShouldBe("recipe-edited");
    }

    [Fact]
    public void An_unknown_member_is_refused_even_with_the_right_hash()
    {
        _store.Save(Some.Recipe);
        var file = Path.Combine(_folder, "demo-part", "1.json");
        var text = File.ReadAllText(file).Replace("\"rules\": {", "\"rules\": { \"zoom\": 2,", StringComparison.Ordinal);
        text.ShouldContain("zoom");
        var hash = text[(text.LastIndexOf("\"hash\": \"", StringComparison.Ordinal) + 9)..][..64];
        var unsigned = text.Replace(hash, new string('0', 64), StringComparison.Ordinal);
        var right = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(unsigned)));
        File.WriteAllText(file, text.Replace(hash, right, StringComparison.Ordinal));
        var failure = _store.Load("demo-part").Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("file-malformed");
        failure.Message.ShouldContain("zoom");
    }

    [Theory]
    [InlineData("nothing", "There is no recipe 'nothing'. There are: demo-part.")]
    [InlineData("demo-part@7", "Recipe 'demo-part' has no revision '7'. Its newest is 1.")]
    [InlineData("demo-part@x", "Recipe 'demo-part' has no revision 'x'. Its newest is 1.")]
    [InlineData("../people", "There is no recipe '../people'. There are: demo-part.")]
    [InlineData("", "There is no recipe ''. There are: demo-part.")]
    public void What_is_not_there_is_told_with_what_is(string reference, string message)
    {
        _store.Save(Some.Recipe);
        _store.Load(reference).Failure.ShouldNotBeNull().Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"schema\": 1")]
    [InlineData("{}")]
    public void A_file_that_is_no_recipe_is_refused(string content)
    {
        _store.Save(Some.Recipe);
        File.WriteAllText(Path.Combine(_folder, "demo-part", "2.json"), content);
        _store.Load("demo-part").Succeeded.ShouldBeFalse();
        _store.Load("demo-part@1").Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void A_recipe_of_a_newer_schema_is_refused_as_such()
    {
        _store.Save(Some.Recipe);
        File.WriteAllText(Path.Combine(_folder, "demo-part", "2.json"), "{\"schema\": 3, \"somethingNew\": {}}");
        var failure = _store.Load("demo-part").Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("recipe-newer");
        failure.Message.ShouldContain("Install the version of Inspection that wrote it");
    }

    [Fact]
    public void A_recipe_out_of_range_is_not_stored_and_all_that_is_wrong_is_told()
    {
        var failure = _store.Save(Some.Recipe with { Name = "Bad Name", Rules = new() { RejectsInARow = 0 } }).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("recipe-invalid");
        failure.Message.ShouldContain("recipe.name");
        failure.Message.ShouldContain("recipe.rules.rejectsInARow");
        Directory.GetFileSystemEntries(_folder).ShouldBeEmpty();
    }
}
