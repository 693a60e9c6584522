using System.Runtime.Versioning;
using Inspection.Station.Hosting;
using Inspection.Station.Settings;

namespace Inspection.Station.Tests.Settings;

[SupportedOSPlatform("linux")]
public sealed class SettingsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inspection-settings-").FullName;
    private static readonly RunRequest Plain = new(null, null, null, false, false, null, null, "", false);

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Without_a_configuration_the_simulated_line_runs_on_the_simulated_chip()
    {
        var reading = SettingsFile.Read(_folder, Plain);
        reading.Errors.ShouldBeEmpty();
        reading.Settings.Source.ShouldBe("simulated");
        reading.Settings.Gpio.IsSimulated.ShouldBeTrue();
        reading.Settings.Http.Bind.ShouldBe(HttpOptions.Loopback);
    }

    [Fact]
    public void A_relative_pin_map_is_one_of_the_data_folder_from_wherever_the_station_is_started()
    {
        File.WriteAllText(Path.Combine(_folder, "station.json"), """{ "source": "simulated", "gpio": { "chip": "simulated", "pinMap": "cell.json" } }""");
        SettingsFile.Read(_folder, Plain).Settings.Gpio.PinMap.ShouldBe(Path.Combine(_folder, "cell.json"));
    }

    [Fact]
    public void Errors_of_all_sections_are_told_together_with_name_and_allowed_range()
    {
        var errors = Errors("""
            { "source": "simulated", "gpio": { "chip": "simulated" }, "http": { "port": 99999, "colour": "red" },
              "mqtt": { "port": "x", "site": "a/b" }, "store": { "retention": "5" }, "interlock": { "loopDeadline": "2 s" },
              "simulated": { "partsPerSecond": 0 }, "replay": { "partsPerSecond": 1000 }, "unheardOf": 1 }
            """);
        errors.ShouldBe(
        [
            "http.port", "http.colour", "mqtt.port", "mqtt.site", "store.retention", "interlock.loopDeadline", "simulated.partsPerSecond", "replay.partsPerSecond", "unheardOf",
        ], ignoreOrder: true);
        foreach (var error in SettingsFile.Read(_folder, Plain).Errors) error.Allowed.ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("""{ "source": "simulated", "gpio": { "chip": "simulated" }, "mqtt": { "sites": "a" } }""", "mqtt.sites", "mqtt.site")]
    [InlineData("""{ "source": "simulated", "gpio": { "chip": "simulated" }, "loopDeadline": "1 s" }""", "loopDeadline", "interlock.loopDeadline")]
    [InlineData("""{ "source": "simulated", "gpio": { "chip": "simulated" }, "HTTP": {} }""", "HTTP", "http")]
    public void An_unknown_setting_is_told_with_the_nearest_known_one(string json, string name, string nearest)
    {
        Errors(json).ShouldBe([name]);
        SettingsFile.Read(_folder, Plain).Errors[0].Problem.ShouldBe($"unknown setting, the nearest is {nearest}");
    }

    [Theory]
    [InlineData("""{ }""", new[] { "source", "gpio.chip" })]
    [InlineData("""{ "source": "simulated" }""", new[] { "gpio.chip" })]
    [InlineData("""{ "gpio": { "chip": "simulated" } }""", new[] { "source" })]
    [InlineData("""{ "source": "simulated", "gpio": { "chip": "gpiochip0" } }""", new[] { "gpio.chip" })]
    [InlineData("""{ "source": "simulated", "gpio": { "chip": "simulated" }, "mqtt": { "broker": "external", "host": "plant" } }""", new[] { "mqtt.broker" })]
    [InlineData("""{ "source": "camera:1", "gpio": { "chip": "simulated" } }""", new[] { "source" })]
    [InlineData("""{ "source": "folder:/nowhere/at/all", "gpio": { "chip": "simulated" } }""", new[] { "source" })]
    [InlineData("""{ "source": "simulated", "gpio": { "chip": "simulated" }, "recipe": "Über@0" }""", new[] { "recipe" })]
    [InlineData("""{ "source": "simulated", "gpio": { "chip": "simulated" }, "mqtt": { "password": "x", "user": "u" } }""", new[] { "mqtt.password", "mqtt.user" })]
    [InlineData("""{ "schema": 2, "source": "simulated", "gpio": { "chip": "simulated" } }""", new[] { "schema" })]
    [InlineData("""{ "source": "simulated", "source": "simulated", "gpio": { "chip": "simulated" } }""", new[] { "station.json" })]
    [InlineData("", new[] { "station.json" })]
    [InlineData("[]", new[] { "station.json" })]
    [InlineData("{ \"source\": ", new[] { "station.json" })]
    public void Nothing_is_simulated_by_accident_and_nothing_falls_back(string json, string[] wrong)
        => Errors(json).Distinct().ShouldBe(wrong, ignoreOrder: true);

    [Theory]
    [InlineData("""{ "source": "simulated", "gpio": { "chip": "gpiochip0" } }""")]
    [InlineData("""{ "source": "simulated", "gpio": { "chip": "simulated" }, "mqtt": { "broker": "external", "host": "plant" } }""")]
    public void Somebody_can_say_that_it_is_meant(string json)
        => Errors(json, Plain with { AllowSimulated = true }).ShouldBeEmpty();

    [Fact]
    public void The_command_line_lies_over_the_file()
    {
        File.WriteAllText(Path.Combine(_folder, "station.json"), """{ "source": "folder:/nowhere", "gpio": { "chip": "simulated" }, "http": { "port": 1 } }""");
        var reading = SettingsFile.Read(_folder, Plain with { Source = "simulated", HttpPort = 8081, MqttPort = 1884, Recipe = "bolt@3" });
        reading.Errors.ShouldBeEmpty();
        reading.Settings.ShouldSatisfyAllConditions(
            s => s.Source.ShouldBe("simulated"), s => s.Http.Port.ShouldBe(8081), s => s.Mqtt.Port.ShouldBe(1884), s => s.Recipe.ShouldBe("bolt@3"));
    }

    [Fact]
    public void A_password_comes_from_the_secrets_and_others_must_not_read_it()
    {
        const string station = """{ "source": "simulated", "gpio": { "chip": "simulated" }, "mqtt": { "broker": "external", "host": "plant", "user": "u" } }""";
        var secrets = Path.Combine(_folder, "secrets.json");
        File.WriteAllText(secrets, """{ "mqtt": { "password": "p" } }""");
        File.SetUnixFileMode(secrets, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Errors(station, Plain with { AllowSimulated = true }).ShouldBe(["secrets.json"]);
        File.SetUnixFileMode(secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Errors(station, Plain with { AllowSimulated = true }).ShouldBeEmpty();
        SettingsFile.Read(_folder, Plain).Settings.Mqtt.Password.ShouldBe("p");
    }

    [Theory]
    [InlineData("station.json", "schema")]
    [InlineData("secrets.json", "secrets.schema")]
    public void A_file_of_a_newer_schema_is_refused_with_the_version_to_install_and_without_the_mistakes_that_it_only_seems_to_have(string name, string setting)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, """{ "schema": 2, "somethingNew": { "a": 1 } }""");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var error = SettingsFile.Read(_folder, Plain).Errors.ShouldHaveSingleItem();
        error.Name.ShouldBe(setting);
        error.Allowed.ShouldContain("install the version of Inspection that wrote it");
        File.WriteAllText(Path.Combine(_folder, "schema.json"), """{ "schema": 1, "writtenBy": "7.1.0" }""");
        SettingsFile.Read(_folder, Plain).Errors.ShouldHaveSingleItem().Allowed.ShouldContain("install Inspection 7.1.0 or newer");
    }

    [Theory]
    [InlineData("""{ "schema": 1, "mqtt": {} }""", new string[0])]
    [InlineData("""{ "schema": 0, "mqtt": {} }""", new[] { "secrets.schema" })]
    [InlineData("""{ "schema": "one" }""", new[] { "secrets.schema" })]
    [InlineData("""{ "shema": 1 }""", new[] { "secrets.shema" })]
    public void Secrets_may_say_their_schema(string json, string[] wrong)
    {
        var file = Path.Combine(_folder, "secrets.json");
        File.WriteAllText(file, json);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        SettingsFile.Read(_folder, Plain).Errors.Select(e => e.Name).ShouldBe(wrong);
    }

    [Fact]
    public void Only_what_has_an_end_can_be_played_once()
    {
        SettingsFile.Read(_folder, Plain with { Once = true }).Errors.ShouldHaveSingleItem().Name.ShouldBe("--once");
        SettingsFile.Read(_folder, Plain with { Once = true, Source = "folder:" + _folder }).Errors.ShouldBeEmpty();
    }

    private List<string> Errors(string json, RunRequest? request = null)
    {
        File.WriteAllText(Path.Combine(_folder, "station.json"), json);
        return [.. SettingsFile.Read(_folder, request ?? Plain).Errors.Select(e => e.Name)];
    }
}
