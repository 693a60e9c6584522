using System.Text.Json;
using Inspection.Testing;

namespace Inspection.Station.Tests.Commands;

/// <summary><c>teach</c> and <c>evaluate</c> as somebody types them.</summary>
public sealed class ModelCommandTests
{
    [Fact]
    public async Task A_model_is_taught_and_can_be_evaluated_and_run_at_once()
    {
        using var box = new StationBox();
        var model = Path.Combine(box.Root, "taught", "plate", "3");
        var (exit, said, output) = await StationProcess.RunAsync("teach", "--good", "simulated:6", "--out", model, "--input", "64x64", "--json");
        exit.ShouldBe(0, said);
        said.ShouldContain("plate@3 in");
        foreach (var file in (string[])["model.onnx", "model.json", "README.md", "teach.json"]) File.Exists(Path.Combine(model, file)).ShouldBeTrue(file);
        JsonElement.Parse(output).ValueKind.ShouldBe(JsonValueKind.Object);

        (exit, said, _) = await StationProcess.RunAsync("teach", "--extend", model, "--good", "simulated:6:8", "--by", "Mara");
        exit.ShouldBe(0, said);
        said.ShouldContain("plate@4 in");
        File.ReadAllText(Path.Combine(box.Root, "taught", "plate", "4", "README.md")).ShouldContain("| 4 | ");
        (exit, said, _) = await StationProcess.RunAsync("teach", "--good", "simulated:6", "--out", Path.Combine(box.Root, "taught", "region", "1"), "--input", "64x64", "--roi", "0,0,300,300", "--roi", "200,200,200,200");
        exit.ShouldBe(0, said);
        File.ReadAllText(Path.Combine(box.Root, "taught", "region", "1", "README.md")).ShouldContain("0,0,300,300; 200,200,200,200");
        (exit, said, _) = await StationProcess.RunAsync("teach", "--good", "simulated:6", "--out", Path.Combine(box.Root, "taught", "word", "1"), "--precision", "half");
        exit.ShouldBe(2);
        said.ShouldContain("--precision: found 'half'");
        said.ShouldContain("float32, int8 or auto");
        (exit, said, _) = await StationProcess.RunAsync("teach", "--good", "simulated:6:3:10", "--out", Path.Combine(box.Root, "taught", "upright", "1"), "--input", "64x64", "--align", "--align-turn", "25");
        exit.ShouldBe(0, said);
        File.Exists(Path.Combine(box.Root, "taught", "upright", "1", "template.png")).ShouldBeTrue();
        (exit, said, _) = await StationProcess.RunAsync("teach", "--good", "simulated:6", "--out", Path.Combine(box.Root, "taught", "mark", "1"), "--align", "600,400,300,300", "--align-turn", "190");
        exit.ShouldBe(2);
        said.ShouldContain("teach.alignTurn: found 190");
        (exit, said, _) = await StationProcess.RunAsync("teach", "--good", "simulated:6", "--out", Path.Combine(box.Root, "taught", "mark", "1"), "--align", "600,400,300,300");
        exit.ShouldBe(2);
        said.ShouldContain("does not lie within the reference photo (640 × 480)");
        (exit, said, _) = await StationProcess.RunAsync("teach", "--good", "simulated:6");
        exit.ShouldBe(2);
        said.ShouldContain("--out");

        Sort(box);
        (exit, said, output) = await StationProcess.RunAsync("evaluate", "--model", model, "--data", box.Photos, "--json");
        exit.ShouldBe(0, said);
        JsonElement.Parse(output).GetProperty("goodParts").GetInt32().ShouldBe(3, output);
    }

    [Fact]
    public async Task An_evaluation_goes_to_stdout_or_a_file_and_each_photos_score_to_another()
    {
        using var box = new StationBox(threshold: 0.7f);
        Sort(box);
        var (exit, said, output) = await StationProcess.RunAsync("evaluate", "--model", box.Model, "--data", box.Photos, "--json");
        exit.ShouldBe(0, said);
        said.ShouldContain("AUROC               1.0000");
        JsonElement.Parse(output).GetProperty("auroc").GetDouble().ShouldBe(1);

        var (json, scores) = (Path.Combine(box.Root, "figures.json"), Path.Combine(box.Root, "scores.csv"));
        (exit, said, output) = await StationProcess.RunAsync("evaluate", "--model", box.Model, "--data", box.Photos, "--json", json, "--scores", scores);
        exit.ShouldBe(0, said);
        output.ShouldBeEmpty();
        JsonElement.Parse(File.ReadAllText(json)).GetProperty("escapeRate").GetDouble().ShouldBe(0);
        var lines = File.ReadAllLines(scores);
        lines.Length.ShouldBe(1 + 6, File.ReadAllText(scores));
        lines[0].ShouldStartWith("path,label");
        lines.Count(l => l.Contains("stain", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task An_evaluation_and_a_comparison_can_be_pages_for_people()
    {
        using var box = new StationBox(threshold: 0.7f);
        Sort(box);
        var page = Path.Combine(box.Root, "report.html");
        var (exit, said, _) = await StationProcess.RunAsync("evaluate", "--model", box.Model, "--data", box.Photos, "--report", page);
        exit.ShouldBe(0, said);
        said.ShouldContain($"Report: {page}");
        File.ReadAllText(page).ShouldContain("Of 3 good parts, 0 would be rejected (0 %). Of 3 defective parts, 0 would escape (0 %).");

        (exit, said, var output) = await StationProcess.RunAsync("compare", box.Model, box.Model, "--data", box.Photos, "--report", page, "--json");
        exit.ShouldBe(0, said);
        said.ShouldContain("6 parts scored by both");
        JsonElement.Parse(output).GetProperty("escapes").GetProperty("bothRight").GetInt32().ShouldBe(3, output);
        File.ReadAllText(page).ShouldContain("Both give every part the same verdict.");
    }

    [Fact]
    public async Task A_lower_limit_is_tried_with_one_model_or_two_and_found_from_costs()
    {
        using var box = new StationBox(threshold: 0.7f);
        Sort(box);
        var (exit, said, output) = await StationProcess.RunAsync("evaluate", "--model", box.Model, "--data", box.Photos, "--unsure-above", "0.1", "--costs", "200:3:0.5:0.01", "--json");
        exit.ShouldBe(0, said);
        said.ShouldContain("unsure              3 good and 0 defective parts above 0.1");
        JsonElement.Parse(output).GetProperty("goodUnsure").GetInt32().ShouldBe(3, output);
        // All are told apart, so least costs nothing; as evaluated a person looks at each good part.
        JsonElement.Parse(output).GetProperty("costs").GetProperty("perPart").GetDouble().ShouldBe(0, output);
        JsonElement.Parse(output).GetProperty("costs").GetProperty("perPartNow").GetDouble().ShouldBe(0.99 * 0.5, 1e-9, output);

        (exit, said, output) = await StationProcess.RunAsync("compare", box.Model, box.Model, "--data", box.Photos, "--unsure-above", "0.1", "0.69", "--json");
        exit.ShouldBe(0, said);
        JsonElement.Parse(output).GetProperty("first").GetProperty("goodUnsure").GetInt32().ShouldBe(3, output);
        JsonElement.Parse(output).GetProperty("second").GetProperty("unsureAbove").GetSingle().ShouldBe(0.69f, output);

        foreach (var wrong in (string[][])[["--costs", "1:2:3"], ["--unsure-above", "0.7"]])
        {
            (exit, said, output) = await StationProcess.RunAsync(["evaluate", "--model", box.Model, "--data", box.Photos, "--json", .. wrong]);
            exit.ShouldNotBe(0, said);
            output.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("evaluate", "--model", "/nowhere")]
    [InlineData("compare", "/nowhere", "/nowhere")]
    public async Task A_report_that_has_no_place_is_refused_before_anything_else(params string[] command)
    {
        using var box = new StationBox();
        var (exit, said, output) = await StationProcess.RunAsync([.. command, "--data", box.Photos, "--report", Path.Combine(box.Root, "no", "report.html"), "--json"]);
        exit.ShouldBe(1);
        said.ShouldContain("the folder is not there");
        output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Figures_that_cannot_be_written_end_it_badly()
    {
        using var box = new StationBox();
        Sort(box);
        var (exit, said, _) = await StationProcess.RunAsync("evaluate", "--model", box.Model, "--data", box.Photos, "--json", Path.Combine(box.Root, "no", "such", "folder.json"));
        exit.ShouldNotBe(0);
        said.ShouldContain("could not be written");
    }

    [Theory]
    [InlineData("teach", "--good", "/nowhere", "--out", "OUT/1")]
    [InlineData("teach", "--good", "simulated:2", "--out", "OUT/1")]
    [InlineData("teach", "--good", "simulated:6", "--out", "OUT/1", "--input", "65x64")]
    [InlineData("teach", "--good", "simulated:6", "--out", "OUT/1", "--max-false-rejects", "0.9")]
    [InlineData("evaluate", "--model", "/nowhere", "--data", "/nowhere")]
    public async Task What_cannot_work_is_told_with_an_empty_stdout_and_leaves_nothing(params string[] arguments)
    {
        using var box = new StationBox();
        var folder = Path.Combine(box.Root, "taught");
        var (exit, said, output) = await StationProcess.RunAsync([.. arguments.Select(a => a.Replace("OUT", folder, StringComparison.Ordinal)), "--json"]);
        exit.ShouldBeOneOf(1, 2);
        said.ShouldContain("inspection: ");
        output.ShouldBeEmpty();
        Directory.Exists(Path.Combine(folder, "1")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_teaching_that_is_interrupted_says_so_with_its_own_exit_code_and_leaves_nothing()
    {
        using var box = new StationBox();
        var folder = Path.Combine(box.Root, "taught");
        await using var teaching = StationProcess.Start(["teach", "--good", "simulated:400", "--out", Path.Combine(folder, "plate", "1"), "--json"]);
        await Eventually.Holds(() => teaching.Said.Contains("see 1 of ", StringComparison.Ordinal), TimeSpan.FromSeconds(90));
        (await teaching.EndAsync()).ShouldBe(3, teaching.Said);
        teaching.Said.ShouldContain("inspection: cancelled; no model was written.");
        (await teaching.OutputAsync()).ShouldBeEmpty();
        if (Directory.Exists(folder)) Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("evaluate", "--model")]
    [InlineData("compare", "models/demo-part/1")]
    public async Task An_evaluation_and_a_comparison_end_when_a_service_manager_stops_them(string command, string before)
    {
        using var box = new StationBox();
        var model = Path.Combine(StationBox.Repository, "models", "demo-part", "1");
        var report = Path.Combine(box.Root, "report.html");
        await using var measuring = StationProcess.Start([command, before.StartsWith('-') ? before : model, model, "--data", "simulated:5000:5000", "--report", report]);
        await Eventually.Holds(() => measuring.Said.Contains("score 1 of 10000", StringComparison.Ordinal), TimeSpan.FromSeconds(90));
        measuring.Signal(StationProcess.Terminate);
        (await measuring.ExitAsync()).ShouldBe(3, measuring.Said);
        measuring.Said.ShouldContain("inspection: cancelled; nothing was written.");
        File.Exists(report).ShouldBeFalse();
    }

    /// <summary>Three good photos and three bright ones, in folders named by their class.</summary>
    private static void Sort(StationBox box)
    {
        foreach (var (name, brightness) in (ReadOnlySpan<(string, int)>)[("good", 120), ("stain", 190)])
        {
            box.WritePhotos(3, brightness);
            Directory.CreateDirectory(Path.Combine(box.Photos, name));
            foreach (var photo in Directory.GetFiles(box.Photos)) File.Move(photo, Path.Combine(box.Photos, name, Path.GetFileName(photo)));
        }
    }
}
