using System.Text.Json;
using Inspection.Core;
using Inspection.Panel.Tests.Hosting;
using Inspection.Store;
using Inspection.Testing;
using OpenCvSharp;

namespace Inspection.Station.Tests.Running;

/// <summary>A whole station whose every part has a picture: of three photos one is bright, which the small model rejects.</summary>
public sealed class LabelTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private const float Threshold = 0.7f;
    private static readonly Who Quinn = Who.Person("Quinn", Role.Quality);

    private readonly StationBox _box = Prepared();

    public void Dispose() => _box.Dispose();

    private string KnownDefects => Path.Combine(_box.Data, "models", "tiny", "known-defects");

    [Fact]
    public async Task A_sample_is_drawn_labelled_in_part_and_after_a_restart_to_its_end_and_a_recount_gives_the_same()
    {
        var times = await _box.InspectAsync(rejects: 6, passes: 6);
        LabelState last;
        Guid draw;
        await using (var station = await StationInside.StartAsync(_box))
        {
            var labels = station.Parts.Labels;
            var state = (await labels.LookAsync()).Value.ShouldNotBeNull();
            (state.Statement.Counts.Passed, state.Statement.Counts.Rejected).ShouldBe((20 * times, 10 * times));
            (state.Open, state.Statement.SaysFalseRejects).ShouldBe((null, false));
            var open = (await labels.DrawAsync(Quinn, 12)).Value!.Open.ShouldNotBeNull();
            (open.Size, open.Done).ShouldBe((12, 0));
            draw = open.Draw;
            for (var i = 0; i < 5; i++) open = (await labels.LabelAsync(Quinn, open, LabelOf(open))).Value!.Open.ShouldNotBeNull();
        }
        await using (var station = await StationInside.StartAsync(_box))
        {
            var labels = station.Parts.Labels;
            var open = (await labels.LookAsync()).Value!.Open.ShouldNotBeNull();
            (open.Draw, open.Done).ShouldBe((draw, 5));
            open = (await labels.DrawAsync(Some.Person, 50)).Value!.Open.ShouldNotBeNull();
            (open.Draw, open.Done).ShouldBe((draw, 5), "an open draw is continued");
            for (last = null!; open is not null; open = last.Open) last = (await labels.LabelAsync(Some.Person, open, LabelOf(open))).Value.ShouldNotBeNull();
        }
        last.Statement.Counts.ShouldSatisfyAllConditions(
            c => c.Rejects.ShouldBe(new(0, 6, 0)), c => c.Passes.ShouldBe(new(6, 0, 0)), c => c.People.ShouldBe(["Quinn", "Ada"]));
        last.Statement.SaysFalseRejects.ShouldBeTrue();
        last.Missed.ShouldBeEmpty();
        _box.Verify().FirstBad.ShouldBeNull();

        // The program alone, from the folder alone.
        var (exit, said, output) = await StationProcess.RunAsync("label-sample", "--data", _box.Data, "--json");
        exit.ShouldBe(0, said);
        foreach (var sentence in last.Statement.Sentences()) said.ShouldContain(sentence);
        said.ShouldContain("No sample is open.");
        StationBox.Member(output, "falseRejectLimit").GetDouble().ShouldBe(last.Statement.FalseRejectLimit);
        // And by hand, from the entries' own text.
        var entries = Audits("part-labelled");
        entries.Count.ShouldBe(12);
        entries.Count(e => e.GetProperty("label").GetString() == "bad").ShouldBe(6);
        entries.ShouldAllBe(e => (e.GetProperty("label").GetString() == "bad") == (e.GetProperty("verdict").GetString() == "Reject"));
        entries.Select(e => e.GetProperty("who").GetProperty("name").GetString()).Distinct().ShouldBe(["Quinn", "Ada"]);
        entries.Select(e => InspectionNumber.Of(e)).ShouldBe(Audits("sample-drawn").ShouldHaveSingleItem().GetProperty("parts").EnumerateArray().Select(p => InspectionNumber.Of(p)));
    }

    [Fact]
    public async Task What_a_person_calls_bad_is_kept_as_it_was_beside_the_versions_of_the_model_and_only_once()
    {
        await _box.InspectAsync(rejects: 3, passes: 3);
        await using var station = await StationInside.StartAsync(_box);
        var open = (await station.Parts.Labels.DrawAsync(Quinn, 4)).Value!.Open;
        var bad = new List<string>();
        while (open is not null)
        {
            bad.Add(open.PicturePath);
            var labelled = open;
            open = (await station.Parts.Labels.LabelAsync(Quinn, open, PartLabel.Bad)).Value!.Open;
            await station.Parts.Overrides.OverruleAsync(Some.Operator, new(labelled.Part, VerdictKind.Reject, "seen in a sample"));
        }
        // The first that passed, drawn or not.
        JudgedPart? passed = null;
        for (var sequence = 1; passed is null; sequence++)
            if ((await station.Parts.Overrides.FindAsync(sequence)).Value![0] is { InForce: VerdictKind.Pass, PicturePath: not null } part) passed = part;
        (await station.Parts.Overrides.OverruleAsync(Some.Operator, new(passed.Number, VerdictKind.Reject, "a crack was seen"))).ShouldBeNull();
        string[] expected = [.. bad.Append(passed.PicturePath!).Distinct()];
        await Eventually.Holds(() => Directory.Exists(KnownDefects) && Directory.GetFiles(KnownDefects).Select(Path.GetFileName).Order().SequenceEqual(expected.Select(Path.GetFileName).Order()));
        foreach (var path in expected)
            File.ReadAllBytes(Path.Combine(KnownDefects, Path.GetFileName(path))).ShouldBe(File.ReadAllBytes(Path.Combine(_box.Data, "pictures", path)));
        station.Parts.Alarms.Active.ShouldNotContain(a => a.Code == "known-defects-failed");
    }

    [Fact]
    public async Task A_folder_of_known_defects_that_cannot_be_written_raises_an_alarm_and_delays_no_label()
    {
        await _box.InspectAsync(rejects: 3, passes: 3);
        await using var station = await StationInside.StartAsync(_box);
        File.WriteAllText(KnownDefects, "a file where the folder should be");
        var open = (await station.Parts.Labels.DrawAsync(Quinn, 2)).Value!.Open!;
        open = (await station.Parts.Labels.LabelAsync(Quinn, open, PartLabel.Bad)).Value!.Open!;
        await Eventually.Holds(() => station.Parts.Alarms.Active.Any(a => a.Code == "known-defects-failed"));
        station.Parts.Alarms.Active.Single(a => a.Code == "known-defects-failed").Message.ShouldContain("could not be written");
        File.Delete(KnownDefects);
        await station.Parts.Labels.LabelAsync(Quinn, open, PartLabel.Bad);
        await Eventually.Holds(() => station.Parts.Alarms.Active.All(a => a.Code != "known-defects-failed"));
        Directory.GetFiles(KnownDefects).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Pictures_that_vanished_or_are_cut_off_are_left_out_with_their_numbers()
    {
        await _box.InspectAsync(rejects: 3, passes: 3);
        await using var station = await StationInside.StartAsync(_box);
        await station.Parts.Labels.DrawAsync(Quinn, 6);
        var parts = Audits("sample-drawn")[0].GetProperty("parts").EnumerateArray().Select(p => InspectionNumber.Of(p)!.Value).ToList();
        var gone = await PictureAsync(station, parts[0]);
        var cut = await PictureAsync(station, parts[1]);
        File.Delete(gone);
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..100]);
        var state = (await station.Parts.Labels.LookAsync()).Value!;
        state.LeftOut.ShouldBe([parts[0], parts[1]]);
        state.Open!.Part.ShouldBe(parts[2]);
        Audits("part-labelled").Select(e => e.GetProperty("detail").GetString()).ShouldBe(
            [$"The picture of part {parts[0].Sequence} is no longer kept.", $"The picture of part {parts[1].Sequence}, '{Path.GetRelativePath(Path.Combine(_box.Data, "pictures"), cut)}', is not the one that its entry names: its hash differs."]);
    }

    [Fact]
    public async Task Two_people_at_two_browsers_draw_and_label_and_read_the_statement_in_their_languages()
    {
        await _box.InspectAsync(rejects: 10, passes: 10);
        await using var station = await StationInside.StartAsync(_box);
        var address = $"http://localhost:{_box.Http}/";
        await using var first = await chromium.Open(address);
        await using var second = await chromium.Open(address, language: "zh-CN");
        await first.Act("label-sample");
        await first.SeesText("Nothing is known yet of the good parts that tiny@1 (threshold 0.7) rejects in production");
        await first.Photograph("label-draw");
        await first.Page.Locator("[data-draw='20']").ClickAsync();
        await first.SeesText("Part 1 of 20");
        await Browser.Draws(first.Page.Locator(".dialog-label img"), 64);
        await first.Photograph("label-part");
        // Nothing of what the station thinks is within the dialog: neither verdict, score, number nor what was counted.
        (await first.Page.Locator(".dialog-label").InnerTextAsync()).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            ["Part 1 of 20", "Good", "Bad", "Cannot tell", "Look at the part alone. A label is never changed. 'Cannot tell' counts against the station: a reject as good, a pass as not good."]);
        foreach (var act in await first.Page.Locator("[data-label]").AllAsync())
        {
            var box = (await act.BoundingBoxAsync()).ShouldNotBeNull();
            box.Height.ShouldBeGreaterThanOrEqualTo(76, "20 mm for gloves");
            (box.Y + box.Height).ShouldBeLessThanOrEqualTo(800, "nothing to scroll");
        }
        await second.Act("label-sample");
        await second.SeesText("第 1 件，共 20 件");
        await first.Page.Locator("[data-label=good]").ClickAsync();
        await first.SeesText("Part 2 of 20");
        await second.Page.Locator("[data-label=bad]").ClickAsync();
        await second.SeesText("其间已有人标注了此零件");
        await second.SeesText("第 2 件，共 20 件");
        for (var part = 2; part <= 20; part++)
        {
            await first.SeesText($"Part {part} of 20");
            await first.Page.Locator("[data-label=good]").ClickAsync();
        }
        await Browser.Sees(first.Page.Locator("[data-draw='20']"));
        var statement = (await station.Parts.Labels.LookAsync()).Value!.Statement;
        (statement.Counts.Rejects, statement.Counts.Passes).ShouldBe((new(10, 0, 0), new(10, 0, 0)));
        await first.SeesText($"at most {LabelStatement.RoundedUp(statement.FalseRejectLimit):0.##} % are rejected (95 % confidence, however often this is looked at; 10 rejects and 10 passes labelled; persons: 1).");
        await first.Photograph("label-statement");
        first.Complaints.ShouldBeEmpty();
        second.Complaints.ShouldBeEmpty();
    }

    private static StationBox Prepared()
    {
        var box = new StationBox(Threshold);
        var random = new Random(11);
        for (var i = 0; i < 30; i++)
        {
            var pixels = new byte[48 * 64 * 3];
            for (var p = 0; p < pixels.Length; p++) pixels[p] = (byte)((i % 3 == 1 ? 200 : 100) + random.Next(-40, 40));
            using var photo = Mat.FromPixelData(48, 64, MatType.CV_8UC3, pixels);
            Cv2.ImWrite(Path.Combine(box.Photos, $"photo{i:D3}.png"), photo).ShouldBeTrue();
        }
        // What people label at sees nothing that can be read, so no verdict of the model is added.
        var idle = Directory.CreateDirectory(Path.Combine(box.Root, "idle"));
        File.WriteAllText(Path.Combine(idle.FullName, "nothing.png"), "no picture");
        File.WriteAllText(Path.Combine(box.Data, "station.json"), $$"""{ "source": "folder:{{idle.FullName}}", "gpio": { "chip": "simulated" }{{StationBox.Patient}} }""");
        using var folder = DataFolder.Open(box.Data, TimeProvider.System).Value!;
        new RecipeStore(folder.Recipes).Save(Some.Recipe with
        {
            Name = "tiny",
            Model = new ModelReference { Name = "tiny", Version = 1 },
            Pictures = new PictureRules { PassEvery = 1 },
            Rules = new TripRules { Deadline = TimeSpan.FromSeconds(5) },
        }).Failure.ShouldBeNull();
        return box;
    }

    /// <summary>What somebody sees on the picture: bright ones are bad.</summary>
    private PartLabel LabelOf(OpenSample part)
    {
        using var picture = Cv2.ImRead(Path.Combine(_box.Data, "pictures", part.PicturePath));
        return picture.Mean().Val0 > 150 ? PartLabel.Bad : PartLabel.Good;
    }

    private async Task<string> PictureAsync(StationInside station, InspectionNumber part)
        => Path.Combine(_box.Data, "pictures", (await station.Parts.Overrides.FindAsync(part.Sequence)).Value!.Single(p => p.Number == part).PicturePath!);

    private List<JsonElement> Audits(string action)
        => [.. new LedgerArchive(DataFolder.LedgerOf(_box.Data)).Query(new() { Kind = EntryKind.Audit, Max = 1000 }).Rows.Reverse()
            .Select(r => JsonElement.Parse(r.Body.Span)).Where(a => a.GetProperty("action").GetString() == action)];
}
