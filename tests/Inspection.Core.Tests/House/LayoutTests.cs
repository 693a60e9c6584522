using System.Text.RegularExpressions;

namespace Inspection.Core.Tests.House;

public partial class LayoutTests
{
    private static readonly string[] Allowed =
        ["src", "tests", "models", "hardware", "Inspection.sln", "README.md", "LICENSE", "global.json", ".ci", ".editorconfig", ".gitattributes", ".gitignore"];

    [GeneratedRegex("""= "[^"]+", "([^"]+\.csproj)",""")]
    private static partial Regex ListedProject();

    [Fact]
    public void The_top_level_holds_only_what_must_stand_there()
        => Repository.TopLevel.Where(name => !name.StartsWith("Directory.", StringComparison.Ordinal)).Except(Allowed).ShouldBeEmpty();

    [Theory]
    [InlineData("README.md")]
    [InlineData("src/README.md")]
    [InlineData("tests/README.md")]
    [InlineData("models/README.md")]
    [InlineData("hardware/README.md")]
    public void Each_top_folder_says_what_is_inside(string path) => Repository.Read(path).Length.ShouldBeGreaterThan(200);

    [Fact]
    public void The_solution_lists_every_project_and_no_other()
        => ListedProject().Matches(Repository.Read("Inspection.sln")).Select(match => match.Groups[1].Value.Replace('\\', '/'))
            .ShouldBe(Repository.Projects.Select(Repository.Relative), ignoreOrder: true);

    [Fact]
    public void Every_project_has_its_lock_file()
        => Repository.Projects.Where(path => !File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "packages.lock.json"))).ShouldBeEmpty();

    [Fact]
    public void Versions_stand_in_one_place()
        => Repository.Projects.Where(path => Regex.IsMatch(File.ReadAllText(path), "PackageReference[^>]*Version")).Select(Repository.Relative).ShouldBeEmpty();

    [Fact]
    public void CI_calls_the_second_command_and_nothing_else()
        => Repository.Read(".ci/run").ShouldBe("#!/usr/bin/env bash\nexec bash \"$(dirname \"$0\")/../tests/run.sh\"\n");
}
