using System.Runtime.CompilerServices;

namespace Inspection.Core.Tests.House;

/// <summary>The files of the repository, without what building and running leave behind.</summary>
internal static class Repository
{
    private static readonly string[] LeftBehind = [".git", ".vs", ".idea", "bin", "obj", "var", "artifacts", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>Names at the top level.</summary>
    public static IEnumerable<string> TopLevel => Directory.EnumerateFileSystemEntries(Root).Select(Path.GetFileName).Except(LeftBehind)!;

    /// <summary>Full paths of all projects.</summary>
    public static IEnumerable<string> Projects => Files().Where(path => path.EndsWith(".csproj", StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Full paths of all files.</summary>
    public static IEnumerable<string> Files() => Walk(Root);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;
        foreach (var inner in Directory.EnumerateDirectories(folder).Where(inner => !LeftBehind.Contains(Path.GetFileName(inner))))
            foreach (var file in Walk(inner))
                yield return file;
    }

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
