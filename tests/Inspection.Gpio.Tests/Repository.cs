using System.Runtime.CompilerServices;

namespace Inspection.Gpio.Tests;

/// <summary>Files of the repository that the tests compare with.</summary>
internal static class Repository
{
    public static string File(string path) => Path.Combine(Root(), path);

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));
}
