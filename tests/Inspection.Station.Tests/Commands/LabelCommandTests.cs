using Inspection.Core;
using Inspection.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inspection.Station.Tests.Commands;

public sealed class LabelCommandTests
{
    [Fact]
    public async Task A_person_of_quality_draws_with_the_pin_and_the_next_start_s_page_shows_it()
    {
        using var box = await InspectedAsync();
        await using var drawing = StationProcess.Start(["label-sample", "--by", "Quinn", "--count", "6", "--data", box.Data, "--json"], input: "1234");
        (await drawing.ExitAsync()).ShouldBe(0, drawing.Said);
        drawing.Said.ShouldNotContain("Drawn were");
        drawing.Said.ShouldContain("A sample of 6 parts is open, 0 of them are done: label them at the page of a station that runs this model at this threshold.");
        drawing.Said.ShouldContain("Nothing is known yet of the good parts that tiny@1 (threshold 0.45) rejects in production");
        StationBox.Member(await drawing.OutputAsync(), "open").GetProperty("size").GetInt32().ShouldBe(6);
        box.Verify().FirstBad.ShouldBeNull();
        await using var station = await StationInside.StartAsync(box);
        var open = (await station.Parts.Labels.LookAsync()).Value!.Open.ShouldNotBeNull();
        (open.Size, open.Done).ShouldBe((6, 0));
        // Beside the running station it only reads.
        var (exit, said, _) = await StationProcess.RunAsync("label-sample", "--data", box.Data);
        exit.ShouldBe(0, said);
        said.ShouldContain("A sample of 6 parts is open");
        await using var second = StationProcess.Start(["label-sample", "--by", "Quinn", "--data", box.Data], input: "1234");
        (await second.ExitAsync()).ShouldBe(1);
        second.Said.ShouldContain("While it runs, its page draws");
    }

    [Fact]
    public async Task Where_fewer_parts_have_a_picture_than_are_asked_for_it_says_so_and_how_there_are_more()
    {
        using var box = await InspectedAsync();
        await using var drawing = StationProcess.Start(["label-sample", "--by", "Quinn", "--count", "200", "--data", box.Data], input: "1234");
        (await drawing.ExitAsync()).ShouldBe(0, drawing.Said);
        drawing.Said.ShouldContain("parts, not 200: no others have a kept picture.");
        drawing.Said.ShouldContain("pictures.passEvery");
    }

    [Theory]
    [InlineData("--by Quinn --count 0", "1234", 2, "sample-size", "2–200")]
    [InlineData("--by Quinn --count 10000", "1234", 2, "sample-size", "2–200")]
    [InlineData("--by Nobody", "1234", 2, "unknown-person", "people add")]
    [InlineData("--by Quinn", "9999", 2, "wrong-pin", "do not belong together")]
    [InlineData("--by Olga", "1234", 2, "label-not-permitted", "setter, quality or an administrator")]
    [InlineData("--by Quinn --model biscuit@3", "1234", 2, "unknown-model", "tiny@1")]
    [InlineData("--model biscuit@3", "", 2, "unknown-model", "tiny@1")]
    [InlineData("--count 10", "", 2, "by-missing", "--by NAME")]
    public async Task What_cannot_be_done_is_refused_with_what_to_do(string arguments, string pin, int expected, string code, string says)
    {
        using var box = await InspectedAsync();
        await using var drawing = StationProcess.Start(["label-sample", .. arguments.Split(' '), "--data", box.Data], input: pin);
        (await drawing.ExitAsync()).ShouldBe(expected, drawing.Said);
        drawing.Said.ShouldSatisfyAllConditions(s => s.ShouldContain(code), s => s.ShouldContain(says));
    }

    [Fact]
    public async Task Without_a_ledger_without_verdicts_and_without_pictures_it_says_so()
    {
        using var box = new StationBox();
        AddPeople(box);
        (await RunAsync(box)).ShouldContain("no-ledger");
        await AppendNothingAsync(box);
        (await RunAsync(box)).ShouldContain("no-verdicts");
        (await RunAsync(box, "--by", "Quinn")).ShouldContain("no-verdicts");

        using var inspected = await InspectedAsync();
        Directory.Delete(Path.Combine(inspected.Data, "pictures"), true);
        var said = await RunAsync(inspected, "--by", "Quinn");
        said.ShouldContain("no-parts-to-label");
        said.ShouldContain("pictures.passEvery");
    }

    [Fact]
    public void Of_500_known_defects_on_no_more_are_added_and_one_that_is_there_is_left_alone()
    {
        using var box = new StationBox();
        var versions = Path.Combine(box.Data, "models", "tiny");
        var folder = Path.Combine(versions, "known-defects");
        Vision.KnownDefects.Add(versions, "first.jpg", [1]).Value.ShouldBeTrue();
        Vision.KnownDefects.Add(versions, "first.jpg", [2]).Value.ShouldBeFalse();
        File.ReadAllBytes(Path.Combine(folder, "first.jpg")).ShouldBe([1]);
        for (var i = 1; i < Vision.KnownDefects.Most; i++) File.WriteAllBytes(Path.Combine(folder, $"{i}.jpg"), []);
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "no picture, not counted");
        var full = Vision.KnownDefects.Add(versions, "one-more.jpg", [3]).Failure.ShouldNotBeNull();
        full.Code.ShouldBe("known-defects-full");
        full.Message.ShouldContain("Take out those that resemble others");
        Vision.KnownDefects.Add(versions, "first.jpg", [4]).Value.ShouldBeFalse("it is there already");
    }

    private static async Task<string> RunAsync(StationBox box, params string[] more)
    {
        await using var command = StationProcess.Start(["label-sample", .. more, "--data", box.Data], input: "1234");
        (await command.ExitAsync()).ShouldNotBe(0, command.Said);
        return command.Said;
    }

    /// <summary>A ledger of a station that never saw a part.</summary>
    private static async Task AppendNothingAsync(StationBox box)
    {
        using var folder = DataFolder.Open(box.Data, TimeProvider.System).Value!;
        await using var ledger = JournalLedger.Open(folder, new StoreOptions(), TimeProvider.System, new Alarms(TimeProvider.System, (_, _) => { }), () => true, true, NullLogger.Instance).Value!;
        ledger.Start();
        ledger.TryAppend(new AuditEntry(TimeProvider.System, true, Who.Station, "station-started", "")).ShouldBeTrue();
    }

    private static void AddPeople(StationBox box)
    {
        var people = new PeopleFile(Path.Combine(box.Data, "people.json"));
        people.Add(Person.Create("Quinn", Role.Quality, "1234").Value!).Failure.ShouldBeNull();
        people.Add(Person.Create("Olga", Role.Operator, "1234").Value!).Failure.ShouldBeNull();
    }

    /// <summary>Photos that are all rejected, of which at least six have a picture.</summary>
    private static async Task<StationBox> InspectedAsync()
    {
        var box = new StationBox(0.45f);
        box.WritePhotos(10);
        AddPeople(box);
        var idle = Directory.CreateDirectory(Path.Combine(box.Root, "idle"));
        File.WriteAllText(Path.Combine(idle.FullName, "nothing.png"), "no picture");
        File.WriteAllText(Path.Combine(box.Data, "station.json"), $$"""{ "source": "folder:{{idle.FullName}}", "gpio": { "chip": "simulated" }{{StationBox.Patient}} }""");
        await box.InspectAsync(rejects: 6, passes: 0);
        return box;
    }
}
