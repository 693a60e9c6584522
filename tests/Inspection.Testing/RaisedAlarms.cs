using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Inspection.Testing;

/// <summary>The codes of all alarms that the program raises, read out of its sources, so that none can be forgotten.</summary>
public static partial class RaisedAlarms
{
    /// <summary>All of them, in order.</summary>
    /// <exception cref="InvalidOperationException">An alarm is raised with something else than a literal or a constant named …Alarm.</exception>
    public static IReadOnlyList<string> Codes() => Codes(Sources.Where(file => !file.EndsWith("Alarms.cs", StringComparison.Ordinal)).Select(File.ReadAllText));

    /// <summary>The same of the sources of one part, such as <c>Inspection.Mqtt</c>.</summary>
    public static IReadOnlyList<string> CodesOf(string project)
        => Codes(Sources.Where(file => file.Contains($"/{project}/", StringComparison.Ordinal)).Select(File.ReadAllText));

    internal static IReadOnlyList<string> Codes(IEnumerable<string> sources)
    {
        var codes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            foreach (Match constant in Constant().Matches(source)) codes.Add(constant.Groups[1].Value);
            foreach (Match raised in Raise().Matches(source))
            {
                if (raised.Groups[1] is { Success: true, Value: var literal }) codes.Add(literal);
                else if (!raised.Groups[2].Value.EndsWith("alarm", StringComparison.OrdinalIgnoreCase))
                    throw new InvalidOperationException($"Raise({raised.Groups[2].Value}, …: give the code as a literal or as a constant named …Alarm, so that tests find it.");
            }
        }
        return [.. codes];
    }

    /// <summary>All C# sources of the program.</summary>
    public static IEnumerable<string> Sources
        => Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    [GeneratedRegex("""\bRaise\(\s*(?:"([a-z-]+)"|([^,\s)]+))\s*,""")]
    private static partial Regex Raise();

    [GeneratedRegex("""const string \w*Alarm = "([a-z-]+)";""")]
    private static partial Regex Constant();
}
