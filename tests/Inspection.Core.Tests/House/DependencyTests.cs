namespace Inspection.Core.Tests.House;

public class DependencyTests
{
    private static IEnumerable<string> SourceProjects => Repository.Projects.Where(path => Repository.Relative(path).StartsWith("src/", StringComparison.Ordinal));

    private static string Project(params string[] items) => $"<Project><ItemGroup>{string.Concat(items)}</ItemGroup></Project>";

    [Fact]
    public void No_adapter_refers_to_another_and_Core_to_no_third_party()
        => SourceProjects.SelectMany(path => ProjectRules.Broken(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path))).ShouldBeEmpty();

    [Fact]
    public void Nothing_comes_in_by_way_of_another_package()
        => SourceProjects.SelectMany(path => ProjectRules.BrokenLock(
            Path.GetFileNameWithoutExtension(path), File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "packages.lock.json")))).ShouldBeEmpty();

    [Fact]
    public void Core_as_it_was_compiled_refers_only_to_the_framework_and_its_abstractions()
        => typeof(Frame).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && !ProjectRules.IsForCore(name)).ShouldBeEmpty();

    [Fact]
    public void The_projects_are_those_of_the_design()
        => SourceProjects.Select(Path.GetFileNameWithoutExtension).ShouldBe(["Inspection.Core", "Inspection.Station", .. ProjectRules.Adapters], ignoreOrder: true);

    [Fact]
    public void An_adapter_that_refers_to_another_adapter_is_found()
        => ProjectRules.Broken("Inspection.Mqtt", Project(
                "<ProjectReference Include=\"../Inspection.Core/Inspection.Core.csproj\" />",
                "<ProjectReference Include=\"..\\Inspection.Store\\Inspection.Store.csproj\" />"))
            .ShouldBe(["Inspection.Mqtt refers to Inspection.Store"]);

    [Fact]
    public void An_adapter_that_refers_to_the_station_or_borrows_a_file_is_found()
        => ProjectRules.Broken("Inspection.Panel", Project(
                "<ProjectReference Include=\"../Inspection.Station/Inspection.Station.csproj\" />",
                "<Reference Include=\"Inspection.Vision.dll\" />",
                "<Compile Include=\"../Inspection.Vision/MatFrame.cs\" />"))
            .Count().ShouldBe(3);

    [Fact]
    public void A_third_party_package_in_Core_is_found()
        => ProjectRules.Broken("Inspection.Core", Project(
                "<PackageReference Include=\"Microsoft.Extensions.Logging.Abstractions\" />",
                "<PackageReference Include=\"LiteDB\" />",
                "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />"))
            .ShouldBe(["Inspection.Core refers to LiteDB", "Inspection.Core refers to Microsoft.AspNetCore.App"]);

    [Fact]
    public void A_package_or_an_adapter_that_comes_in_by_way_of_another_is_found()
    {
        const string locked = """
            { "version": 2, "dependencies": { "net10.0": {
                "Microsoft.Extensions.Logging.Abstractions": { "type": "Direct" },
                "LiteDB": { "type": "Transitive" },
                "inspection.core": { "type": "Project" },
                "inspection.store": { "type": "Project" } } } }
            """;
        ProjectRules.BrokenLock("Inspection.Core", locked).ShouldContain("Inspection.Core leans on LiteDB");
        ProjectRules.BrokenLock("Inspection.Mqtt", locked).ShouldBe(["Inspection.Mqtt leans on inspection.store"]);
    }
}
