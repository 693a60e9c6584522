using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Inspection.Gpio.Tests;

public class HardwareDocumentTests
{
    [Fact]
    public void The_table_in_the_hardware_README_is_the_pin_map()
        => File.ReadAllText(Repository.File("hardware/README.md")).ShouldContain(Table(PinMap.Default));

    [Fact]
    public void Every_further_pin_map_can_be_read_and_its_page_says_the_same()
    {
        var page = File.ReadAllText(Repository.File("hardware/pin-maps/README.md"));
        var files = Directory.GetFiles(Repository.File("hardware/pin-maps"), "*.json");
        files.Length.ShouldBeGreaterThanOrEqualTo(3);
        foreach (var file in files)
        {
            PinMap.Read(file, out var map).ShouldBeEmpty(file);
            var form = (string)JsonNode.Parse(File.ReadAllText(file))!["$schema"]!;
            File.Exists(Path.Combine(Path.GetDirectoryName(file)!, form)).ShouldBeTrue(file);
            page.ShouldContain(Path.GetFileName(file));
            page.ShouldContain(Table(map!), customMessage: file);
        }
    }

    [Fact]
    public void The_Raspberry_Pi_has_the_lines_of_the_default()
    {
        PinMap.Read(Repository.File("hardware/pin-maps/raspberry-pi.json"), out var map).ShouldBeEmpty();
        map!.Pins.ShouldBe(PinMap.Default.Pins);
    }

    [Fact]
    public void The_schema_knows_the_names_that_the_program_knows()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Repository.File("hardware/pin-map.schema.json")))!;
        var line = schema["properties"]!["lines"]!["items"]!["properties"]!;
        line["name"]!["enum"]!.AsArray().Select(name => (string)name!).ShouldBe([.. LineNames.Outputs, .. LineNames.Inputs]);
        line.AsObject().Select(property => property.Key).ShouldBe(["name", "direction", "line", "polarity", "contact", "bias", "debounce", "purpose"]);
    }

    private static string Table(PinMap map)
    {
        var table = new StringBuilder("| line | name | direction | at rest | active | a cut wire reads as | purpose |\n|---|---|---|---|---|---|---|\n");
        foreach (var pin in map.Pins)
        {
            var cut = pin.IsInput ? pin.IsActive(pin.Bias == Bias.PullUp) ? "active" : "at rest" : "–";
            var direction = !pin.IsInput ? "output" : pin.Contact == Contact.NormallyClosed ? "input, normally closed" : "input, normally open";
            table.Append(CultureInfo.InvariantCulture, $"| {pin.Line} | `{pin.Name}` | {direction} | {Level(pin, false)} | {Level(pin, true)} | {cut} | {pin.Purpose} |\n");
        }
        return table.ToString();
    }

    private static string Level(Pin pin, bool active) => pin.LevelOf(active) ? "high" : "low";
}
