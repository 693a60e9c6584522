using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Mqtt.Tests;

/// <summary>The README is what others program against: each of its examples has the shape of the message that the program makes.</summary>
public sealed partial class ContractTests
{
    private static readonly string Readme = ReadReadme();

    [Fact]
    public void The_verdict_has_these_members_in_this_order()
    {
        var verdict = Verdict();
        Names(verdict).ShouldBe(
        [
            "schema", "ledgerId", "sequence", "position", "purpose", "simulated", "trigger", "partId", "lot", "verdict", "reason", "score", "threshold",
            "views", "model", "recipe", "judgedAt", "actedAt", "clockTrusted", "interlock", "decidedBy",
        ]);
        Names(verdict.GetProperty("views")[0]).ShouldBe(["camera", "frameId", "capturedAt", "score", "regions", "image"]);
        Names(verdict.GetProperty("trigger")).ShouldBe(["id", "source", "at"]);
        Names(verdict.GetProperty("model")).ShouldBe(["name", "version", "sha256"]);
        Names(verdict.GetProperty("recipe")).ShouldBe(["name", "revision"]);
        verdict.GetProperty("purpose").GetString().ShouldBe("production");
        verdict.GetProperty("clockTrusted").GetBoolean().ShouldBeTrue();
        string[] times =
        [
            verdict.GetProperty("judgedAt").GetString()!, verdict.GetProperty("actedAt").GetString()!,
            verdict.GetProperty("trigger").GetProperty("at").GetString()!, verdict.GetProperty("views")[0].GetProperty("capturedAt").GetString()!,
        ];
        times.ShouldAllBe(t => Time().IsMatch(t));
    }

    [Fact]
    public void The_verdict_is_as_documented() => Differences("verdict", 0, Verdict()).ShouldBeEmpty();

    [Fact]
    public void A_transition_is_as_documented()
        => Differences("interlock", 0, Body(new InterlockEntry(TimeProvider.System, true, Tripped))).ShouldBeEmpty();

    [Fact]
    public void A_test_parts_verdict_says_so_and_is_told_as_documented()
    {
        var recipe = Some.Recipe with { TestParts = new TestPartRules { Parts = [new() { Name = "good A", Kind = TestPartKind.Good }, new() { Name = "scratch", Kind = TestPartKind.Bad }] } };
        using var line = new TestLine(TestLine.Rejects, context: new(recipe, Some.Model, "L-77", true), testing: true);
        line.Inspect();
        line.Tests!.Announce(Some.Person, "scratch").ShouldBeNull();
        line.InspectTestPart();
        line.Inspect();
        line.Ledger.Bodies(EntryKind.Inspection).Select(v => v.GetProperty("purpose").GetString()).ShouldBe(["production", "testPart", "production"]);
        var told = line.Ledger.Bodies(EntryKind.Inspection)[1].GetProperty("testPart");
        Names(told).ShouldBe(["name", "kind", "right", "by"]);
        (told.GetProperty("name").GetString(), told.GetProperty("kind").GetString(), told.GetProperty("right").GetBoolean()).ShouldBe(("scratch", "bad", true));
        line.Counters.Snapshot().ShouldSatisfyAllConditions(c => c.Inspected.ShouldBe(2), c => c.Rejected.ShouldBe(2), c => c.TestParts.ShouldBe(1));
        line.LastRejects.Latest.Count.ShouldBe(2, "a test part is no reject of the production");
    }

    [Fact]
    public async Task The_status_tells_of_the_test_parts()
    {
        await using var bench = new Bench();
        var recipe = Some.Recipe with { TestParts = new TestPartRules { Parts = [new() { Name = "good A", Kind = TestPartKind.Good }, new() { Name = "scratch", Kind = TestPartKind.Bad }] } };
        var tests = new TestParts(recipe, new(null, default, "", null, false, false), bench.Interlock, _ => { }, bench.Alarms, bench.Time, true);
        var told = Json(StatusMessage.Write(bench.Options, bench.Station with { TestParts = tests }, "embedded", [])).GetProperty("testParts");
        Names(told).ShouldBe(["due", "overdue", "reasons", "lastPassed", "by"]);
        told.GetProperty("reasons")[0].GetString().ShouldBe("never-passed");
    }

    [Fact]
    public void An_override_is_as_documented()
        => Differences("override", 0, Body(new OverrideEntry(
            TimeProvider.System, true, new(Identifiers.New(TimeProvider.System), 1204), new(VerdictKind.Reject, VerdictKind.Pass, "only dust", Some.Person, DateTimeOffset.UnixEpoch)))).ShouldBeEmpty();

    [Fact]
    public void An_alarm_is_as_documented() => Differences("alarm", 0, Body(new AlarmEntry(TimeProvider.System, true, SomeAlarm, true))).ShouldBeEmpty();

    [Fact]
    public void A_disposition_is_as_documented()
    {
        var part = new PartDisposition(
            Some.Trigger(TimeProvider.System), new InspectionNumber(Identifiers.New(TimeProvider.System), 7), Disposition.Diverted, Confirmation.BinEye, "", Who.Station);
        var made = Body(new DispositionEntry(TimeProvider.System, true, part));
        Differences("disposition", 0, made).ShouldBeEmpty();
        made.GetProperty("inspection").GetProperty("sequence").GetInt64().ShouldBe(7);
        var unknown = Body(new DispositionEntry(TimeProvider.System, true, part with { Inspection = null, Disposition = Disposition.Unknown, ConfirmedBy = Confirmation.None }));
        (unknown.GetProperty("inspection").ValueKind, unknown.GetProperty("confirmedBy").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
    }

    [Fact]
    public void The_contract_explains_every_disposition_and_what_confirms_it()
    {
        string[] said = [.. Enum.GetNames<Disposition>().Select(d => $"`{d}`"), .. Enum.GetValues<Confirmation>().Except([Confirmation.None]).Select(c => $"`{Codes.Of(c)}`")];
        said.Where(word => !Section("disposition").Contains(word, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void A_gap_in_the_ledger_is_as_documented()
        => Differences("gap", 0, Body(new GapEntry(TimeProvider.System, true, "tail-lost", null, "…", Identifiers.New(TimeProvider.System), 7))).ShouldBeEmpty();

    [Fact]
    public async Task A_gap_for_one_reader_is_as_documented()
    {
        await using var bench = new Bench();
        var ledger = Identifiers.New(TimeProvider.System);
        Differences("gap", 1, Json(Gaps.Body(bench.Station, "mes", new(ledger, 10), new(ledger, 51)))).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_status_is_as_documented()
    {
        await using var bench = new Bench();
        bench.Interlock.Trip(TripCause.Request, "5 rejects in a row", Who.Station);
        bench.Interlock.SetObstacle(null);
        bench.Alarms.Raise("source-failed", AlarmPriority.High, "", "");
        Differences("status", 0, Json(StatusMessage.Write(bench.Options, bench.Station, "embedded", [new("mes", true, 0, DateTimeOffset.UnixEpoch)]))).ShouldBeEmpty();
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Every_message_says_whether_it_is_simulated(bool simulated)
    {
        StationEntry[] entries =
        [
            new InterlockEntry(TimeProvider.System, simulated, Tripped), new AlarmEntry(TimeProvider.System, simulated, SomeAlarm, true),
            new GapEntry(TimeProvider.System, simulated, "power-lost", null, ""),
            new DispositionEntry(TimeProvider.System, simulated, new(Some.Trigger(TimeProvider.System), null, Disposition.Unknown, Confirmation.None, "", Who.Station)),
        ];
        entries.ShouldAllBe(e => Body(e).GetProperty("simulated").GetBoolean() == simulated);
    }

    [Fact]
    public void The_alarms_in_the_contract_are_those_that_the_program_raises()
        => Coded().Matches(Section("alarm")[Section("alarm").IndexOf("The codes:", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value).Except(["code"])
            .ShouldBe(RaisedAlarms.Codes(), ignoreOrder: true);

    [Fact]
    public void The_examples_name_no_alarm_that_nobody_raises()
        => Example().Matches(Readme).Select(m => JsonElement.Parse(m.Groups[1].Value))
            .SelectMany(e => e.TryGetProperty("alarms", out var all) ? all.EnumerateArray().Select(a => a.GetString()!) : e.TryGetProperty("code", out var code) ? [code.GetString()!] : [])
            .Except(RaisedAlarms.Codes()).ShouldBeEmpty();

    [Fact]
    public void The_contract_explains_every_reason_of_a_gap()
    {
        var made = RaisedAlarms.Sources.Select(File.ReadAllText).Where(s => s.Contains("GapEntry(") || s.Contains("Predecessor") || s.Contains("class Gaps"))
            .SelectMany(s => Reason().Matches(s)).Select(m => m.Groups["reason"].Value).Distinct().ToList();
        made.Count.ShouldBeGreaterThanOrEqualTo(6);
        made.ShouldContain("write-failed");
        made.Except(Coded().Matches(Section("gap")).Select(m => m.Groups[1].Value)).ShouldBeEmpty();
    }

    [Fact]
    public void A_shape_that_differs_is_found()
    {
        Differences("verdict", 0, JsonElement.Parse("""{"schema":1,"ledgerId":"x","extra":2}""")).ShouldHaveSingleItem();
        Different(JsonElement.Parse("""{"at":"2026-01-31T12:00:00.000Z"}"""), JsonElement.Parse("""{"at":"2026-01-31T12:00:00Z"}"""), "").ShouldHaveSingleItem();
        Different(JsonElement.Parse("""{"a":1,"b":2}"""), JsonElement.Parse("""{"b":1,"a":2}"""), "").ShouldHaveSingleItem();
    }

    private static InterlockTransition Tripped { get; } = new(
        InterlockState.Running, InterlockState.Tripped, TripCause.RejectsInARow, "5 rejects in a row", Who.Station, ResetAnswer.None, DateTimeOffset.UnixEpoch);

    private static Alarm SomeAlarm { get; } = new("source-failed", AlarmPriority.High, "", "", DateTimeOffset.UnixEpoch);

    /// <summary>A reject with a region, its area known, and its picture, made by the station's own loop.</summary>
    private static JsonElement Verdict()
    {
        using var line = new TestLine(
            view => d =>
            {
                TestLine.Rejects(view)(d);
                d.Regions = [new DefectRegion(10, 20, 30, 8, 190, 1.9, 0.91f, [10, 20, 40, 20, 40, 28, 10, 28])];
            },
            context: new(Some.Recipe, Some.Model, "L-77", true));
        line.Inspect();
        return line.Ledger.Bodies(EntryKind.Inspection).ShouldHaveSingleItem();
    }

    private static JsonElement Body(EntryDraft entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) entry.WriteBody(json, new EntryNumbers(Identifiers.New(TimeProvider.System), 3, 0, 2, true));
        return Json(buffer.WrittenMemory);
    }

    private static JsonElement Json(ReadOnlyMemory<byte> body) => JsonElement.Parse(body.Span);

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(p => p.Name);

    private static List<string> Differences(string topic, int example, JsonElement made)
        => Different(JsonElement.Parse(Example().Matches(Section(topic))[example].Groups[1].Value), made, topic);

    /// <summary>Members, their order and the kind of each value; "…" stands for any text.</summary>
    private static List<string> Different(JsonElement documented, JsonElement made, string at)
    {
        if (Kind(documented) != Kind(made) && !(documented is { ValueKind: JsonValueKind.String } text && text.GetString() == "…" && made.ValueKind == JsonValueKind.String))
            return [$"{at}: documented {documented.GetRawText()}, made {made.GetRawText()}"];
        switch (documented.ValueKind)
        {
            case JsonValueKind.Object when !Names(documented).SequenceEqual(Names(made)):
                return [$"{at}: documented {string.Join(", ", Names(documented))}; made {string.Join(", ", Names(made))}"];
            case JsonValueKind.Object:
                return [.. documented.EnumerateObject().SelectMany(p => Different(p.Value, made.GetProperty(p.Name), $"{at}.{p.Name}"))];
            case JsonValueKind.Array when (documented.GetArrayLength() == 0) != (made.GetArrayLength() == 0):
                return [$"{at}: documented {documented.GetRawText()}, made {made.GetRawText()}"];
            case JsonValueKind.Array when documented.GetArrayLength() > 0:
                return Different(documented[0], made[0], at + "[0]");
            default:
                return [];
        }
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "truth",
        JsonValueKind.String when Time().IsMatch(value.GetString()!) => "time",
        JsonValueKind.String when Guid.TryParse(value.GetString(), out _) => "identifier",
        var kind => kind.ToString(),
    };

    private static string Section(string topic) => Readme.Split("\n### " + topic + "\n")[1].Split("\n### ")[0];

    private static string ReadReadme([CallerFilePath] string here = "")
        => File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src", "Inspection.Mqtt", "README.md"));

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex Time();

    [GeneratedRegex("`([a-z]+(?:-[a-z]+)*)`")]
    private static partial Regex Coded();

    [GeneratedRegex("""\bnew(?: GapEntry)?\([^";]*, "(?<reason>[a-z]+(?:-[a-z]+)*)",|"reason", "(?<reason>[a-z-]+)"\)""")]
    private static partial Regex Reason();
}
