using System.Text.Json;
using System.Xml.Linq;

namespace Inspection.Core.Tests.House;

/// <summary>Who may refer to whom: Station to all, an adapter to Core, Core to nobody; packages only where they belong.</summary>
internal static class ProjectRules
{
    public static readonly string[] Adapters = ["Inspection.Vision", "Inspection.Gpio", "Inspection.Mqtt", "Inspection.Store", "Inspection.Panel"];

    /// <summary>What a project's file breaks.</summary>
    /// <param name="name">The project.</param>
    /// <param name="project">The text of its csproj.</param>
    public static IEnumerable<string> Broken(string name, string project)
    {
        var items = XDocument.Parse(project).Descendants().ToList();
        string[] Named(string element) => [.. items.Where(item => item.Name.LocalName == element).Select(item => (string?)item.Attribute("Include") ?? "").Where(include => include.Length > 0)];

        string[] allowed = name switch
        {
            "Inspection.Core" => [],
            "Inspection.Station" => ["Inspection.Core", .. Adapters],
            _ when Adapters.Contains(name) => ["Inspection.Core"],
            _ => throw new ArgumentException($"{name} is no project of src/; say here what it may refer to.", nameof(name)),
        };
        foreach (var reference in Named("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Except(allowed))
            yield return $"{name} refers to {reference}";
        foreach (var file in Named("Reference"))
            yield return $"{name} refers to the file {file}";
        foreach (var source in Named("Compile").Where(path => path.Contains("..", StringComparison.Ordinal)))
            yield return $"{name} compiles {source} of another project";
        if (name != "Inspection.Core") yield break;
        foreach (var package in Named("PackageReference").Concat(Named("FrameworkReference")).Where(package => !IsForCore(package)))
            yield return $"{name} refers to {package}";
    }

    /// <summary>What a project's lock file breaks: packages and projects that came in by way of others.</summary>
    public static IEnumerable<string> BrokenLock(string name, string lockFile)
    {
        using var document = JsonDocument.Parse(lockFile);
        foreach (var framework in document.RootElement.GetProperty("dependencies").EnumerateObject())
        {
            foreach (var dependency in framework.Value.EnumerateObject())
            {
                var isProject = dependency.Value.GetProperty("type").GetString() == "Project";
                if (isProject && Adapters.Contains(name) && !string.Equals(dependency.Name, "inspection.core", StringComparison.OrdinalIgnoreCase))
                    yield return $"{name} leans on {dependency.Name}";
                if (name == "Inspection.Core" && (isProject || !(IsForCore(dependency.Name) || IsAnalyzer(dependency.Name))))
                    yield return $"{name} leans on {dependency.Name}";
            }
        }
    }

    /// <summary>Core leans on nothing but the abstractions of Microsoft.Extensions.</summary>
    public static bool IsForCore(string package)
        => package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && package.EndsWith(".Abstractions", StringComparison.Ordinal);

    private static bool IsAnalyzer(string package) => package is "Microsoft.CodeAnalysis.BannedApiAnalyzers";
}
