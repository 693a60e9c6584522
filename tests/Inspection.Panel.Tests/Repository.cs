using System.Runtime.CompilerServices;

namespace Inspection.Panel.Tests;

/// <summary>Where the panel's own source is.</summary>
internal static class Repository
{
    public static string PanelFolder => Path.Combine(Root(), "src", "Inspection.Panel");

    /// <summary>Screenshots; not in the repository.</summary>
    public static string Screens => Path.Combine(Root(), "artifacts", "screens");

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
