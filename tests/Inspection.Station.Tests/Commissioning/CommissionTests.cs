using System.Text.Json;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Tests.Commissioning;

public sealed class CommissionTests : IDisposable
{
    private static readonly string[] NoVoltage = ["", "205", "p", "p", "ol"];
    private static readonly string[] Unplugged = ["", "24,1 15.0 0.02", "p", "p"];

    // Each Enter lets the simulated chip work one contact, or ends a step in which nothing may change.
    private static readonly string[] Stopped = ["", .. Enumerable.Repeat("", 54), "SAFE", .. Enumerable.Repeat("p", 12), "SAFE", "23.9 5.1"];
    private static readonly string[] Running = ["", "p", "p", "201", "199", "200", "31", "p", "p", "p", "p", ""];

    private readonly StationBox _box = new();

    public void Dispose() => _box.Dispose();

    private string Folder => Path.Combine(_box.Data, "commissioning");

    private async Task<(int Exit, string Said, string Output)> CommissionAsync(IEnumerable<string> typed, params string[] more)
    {
        await using var walk = StationProcess.Start(["commission", "--data", _box.Data, "--json", .. more], string.Join('\n', typed));
        return (await walk.ExitAsync(), walk.Said, await walk.OutputAsync());
    }

    private string Record() => File.ReadAllText(Directory.GetFiles(Folder, "*.json").Single());

    private IReadOnlyList<string> Audits()
        => [.. new LedgerArchive(DataFolder.LedgerOf(_box.Data)).Query(new LedgerQuery { Kind = EntryKind.Audit }).Rows
            .Select(row => JsonElement.Parse(row.Body.Span)).Where(body => body.GetProperty("action").GetString() == "commissioning")
            .Select(body => body.GetProperty("detail").GetString()!)];

    [Fact]
    public async Task A_walk_on_the_simulated_chip_makes_all_20_checks_and_the_ledger_tells_of_it()
    {
        var (exit, said, output) = await CommissionAsync([.. NoVoltage, .. Unplugged, .. Stopped, .. Running], "--name", "Ana");
        exit.ShouldBe(0, said);
        said.ShouldContain("SIMULATED: this is a rehearsal and proves nothing");
        said.ShouldContain("20 of 20 checks passed, 0 failed, 0 not done.");
        var record = JsonElement.Parse(output);
        record.GetProperty("simulated").GetBoolean().ShouldBeTrue();
        var results = record.GetProperty("results").EnumerateArray().ToList();
        results.Select(r => r.GetProperty("number").GetInt32()).ShouldBe(Enumerable.Range(1, 20));
        results.ShouldAllBe(r => r.GetProperty("outcome").GetString() == "pass" && r.GetProperty("by").GetString() == "Ana");
        var relay = results[9].GetProperty("reading").GetString()!;
        foreach (var part in (string[])["closed after", "beats end low", "beats end high", "relay-enable falls", "coil A1–A2 23.9 V", "gate of Q2 5.1 V"]) relay.ShouldContain(part);
        JsonElement.DeepEquals(JsonElement.Parse(Record()), record).ShouldBeTrue();
        Audits().ShouldHaveSingleItem().ShouldEndWith("by Ana: 20 of 20 checks passed, 0 failed");
    }

    [Fact]
    public async Task A_check_that_fails_ends_the_work_and_the_same_command_goes_on_there_with_both_results_kept()
    {
        var (exit, said, _) = await CommissionAsync(["", "300"], "--name", "Ana", "--only", "1,2");
        exit.ShouldBe(1);
        said.ShouldContain("fail (coil 300 Ω)");
        said.ShouldContain("find the cause first");
        said.ShouldNotContain("Check 2:");
        Audits().ShouldHaveSingleItem().ShouldEndWith("0 of 2 checks passed, 1 failed");

        (exit, said, _) = await CommissionAsync(["", "", "205", "p"], "--name", "Ben", "--only", "2,1");
        exit.ShouldBe(0, said);
        said.ShouldContain("0 of 2 checks passed. [Enter goes on with it");
        var results = JsonElement.Parse(Record()).GetProperty("results").EnumerateArray().ToList();
        results.Select(r => (r.GetProperty("number").GetInt32(), r.GetProperty("outcome").GetString(), r.GetProperty("by").GetString()))
            .ShouldBe([(1, "fail", "Ana"), (1, "pass", "Ben"), (2, "pass", "Ben")]);
        Audits().Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_check_that_is_not_done_lets_the_others_go_on_and_never_ends_in_0()
    {
        var (exit, said, _) = await CommissionAsync(["", "n no meter", "p"], "--name", "Ana", "--only", "1,2");
        exit.ShouldBe(1);
        said.ShouldContain("not-done (no meter)");
        said.ShouldContain("1 of 2 checks passed, 0 failed, 1 not done.");
    }

    [Fact]
    public async Task What_is_typed_wrongly_is_asked_again_and_passes_nothing()
    {
        var (exit, said, _) = await CommissionAsync(["", "yes", "", "twenty", "2 0 5", "1e3", "nan", "205", "y", "P!", "", "p"], "--name", "Ana", "--only", "1,2");
        exit.ShouldBe(0, said);
        said.Split("1 number, without units").Length.ShouldBe(7);
        said.Split("p: as expected; f NOTE").Length.ShouldBe(4);
    }

    [Fact]
    public async Task A_failure_needs_a_note_and_what_is_not_done_a_reason()
    {
        var (exit, said, _) = await CommissionAsync(["", "f", "fail ", "n", "f the meter shows 300"], "--name", "Ana", "--only", "1");
        exit.ShouldBe(1, said);
        said.Split("Say what was found: f and the note").Length.ShouldBe(4);
        said.ShouldContain("fail (the meter shows 300)");
        (exit, said, _) = await CommissionAsync(["new", "", "f", "f contact 11-12 stays closed"], "--name", "Ana", "--only", "2");
        exit.ShouldBe(1, said);
        said.Split("Say what was found: f and the note").Length.ShouldBe(2);
        said.ShouldContain("fail (contact 11-12 stays closed)");
    }

    [Theory]
    [InlineData("--only", "0")]
    [InlineData("--only", "1,21")]
    [InlineData("--only", "1;2")]
    [InlineData("--only", "")]
    [InlineData("--name", " ")]
    public async Task A_wrong_argument_says_what_is_right_and_makes_nothing(string option, string value)
    {
        var (exit, said, _) = await CommissionAsync([""], option, value);
        exit.ShouldBe(2, said);
        said.ShouldContain(option == "--only" ? "1–20" : "1–64");
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Ctrl_C_keeps_what_was_recorded_and_the_same_command_goes_on()
    {
        await using (var walk = StationProcess.Start(["commission", "--data", _box.Data, "--name", "Ana", "--only", "1,2,3"], "\n205\n", more: true))
        {
            await Inspection.Testing.Eventually.Holds(() => walk.Said.Contains("Check 2:", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
            walk.Signal(StationProcess.Interrupt);
            (await walk.ExitAsync()).ShouldBe(1);
            walk.Said.ShouldContain("what was recorded is kept");
        }
        var (exit, said, _) = await CommissionAsync(["", "", "p", "p"], "--name", "Ana", "--only", "1,2,3");
        exit.ShouldBe(0, said);
        said.ShouldContain("1 of 3 checks passed. [Enter goes on with it");
        said.ShouldNotContain("Check 1:");
    }

    [Fact]
    public async Task A_new_one_may_be_begun_beside_one_that_is_not_finished()
    {
        await CommissionAsync(["", "205"], "--name", "Ana", "--only", "1,2");
        var (exit, said, _) = await CommissionAsync(["new", "", "206", "p"], "--name", "Ana", "--only", "1,2");
        exit.ShouldBe(0, said);
        Directory.GetFiles(Folder, "*.json").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Beside_a_running_station_it_is_refused()
    {
        using var held = DataFolder.Open(_box.Data, TimeProvider.System).Value!;
        var (exit, said, _) = await CommissionAsync([""], "--name", "Ana");
        exit.ShouldBe(1);
        said.ShouldContain("data-in-use");
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_chip_that_is_not_there_is_told_before_the_first_question_and_nothing_falls_back_to_the_simulation()
    {
        File.WriteAllText(Path.Combine(_box.Data, "station.json"), """{ "source": "simulated", "gpio": { "chip": "gpiochip99" } }""");
        foreach (var only in new[] { "", "1,8", "11,12" })
        {
            var (exit, said, _) = await CommissionAsync([""], only.Length == 0 ? [] : ["--only", only]);
            exit.ShouldNotBe(0);
            said.ShouldContain("gpio-chip-missing");
            said.ShouldNotContain("Name of who");
            said.ShouldNotContain("Check");
        }
        // Without voltage nothing of the PC is needed yet.
        (await CommissionAsync(["", "205"], "--name", "Ana", "--only", "1")).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_or_is_newer_is_told_and_never_overwritten()
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, "2026-01-01-000000.json");
        foreach (var (text, code) in new[] { ("{", "file-malformed"), ("""{ "schema": 2 }""", "data-newer") })
        {
            File.WriteAllText(path, text);
            var (exit, said, _) = await CommissionAsync([""], "--name", "Ana");
            exit.ShouldNotBe(0);
            said.ShouldContain(code);
            File.ReadAllText(path).ShouldBe(text);
        }
    }
}
