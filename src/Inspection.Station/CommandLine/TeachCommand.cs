using System.CommandLine;
using Inspection.Core;
using Inspection.Store;
using Inspection.Vision;

namespace Inspection.Station.CommandLine;

/// <summary><c>teach</c>: a model from photos of good parts.</summary>
internal static class TeachCommand
{
    private static readonly Option<string> Good = CommonOptions.Path("--good", "PATH", "Photos of good parts: a folder, a manifest.csv whose rows train/good are used, or simulated:COUNT[:SEED[:TURN]].");

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Receives one model version: model.onnx, model.json, README.md, teach.json. DIR ends in NAME/VERSION. Default with --extend: the next version beside it.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> Extend = new("--extend")
    {
        Description = "A version that this program taught: the good parts are added to what it remembers, without its old photos, as a new version.",
        HelpName = "MODEL",
    };

    private static readonly Option<string?> By = new("--by") { Description = "Who teaches, 1–64 characters, for the version's history.", HelpName = "NAME" };

    private static readonly Option<string?> Input = new("--input")
    {
        Description = "The model's input in pixels, width x height, multiples of 32. Default: the photos' shape, about 65,000 pixels.",
        HelpName = "WxH",
    };

    private static readonly Option<double?> SmallestDefect = CommonOptions.Number<double>(
        "--smallest-defect", "PIXELS", "Length of the smallest defect that must be seen, in pixels of the photos: the input is made as much larger as it takes. Default: nobody has said.", "1–1000 pixels, such as 12.5, with a point");

    private static readonly Option<string?> Precision = new("--precision")
    {
        Description = "float32; int8, which halves the time of a part on processors with VNNI and remembers fewer patches; or auto: both are taught and measured here, and the faster is taken where they agree. Default: float32, with --extend that of the version.",
        HelpName = "float32|int8|auto",
    };

    private static readonly Option<double?> MaxFalseRejects = CommonOptions.Number<double>(
        "--max-false-rejects", "SHARE", "The share of good parts that may be rejected, 0.0001–0.5; the threshold follows from it. Default: 0.01.", "0.0001–0.5, such as 0.01 for 1 %, with a point");

    private static readonly Option<double?> MillimetresPerPixel = CommonOptions.Number<double>(
        "--mm-per-pixel", "MM", "Millimetres on the part for one pixel of the photos, so that sizes of defects are told in mm, too.", "above 0, below 1000 mm, such as 0.05, with a point");

    private static readonly Option<string[]> LeaveOut = new("--leave-out")
    {
        Description = "A photo that is not used, because it shows a bad part; may be given again. Teaching names those that look unlike the others.",
        HelpName = "PHOTO",
    };

    private static readonly Option<string[]> Roi = new("--roi")
    {
        Description = "Where the model looks: X,Y,WIDTH,HEIGHT or a polygon X1,Y1,X2,Y2,X3,Y3,… in pixels of the photos, or a mask, a picture that is white there; may be given again. Default: everywhere.",
        HelpName = "REGION",
    };

    private static readonly Option<string?> Align = new("--align")
    {
        Description = "Parts lie turned or shifted: each is found by a mark and turned upright before the model sees it. The mark is a piece of the first good photo: what stands out there, or X,Y,WIDTH,HEIGHT in its pixels. A part that is not found, or whose mark and region (--roi) are not wholly in the picture, is Indeterminate.",
        HelpName = "MARK",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<double?> AlignTurn = CommonOptions.Number<double>(
        "--align-turn", "DEGREES", "With --align: parts may be turned so far to either side, 0–180. Default: 20.", "0–180 degrees, such as 22.5, with a point");

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A station's data folder, whose known defects of a model of this name must be rejected, too. Default: var at the root of the sources.",
        HelpName = "DIR",
    };

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("teach", "Teaches a model from photos of good parts.") { Good, Out, Extend, By, Input, SmallestDefect, Precision, MaxFalseRejects, MillimetresPerPixel, LeaveOut, Roi, Align, AlignTurn, Data, Json };
        command.SetAction(parsed => Cancellable.Run("no model was written", cancel => Teach(parsed, cancel)));
        return command;
    }

    private static int Teach(ParseResult parsed, CancellationToken cancel)
    {
        InputSize? size = null;
        if (parsed.GetValue(Input) is { } input)
        {
            var given = InputSize.Parse(input);
            if (!given.Succeeded) return Output.Fail(given.Failure);
            size = given.Value;
        }
        TeachPrecision? precision = null;
        if (parsed.GetValue(Precision) is { } word)
        {
            precision = word switch { "float32" => TeachPrecision.Full, "int8" => TeachPrecision.Quantised, "auto" => TeachPrecision.Auto, _ => null };
            if (precision is null) return Output.Fail([new SettingError("--precision", $"found '{word}'", "float32, int8 or auto")], "the command line");
        }
        var extend = parsed.GetValue(Extend);
        var folder = parsed.GetValue(Out) ?? (extend is null ? null : TeachRequest.FolderAfter(extend));
        if (folder is null)
            return Output.Fail([new SettingError("--out", "missing", "a folder that does not exist yet and ends in NAME/VERSION")], "the command line");
        var request = new TeachRequest
        {
            Good = parsed.GetRequiredValue(Good),
            Out = folder,
            Extend = extend,
            Models = DataFolder.ModelsOf(Home.Data(parsed.GetValue(Data))),
            By = parsed.GetValue(By),
            Backbone = Home.Backbone,
            Input = size,
            SmallestDefect = parsed.GetValue(SmallestDefect),
            Precision = precision,
            MaxFalseRejects = parsed.GetValue(MaxFalseRejects) ?? TeachRequest.UsualFalseRejects,
            MillimetresPerPixel = parsed.GetValue(MillimetresPerPixel),
            LeaveOut = parsed.GetValue(LeaveOut) ?? [],
            Regions = parsed.GetValue(Roi) ?? [],
            Align = parsed.GetResult(Align) is not null,
            AlignMark = parsed.GetValue(Align),
            AlignTurn = parsed.GetValue(AlignTurn),
        };
        var errors = request.Errors().ToList();
        if (errors.Count > 0) return Output.Fail(errors, "the command line");
        Outcome<TaughtModel> taught;
        using (var line = ProgressLine.ToPerson()) taught = new Teacher(TimeProvider.System).Teach(request, new Steps(line), cancel);
        if (!taught.Succeeded) return Output.Fail(taught.Failure);
        foreach (var warning in taught.Value.Warnings) Output.Say("Warning: " + warning);
        var card = taught.Value.Card;
        Output.Say($"{card.Name}@{card.Version} in {taught.Value.Folder}: {taught.Value.Photos} parts remembered in {taught.Value.Patches} patches, threshold {card.Threshold}, {taught.Value.Took.TotalSeconds:F0} s.");
        if (taught.Value.PrecisionChoice is { } choice) Output.Say($"Precision: {choice.Words}");
        if (taught.Value.KnownDefects > 0) Output.Say($"None of the {taught.Value.KnownDefects} known defects would pass.");
        if (card.Bound is { } bound) Output.Say(bound.Statement);
        if (taught.Value.Unsure.Count > 0) Output.Say("Scores for the recipe's model.unsureAbove, above which a person looks at what is not rejected:");
        foreach (var limit in taught.Value.Unsure) Output.Say("  " + limit.Words);
        Output.Say("Painted defects that it would have caught (an estimate, not a promise of real ones; pictures in defects/):");
        foreach (var line in taught.Value.EstimateLines()) Output.Say("  " + line);
        if (parsed.GetValue(Json)) Console.Out.WriteLine(taught.Value.ToJson());
        return ExitCodes.Done;
    }

    private sealed class Steps(ProgressLine line) : IProgress<TeachProgress>
    {
        public void Report(TeachProgress value) => line.Tell(Codes.Of(value.Step), value.Done, value.Total);
    }
}
