using Inspection.Core;

namespace Inspection.Store.Tests;

public sealed class PeopleFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inspection-people-").FullName;
    private readonly PeopleFile _file;

    public PeopleFileTests() => _file = new(Path_);

    private string Path_ => Path.Combine(_folder, "people.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_person_who_was_added_can_sign_in_and_only_the_owner_can_read_the_file()
    {
        _file.Load().Value.ShouldBeEmpty();
        _file.Add(Person.Create("Ada", Role.Quality, "4711").Value!).Succeeded.ShouldBeTrue();
        _file.Add(Person.Create("Bo", Role.Operator, "0815").Value!).Value.ShouldNotBeNull().Count.ShouldBe(2);

        var people = new People(_file.Load().Value!, TimeProvider.System);
        people.SignIn("Ada", "4711").Value.ShouldBe(Who.Person("Ada", Role.Quality));
        people.SignIn("Bo", "4711").Succeeded.ShouldBeFalse();
        File.ReadAllText(Path_).ShouldNotContain("4711");
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Path_).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_name_is_there_only_once()
    {
        _file.Add(Person.Create("Ada", Role.Quality, "4711").Value!);
        _file.Add(Person.Create("Ada", Role.Operator, "1234").Value!).Failure.ShouldNotBeNull().Code.ShouldBe("name-taken");
        _file.Load().Value.ShouldNotBeNull().ShouldHaveSingleItem().Role.ShouldBe(Role.Quality);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"schema\":1}")]
    [InlineData("{\"schema\":0,\"people\":[]}")]
    [InlineData("{\"schema\":1,\"people\":[null]}")]
    [InlineData("{\"schema\":1,\"people\":[{\"name\":\"Ada\",\"role\":\"quality\",\"salt\":\"AA==\",\"pinHash\":\"AA==\",\"iterations\":1}]}")]
    [InlineData("{\"schema\":1,\"people\":[{\"name\":\"Ada\",\"role\":\"boss\",\"salt\":\"AA==\",\"pinHash\":\"AA==\",\"iterations\":1}]}")]
    public void A_malformed_file_lets_nobody_in_and_is_never_overwritten(string content)
    {
        File.WriteAllText(Path_, content);
        _file.Load().Failure.ShouldNotBeNull().Message.ShouldContain("people.json");
        _file.Add(Person.Create("Eve", Role.Administrator, "1234").Value!).Succeeded.ShouldBeFalse();
        File.ReadAllText(Path_).ShouldBe(content);
    }

    [Fact]
    public void A_file_of_a_newer_schema_is_refused_with_the_version_to_install_that_the_data_folder_knows()
    {
        const string content = "{\"schema\":2,\"people\":[],\"badges\":[]}";
        File.WriteAllText(Path_, content);
        _file.Load().Failure.ShouldNotBeNull().Message.ShouldContain("Install the version of Inspection that wrote it");
        File.WriteAllText(Path.Combine(_folder, "schema.json"), """{"schema": 1, "writtenBy": "7.1.0"}""");
        var failure = _file.Load().Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("people-newer");
        failure.Message.ShouldContain("Install Inspection 7.1.0 or newer");
        _file.Add(Person.Create("Eve", Role.Administrator, "1234").Value!).Succeeded.ShouldBeFalse();
        File.ReadAllText(Path_).ShouldBe(content);
    }
}
