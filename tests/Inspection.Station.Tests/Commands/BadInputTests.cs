using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Tests.Commands;

public sealed class BadInputTests
{
    [Fact]
    public async Task Several_errors_of_a_configuration_end_the_start_with_exit_2_and_all_of_them()
    {
        using var box = new StationBox();
        File.WriteAllText(Path.Combine(box.Data, "station.json"), """{ "http": { "port": 0 }, "gpio": { "chip": "simulated" }, "colour": 1 }""");
        var (exit, said, output) = await StationProcess.RunAsync("run", "--data", box.Data);
        exit.ShouldBe(2);
        said.ShouldSatisfyAllConditions(s => s.ShouldContain("http.port"), s => s.ShouldContain("1–65535"), s => s.ShouldContain("colour"), s => s.ShouldContain("source: not named"));
        output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, "http.port", "--http-port")]
    [InlineData(false, "mqtt.port", "mqtt.port")]
    public async Task A_port_in_use_is_named_with_the_setting_that_moves_it(bool http, string setting, string also)
    {
        using var box = new StationBox();
        using var other = new TcpListener(IPAddress.Loopback, http ? box.Http : box.Mqtt);
        other.Start();
        var (exit, said, _) = await StationProcess.RunAsync(box.Run());
        exit.ShouldBe(1, said);
        said.ShouldContain(setting);
        said.ShouldContain(also);
    }

    [Fact]
    public async Task A_second_station_on_the_same_data_folder_is_refused()
    {
        using var box = new StationBox();
        await using var first = StationProcess.Start(box.Run());
        await first.ReadyAsync();
        var (exit, said, _) = await StationProcess.RunAsync(box.Run());
        exit.ShouldBe(1);
        said.ShouldContain("Another station");
        (await first.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_data_folder_of_a_newer_schema_is_refused_with_what_to_install()
    {
        using var box = new StationBox();
        File.WriteAllText(Path.Combine(box.Data, "schema.json"), """{ "schema": 99, "writtenBy": "7.0.0", "createdAt": "2030-01-01T00:00:00Z" }""");
        var (exit, said, _) = await StationProcess.RunAsync(box.Run());
        exit.ShouldBe(1);
        said.ShouldContain("Install Inspection 7.0.0");
    }

    [Theory]
    [InlineData("people.json", "people-newer", "run")]
    [InlineData("people.json", "people-newer", "people add Ada --role operator")]
    [InlineData("cursors.json", "cursors-newer", "run")]
    [InlineData("cursors.json", "cursors-newer", "consumers list")]
    [InlineData("cursors.json", "cursors-newer", "consumers remove mes")]
    [InlineData("recipes/bolt/1.json", "recipe-newer", "run")]
    public async Task A_file_of_a_newer_schema_is_refused_by_every_command_as_a_newer_folder_is(string file, string code, string command)
    {
        using var box = new StationBox();
        var path = Path.Combine(box.Data, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, """{ "schema": 99 }""");
        File.WriteAllText(Path.Combine(box.Data, "schema.json"), """{ "schema": 1, "writtenBy": "7.0.0", "createdAt": "2030-01-01T00:00:00Z" }""");
        string[] arguments = command == "run"
            ? file.StartsWith("recipes", StringComparison.Ordinal) ? ["run", "--data", box.Data, "--recipe", "bolt", "--source", "folder:" + box.Photos] : box.Run()
            : [.. command.Split(' '), "--data", box.Data];
        await using var process = StationProcess.Start(arguments, input: "4711");
        (await process.ExitAsync()).ShouldBe(1, process.Said);
        process.Said.ShouldContain(code);
        process.Said.ShouldContain("Install Inspection 7.0.0");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_refused()
    {
        var (exit, said, _) = await StationProcess.RunAsync("run", "--data", "/proc/nowhere");
        exit.ShouldBe(1);
        said.ShouldContain("cannot be written");
    }

    [Theory]
    [InlineData("hash", "SHA-256")]
    [InlineData("truncated", "model.onnx")]
    [InlineData("text", "model.onnx")]
    [InlineData("missing", "ONNX")]
    [InlineData("no-card", "model.json")]
    [InlineData("bad-card", "model.json")]
    public async Task A_model_that_may_not_judge_is_refused_with_exit_2_and_nothing_judges_instead(string fault, string named)
    {
        using var box = new StationBox();
        var file = Path.Combine(box.Model, "model.onnx");
        switch (fault)
        {
            case "hash": box.WriteCard(0.5f, $", \"sha256\": \"{new string('a', 64)}\""); break;
            case "truncated": File.WriteAllBytes(file, File.ReadAllBytes(file)[..100]); break;
            case "text": File.WriteAllText(file, "this is no model"); break;
            case "missing": File.Delete(file); break;
            case "no-card": File.Delete(Path.Combine(box.Model, "model.json")); break;
            default: File.WriteAllText(Path.Combine(box.Model, "model.json"), "{"); break;
        }
        var (exit, said, _) = await StationProcess.RunAsync(box.Run());
        exit.ShouldBe(2, said);
        said.ShouldContain(named);
        box.Verdicts().ShouldBeEmpty();
        Directory.EnumerateFiles(Path.Combine(box.Data, "models"), "*", SearchOption.AllDirectories).ShouldBeEmpty("once mended, it can be tried again");
        if (fault == "no-card") return;
        new LedgerArchive(DataFolder.LedgerOf(box.Data)).Query(new LedgerQuery { Kind = EntryKind.Alarm }).Rows
            .Select(row => JsonElement.Parse(row.Body.Span).GetProperty("code").GetString()).ShouldContain("model-refused");
    }

    [Fact]
    public async Task A_station_does_not_share_its_port_with_a_second_one()
    {
        using var box = new StationBox();
        using var second = new StationBox();
        await using var first = StationProcess.Start(box.Run());
        await first.ReadyAsync();
        var (exit, said, _) = await StationProcess.RunAsync("run", "--data", second.Data, "--model", second.Model, "--http-port", $"{second.Http}", "--mqtt-port", $"{box.Mqtt}");
        exit.ShouldBe(1, said);
        said.ShouldContain($"Port {box.Mqtt}");
        (exit, said, _) = await StationProcess.RunAsync("run", "--data", second.Data, "--model", second.Model, "--http-port", $"{second.Http}", "--mqtt-port", $"{second.Http}");
        exit.ShouldBe(2, said);
        said.ShouldContain("two different ports");
        (await first.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_version_never_changes_its_model()
    {
        using var box = new StationBox();
        await using (var first = StationProcess.Start(box.Run()))
        {
            await first.ReadyAsync();
            (await first.EndAsync()).ShouldBe(0, first.Said);
        }
        box.WriteCard(0.2f);
        var (exit, said, _) = await StationProcess.RunAsync(box.Run());
        exit.ShouldBe(2);
        said.ShouldContain("'threshold' in model.json");
    }

    [Theory]
    [InlineData("run", "--once")]
    [InlineData("run", "--recipe", "a", "--model", "b")]
    [InlineData("run", "--http-port", "many")]
    [InlineData("teach")]
    [InlineData("nonsense")]
    [InlineData("people", "add", "Ada", "--role", "king")]
    public async Task Wrong_usage_ends_with_exit_2_and_an_empty_stdout(params string[] arguments)
    {
        using var box = new StationBox();
        var data = arguments[0] == "run" ? (string[])["--data", box.Data] : [];
        var (exit, said, output) = await StationProcess.RunAsync([.. arguments, .. data]);
        exit.ShouldBe(2);
        said.ShouldNotBeEmpty();
        output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0,05", "0.0001–0.5", "teach", "--good", "simulated:6", "--out", "plate/1", "--max-false-rejects")]
    [InlineData("1%", "0.0001–0.5", "teach", "--good", "simulated:6", "--out", "plate/1", "--max-false-rejects")]
    [InlineData("0,05", "above 0, below 1000 mm", "teach", "--good", "simulated:6", "--out", "plate/1", "--mm-per-pixel")]
    [InlineData("NaN", "0–180 degrees", "teach", "--good", "simulated:6", "--out", "plate/1", "--align", "--align-turn")]
    [InlineData("12,5", "a score below the model's threshold", "evaluate", "--model", "m", "--data", "d", "--unsure-above")]
    [InlineData("12,5", "two scores", "compare", "m", "m", "--data", "d", "--unsure-above", "11")]
    [InlineData("1.000", "1–1000", "ledger", "query", "--max")]
    public async Task A_number_is_written_with_a_point_and_nothing_else_or_it_is_said_where_and_what_is_allowed(string wrong, string range, params string[] before)
    {
        var (exit, said, output) = await StationProcess.RunAsync([.. before, wrong]);
        exit.ShouldBe(2);
        said.ShouldContain($"{before.Last(word => word.StartsWith("--", StringComparison.Ordinal))}: found '{wrong}'; allowed: {range}");
        said.ShouldNotContain("System.");
        output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("teach")]
    [InlineData("evaluate")]
    [InlineData("bench")]
    [InlineData("people add")]
    [InlineData("ledger query")]
    [InlineData("ledger verify")]
    [InlineData("ledger restored")]
    [InlineData("consumers remove")]
    public async Task Every_command_explains_itself(string command)
    {
        var (exit, _, output) = await StationProcess.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        exit.ShouldBe(0);
        output.ShouldContain("Usage:");
    }

    [Fact]
    public async Task A_PIN_comes_from_the_pipe_and_is_never_an_argument()
    {
        using var box = new StationBox();
        await using (var add = StationProcess.Start(["people", "add", "Ada", "--role", "maintenance", "--data", box.Data], input: "4711"))
            (await add.ExitAsync()).ShouldBe(0, add.Said);
        var people = new Inspection.Store.PeopleFile(Path.Combine(box.Data, "people.json")).Load().Value!;
        new Inspection.Core.People(people, TimeProvider.System).SignIn("Ada", "4711").Succeeded.ShouldBeTrue();
        await using (var weak = StationProcess.Start(["people", "add", "Bob", "--role", "operator", "--data", box.Data], input: "1"))
            (await weak.ExitAsync()).ShouldBe(2);
        await using var argument = StationProcess.Start(["people", "add", "Eve", "--role", "operator", "--pin", "4711", "--data", box.Data]);
        (await argument.ExitAsync()).ShouldBe(2);
    }
}
