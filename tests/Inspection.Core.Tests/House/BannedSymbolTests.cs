using System.Xml.Linq;

namespace Inspection.Core.Tests.House;

public class BannedSymbolTests
{
    // The one place where identifiers are made, and the name of the rule in this file and in no other.
    private static readonly string[] Exempt = ["src/Inspection.Core/Identifiers.cs"];
    private static readonly string Rule = "RS" + "0030";

    [Theory]
    [InlineData("P:System.DateTime.UtcNow")]
    [InlineData("P:System.DateTimeOffset.UtcNow")]
    [InlineData("M:System.Threading.Thread.Sleep(System.Int32)")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.Int32)")]
    [InlineData("P:System.Random.Shared")]
    [InlineData("M:System.Guid.NewGuid")]
    public void What_the_house_forbids_is_on_the_list(string symbol)
        => Repository.Read("src/BannedSymbols.txt").Split('\n').ShouldContain(line => line.StartsWith(symbol + ";", StringComparison.Ordinal));

    [Fact]
    public void The_list_and_its_analyzer_are_given_to_every_project_and_a_warning_is_an_error()
    {
        var properties = XDocument.Parse(Repository.Read("Directory.Build.props"));
        properties.Descendants("AdditionalFiles").ShouldContain(file => ((string)file.Attribute("Include")!).EndsWith("src/BannedSymbols.txt"));
        properties.Descendants("PackageReference").ShouldContain(package => (string)package.Attribute("Include")! == "Microsoft.CodeAnalysis.BannedApiAnalyzers");
        properties.Descendants("TreatWarningsAsErrors").Single().Value.ShouldBe("true");
        foreach (var project in Repository.Projects)
            File.ReadAllText(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")).ShouldContain("Microsoft.CodeAnalysis.BannedApiAnalyzers", customMessage: project);
    }

    [Fact]
    public void Nobody_switches_the_rule_off()
        => Repository.Files()
            .Where(path => Path.GetExtension(path) is ".cs" or ".razor" or ".csproj" or ".props" or ".targets" or ".editorconfig" or ".globalconfig" or ".ruleset")
            .Where(path => File.ReadAllText(path).Contains(Rule, StringComparison.OrdinalIgnoreCase))
            .Select(Repository.Relative).Except(Exempt).ShouldBeEmpty();
}
