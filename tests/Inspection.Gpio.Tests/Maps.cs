using System.Text;
using System.Text.Json.Nodes;

namespace Inspection.Gpio.Tests;

/// <summary>Pin maps besides the default.</summary>
internal static class Maps
{
    /// <summary>The default with every further line that the station knows.</summary>
    public static PinMap Everything { get; } = With([.. LineNames.Outputs, .. LineNames.Inputs]);

    /// <summary>The default with further lines, each as it is wired usually.</summary>
    public static PinMap With(params string[] names)
    {
        var map = JsonNode.Parse(File.ReadAllText(Repository.File("hardware/pin-map.json")))!;
        var lines = map["lines"]!.AsArray();
        var number = 100;
        foreach (var name in names.Where(name => PinMap.Default.Find(name) is null))
        {
            if (LineNames.Inputs.Contains(name)) lines.Add(Input(name, number++, "normally-open", "pull-down"));
            else lines.Add(new JsonObject { ["name"] = name, ["direction"] = "output", ["line"] = number++, ["polarity"] = "high", ["purpose"] = "test" });
        }
        PinMapReader.Read(Encoding.UTF8.GetBytes(map.ToJsonString()), "test", out var read).ShouldBeEmpty();
        return read!;
    }

    /// <summary>An input of a map's file.</summary>
    public static JsonObject Input(string name, int line, string contact, string bias) => new()
    {
        ["name"] = name,
        ["direction"] = "input",
        ["line"] = line,
        ["polarity"] = "high",
        ["contact"] = contact,
        ["bias"] = bias,
        ["purpose"] = "test",
    };
}
