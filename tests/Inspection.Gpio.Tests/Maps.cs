using System.Text;
using System.Text.Json.Nodes;

namespace Inspection.Gpio.Tests;

/// <summary>Pin maps besides the default, which has every line.</summary>
internal static class Maps
{
    /// <summary>The lines that every station has, and no other.</summary>
    public static PinMap Least { get; } = ReadLeast();

    private static PinMap ReadLeast()
    {
        var map = JsonNode.Parse(File.ReadAllText(Repository.File("hardware/pin-map.json")))!;
        var lines = map["lines"]!.AsArray();
        foreach (var line in lines.Where(line => !LineNames.Required.Contains((string?)line!["name"])).ToList()) lines.Remove(line);
        PinMapReader.Read(Encoding.UTF8.GetBytes(map.ToJsonString()), "test", out var read).ShouldBeEmpty();
        return read!;
    }
}
