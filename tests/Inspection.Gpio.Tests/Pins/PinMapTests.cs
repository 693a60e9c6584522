using System.Text;
using System.Text.Json.Nodes;
using Inspection.Core;

namespace Inspection.Gpio.Tests;

public sealed class PinMapTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_file);

    private IReadOnlyList<SettingError> Read(JsonNode map) => Read(map.ToJsonString());

    private IReadOnlyList<SettingError> Read(string text)
    {
        File.WriteAllText(_file, text);
        var errors = PinMap.Read(_file, out var map);
        (map is null).ShouldBe(errors.Count > 0);
        return errors;
    }

    private static JsonNode Good() => JsonNode.Parse(File.ReadAllText(Repository.File("hardware/pin-map.json")))!;

    private static JsonObject Line(JsonNode map, string name)
        => map["lines"]!.AsArray().Select(line => line!.AsObject()).Single(line => (string?)line["name"] == name);

    [Fact]
    public void The_built_in_map_is_the_file_in_hardware()
    {
        PinMap.Read(Repository.File("hardware/pin-map.json"), out var map).ShouldBeEmpty();
        map!.Pins.ShouldBe(PinMap.Default.Pins);
    }

    [Fact]
    public void The_built_in_map_has_every_line()
        => PinMap.Default.Pins.Select(pin => pin.Name).ShouldBe([.. LineNames.Outputs, .. LineNames.Inputs]);

    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.File("hardware/pin-maps"), "*.json").Append(Repository.File("hardware/pin-map.json")).Select(file => Path.GetRelativePath(Repository.File("hardware"), file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void With_every_wire_cut_a_map_stops_and_nothing_is_pressed_or_confirmed(string file)
    {
        PinMap.Read(Path.Combine(Repository.File("hardware"), file), out var map).ShouldBeEmpty();
        var chip = new SimulatedChip(map!, TimeProvider.System);
        using var controller = new System.Device.Gpio.GpioController(chip);
        foreach (var pin in map!.Pins.Where(pin => pin.IsInput))
        {
            controller.OpenPin(pin.Line, System.Device.Gpio.PinMode.Input);
            if (pin.Name == LineNames.RelayFeedback) continue;
            chip.CutWire(pin.Name);
            var active = pin.IsActive(chip.Get(pin.Line));
            if (LineNames.ActiveWhenCut.Contains(pin.Name)) active.ShouldBeTrue(pin.Name);
            if (LineNames.RestWhenCut.Contains(pin.Name)) active.ShouldBeFalse(pin.Name);
        }
    }

    [Theory]
    [InlineData(LineNames.BinFull, "normally-open", "would not read as active", "normally-closed")]
    [InlineData(LineNames.BinDoor, "normally-open", "would not read as active", "normally-closed")]
    [InlineData(LineNames.AirPressure, "normally-open", "would not read as active", "normally-closed")]
    [InlineData(LineNames.LineRunning, "normally-open", "would not read as active", "normally-closed")]
    [InlineData(LineNames.Bridge, "normally-open", "would not read as active", "normally-closed")]
    [InlineData(LineNames.StartButton, "normally-closed", "would not read as at rest", "normally-open")]
    [InlineData(LineNames.ResetButton, "normally-closed", "would not read as at rest", "normally-open")]
    [InlineData(LineNames.GateEye, "normally-closed", "would not read as at rest", "normally-open")]
    [InlineData(LineNames.BinEye, "normally-closed", "would not read as at rest", "normally-open")]
    public void A_contact_whose_cut_wire_would_mislead_is_refused(string name, string contact, string problem, string allowed)
    {
        var map = Good();
        Line(map, name)["contact"] = contact;
        var error = Read(map).ShouldHaveSingleItem();
        error.Problem.ShouldContain($"{name} {problem} when its wire is cut");
        error.Allowed.ShouldBe(allowed);
    }

    [Theory]
    [InlineData("normally-closed")]
    [InlineData("normally-open")]
    public void An_encoder_may_rest_either_way_since_a_cut_wire_gives_no_further_edge(string contact)
    {
        var map = Good();
        Line(map, LineNames.Encoder)["contact"] = contact;
        Read(map).ShouldBeEmpty();
    }

    [Fact]
    public void Everything_that_is_wrong_is_reported_together()
    {
        var map = Good();
        Line(map, "heartbeat")["line"] = 17;
        Line(map, "pass")["direction"] = "input";
        Line(map, "key")["polarity"] = "up";
        Line(map, "e-stop")["contact"] = "normally-open";
        Line(map, "stop-switch")["colour"] = "red";
        map["comment"] = "hello";
        var names = Read(map).Select(error => error.Name).ToList();
        names.ShouldBe(
            ["gpio.pinMap.comment", "gpio.pinMap.lines[2].direction", "gpio.pinMap.lines[10].contact", "gpio.pinMap.lines[11].colour", "gpio.pinMap.lines[12].polarity", "gpio.pinMap.lines"],
            ignoreOrder: true);
    }

    [Fact]
    public void One_number_for_two_lines_names_both()
    {
        var map = Good();
        Line(map, "heartbeat")["line"] = 17;
        var error = Read(map).ShouldHaveSingleItem();
        error.Problem.ShouldContain("line 17 is used by relay-enable and heartbeat");
        error.Problem.ShouldContain(_file);
    }

    [Fact]
    public void A_line_that_is_missing_or_twice_is_named()
    {
        var map = Good();
        var lines = map["lines"]!.AsArray();
        lines.RemoveAt(1);
        Read(map).ShouldHaveSingleItem().Problem.ShouldContain("heartbeat is missing");

        var twice = Line(map, "pass").DeepClone();
        twice["line"] = 100;
        lines.Add(twice);
        Read(map).ShouldHaveSingleItem().Problem.ShouldContain("pass is there 2 times");
    }

    [Theory]
    [InlineData(LineNames.Key, "normally-closed")]
    [InlineData(LineNames.KeyOpening, "normally-open")]
    public void The_keys_contacts_are_of_two_kinds(string name, string contact)
    {
        var map = Good();
        Line(map, name)["contact"] = contact;
        Read(map).ShouldHaveSingleItem().Problem.ShouldContain("two contacts of one kind fail together");
    }

    [Fact]
    public void A_map_without_the_relays_contact_is_refused_unless_it_says_so()
    {
        var map = Good();
        map["relayFeedback"] = "none";
        Read(map).ShouldHaveSingleItem().Problem.ShouldContain("found none, but there is a line relay-feedback");
        map["lines"]!.AsArray().Remove(Line(map, LineNames.RelayFeedback));
        Read(map).ShouldBeEmpty();
        map["relayFeedback"] = "wired";
        Read(map).ShouldHaveSingleItem().Problem.ShouldContain("relay-feedback is missing, so a welded relay would stay unseen");
        map["relayFeedback"] = "perhaps";
        Read(map).ShouldContain(error => error.Name == "gpio.pinMap.relayFeedback" && error.Allowed == "wired, none");
    }

    [Theory]
    [InlineData("relay-enable", "input", "relay-enable used as input")]
    [InlineData("e-stop", "output", "e-stop used as output")]
    public void A_line_used_the_wrong_way_round_is_refused(string name, string direction, string problem)
    {
        var map = Good();
        Line(map, name)["direction"] = direction;
        Read(map).ShouldContain(error => error.Problem.Contains(problem));
    }

    [Theory]
    [InlineData("e-stop", "pull-up", "high")]
    [InlineData("stop-switch", "pull-down", "low")]
    [InlineData("start-button", "pull-up", "high")]
    public void A_bias_with_which_a_cut_wire_would_mislead_is_refused(string name, string bias, string polarity)
    {
        var map = Good();
        Line(map, name)["bias"] = bias;
        Line(map, name)["polarity"] = polarity;
        Read(map).ShouldHaveSingleItem().Problem.ShouldContain("when its wire is cut");
    }

    [Theory]
    [InlineData("normally-closed", "pull-down")]
    [InlineData("normally-open", "pull-up")]
    public void A_button_that_a_cut_wire_would_press_is_refused(string contact, string bias)
    {
        foreach (var name in new[] { LineNames.StartButton, LineNames.ResetButton })
        {
            var map = Good();
            Line(map, name)["contact"] = contact;
            Line(map, name)["bias"] = bias;
            Read(map).ShouldHaveSingleItem().Problem.ShouldContain($"{name} would not read as at rest when its wire is cut");
        }
    }

    [Theory]
    [InlineData(LineNames.StartButton, 10)]
    [InlineData(LineNames.Bridge, 10)]
    [InlineData(LineNames.Encoder, 0)]
    [InlineData(LineNames.GateEye, 0)]
    public void A_contact_that_a_hand_works_has_a_debounce_and_pulses_have_none(string name, int milliseconds)
        => PinMap.Default[name].Debounce.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void A_debounce_is_0_to_100_ms_and_none_where_the_worst_must_be_seen_at_once()
    {
        var map = Good();
        var button = Line(map, LineNames.StartButton);
        button["debounce"] = 100;
        Read(map).ShouldBeEmpty();
        foreach (var wrong in new JsonNode[] { 101, -1, 1.5, "10" })
        {
            button["debounce"] = wrong;
            Read(map).ShouldHaveSingleItem().Allowed.ShouldBe("0–100 ms, a whole number");
        }
        button["debounce"] = 10;
        foreach (var name in new[] { LineNames.EStop, LineNames.StopSwitch, LineNames.Key, LineNames.KeyOpening, LineNames.RelayFeedback })
        {
            Line(map, name)["debounce"] = 1;
            Read(map).ShouldHaveSingleItem().Allowed.ShouldBe($"0: {name} must be seen at once");
            Line(map, name)["debounce"] = 0;
        }
        Line(map, LineNames.Pass)["debounce"] = 10;
        Read(map).ShouldHaveSingleItem().Problem.ShouldContain("output with a contact, a bias or a debounce");
    }

    [Fact]
    public void An_output_has_no_contact()
    {
        var map = Good();
        Line(map, "pass")["contact"] = "normally-open";
        Read(map).ShouldHaveSingleItem().Problem.ShouldContain("output with a contact");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("512")]
    [InlineData("1.5")]
    [InlineData("\"17\"")]
    [InlineData("99999999999999999999")]
    [InlineData("null")]
    public void A_line_number_out_of_range_says_the_range(string number)
    {
        var map = Good();
        Line(map, "pass")["line"] = JsonNode.Parse(number);
        var error = Read(map).ShouldHaveSingleItem();
        error.Name.ShouldBe("gpio.pinMap.lines[2].line");
        error.Allowed.ShouldBe("0–511");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("not a map")]
    [InlineData("{\"schema\":1,\"schema\":1,\"lines\":[]}")]
    [InlineData("[[[[[[[[[[[[]]]]]]]]]]]]")]
    public void What_is_not_JSON_is_refused_with_the_place_of_the_form(string text)
        => Read(text).ShouldHaveSingleItem().Allowed.ShouldContain("pin-map.schema.json");

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"schema\":1,\"lines\":{}}")]
    [InlineData("{\"schema\":1,\"lines\":[1,null,[]]}")]
    [InlineData("{\"schema\":\"1\",\"lines\":[]}")]
    public void JSON_that_is_no_map_is_refused(string text) => Read(text).ShouldNotBeEmpty();

    [Fact]
    public void A_newer_map_says_what_to_install()
    {
        var map = Good();
        map["schema"] = 2;
        Read(map).ShouldHaveSingleItem().Allowed.ShouldContain("install the version");
    }

    [Fact]
    public void A_map_that_is_too_large_is_not_read()
    {
        File.WriteAllBytes(_file, new byte[PinMap.MaxBytes + 1]);
        PinMap.Read(_file, out var map).ShouldHaveSingleItem().Problem.ShouldContain("65537 bytes");
        map.ShouldBeNull();
    }

    [Fact]
    public void Every_truncation_of_the_map_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(File.ReadAllText(Repository.File("hardware/pin-map.json")).TrimEnd());
        for (var length = 0; length < bytes.Length; length += 7)
        {
            PinMapReader.Read(bytes.AsMemory(0, length), "test", out var map).ShouldNotBeEmpty();
            map.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("/no/such/map.json")]
    [InlineData("/")]
    [InlineData("")]
    public void A_map_that_cannot_be_read_says_how_to_go_on(string path)
        => PinMap.Read(path, out _).ShouldHaveSingleItem().Allowed.ShouldContain("built-in");
}
