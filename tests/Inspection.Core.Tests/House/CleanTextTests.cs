using System.Text.RegularExpressions;

namespace Inspection.Core.Tests.House;

public partial class CleanTextTests
{
    private static readonly string[] Binary = [".onnx", ".png", ".jpg", ".jpeg", ".journal", ".db", ".mp4", ".avi", ".gz", ".data", ".bin", ".ico", ".woff2"];

    // Written in pieces, so that this file does not find itself.
    [GeneratedRegex(@"(?<![\w.~-])/(?:w[o]rk|r[o]ot|h[o]me|U[s]ers)/|[A-Z]:\\U[s]ers", RegexOptions.CultureInvariant)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"n[u]get\.org|n[p]mjs|d[e]b\.debian|s[e]curity\.debian|p[y]pi\.org|c[r]ates\.io", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex RegistryHost();

    private static IEnumerable<string> Found(Regex pattern)
    {
        foreach (var path in Repository.Files().Where(path => !Binary.Contains(Path.GetExtension(path).ToLowerInvariant())))
        {
            if (pattern.Match(File.ReadAllText(path)) is { Success: true } match) yield return $"{Repository.Relative(path)}: {match.Value}";
        }
    }

    [Fact]
    public void No_file_names_a_folder_of_one_machine() => Found(MachinePath()).ShouldBeEmpty();

    [Fact]
    public void No_file_names_the_host_of_a_package_registry() => Found(RegistryHost()).ShouldBeEmpty();

    [Theory]
    [InlineData("see /ho" + "me/ada/x", true)]
    [InlineData("C:\\Use" + "rs\\ada", true)]
    [InlineData("\"/wo" + "rk/x\"", true)]
    [InlineData("https://example.com/ho" + "me/page", false)]
    [InlineData("../wo" + "rk/x", false)]
    public void The_search_finds_such_folders_and_no_others(string text, bool found) => MachinePath().IsMatch(text).ShouldBe(found);
}
