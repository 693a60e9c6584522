using System.CommandLine;
using Inspection.Core;
using Inspection.Vision;

namespace Inspection.Station.CommandLine;

/// <summary><c>evaluate</c>: how well a model tells good parts from defective ones.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Model = CommonOptions.Path("--model", "DIR", "The folder with model.onnx and model.json.");

    private static readonly Option<string> Data = CommonOptions.Path("--data", "PATH", "A manifest.csv (rows of split test), a folder that holds one, or a folder that holds good/ and other class folders, or simulated:GOOD:DEFECTIVE[:SEED[:TURN]].");

    private static readonly Option<string?> Json = CommonOptions.JsonFile();

    private static readonly Option<string?> Scores = new("--scores") { Description = "Writes path, label, score and verdict of each photo.", HelpName = "FILE.csv" };

    private static readonly Option<string?> Report = CommonOptions.Report();

    private static readonly Option<float?> UnsureAbove = CommonOptions.Number<float>(
        "--unsure-above", "SCORE", "Tries the recipe's model.unsureAbove: a score above this and not above the threshold is Indeterminate, unsure.", "a score below the model's threshold, such as 12.5, with a point");

    private static readonly Option<string?> Costs = new("--costs")
    {
        Description = "Finds the two limits that cost least on these parts: the cost of an escape, of a false reject and of a person's look, and the share of defective parts on the line, such as 200:3:0.5:0.01.",
        HelpName = "ESCAPE:FALSE_REJECT:LOOK:DEFECT_SHARE",
    };

    public static Command Create()
    {
        var command = new Command("evaluate", "Measures a model on photos whose label is known.") { Model, Data, UnsureAbove, Costs, Json, Scores, Report };
        command.SetAction(parsed => Cancellable.Run("nothing was written", cancel => Evaluate(
            parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Data), parsed.GetValue(UnsureAbove), parsed.GetValue(Costs), parsed.Has(Json), parsed.GetValue(Json), parsed.GetValue(Scores), parsed.GetValue(Report), cancel)));
        return command;
    }

    private static int Evaluate(string model, string data, float? unsureAbove, string? costs, bool json, string? file, string? scores, string? report, CancellationToken cancel)
    {
        // Told before minutes are spent on what cannot be kept.
        if (report is not null && ReportPage.Refuse(report) is { } refused) return Output.Fail(refused);
        PartCosts? told = null;
        if (costs is not null)
        {
            var parsed = PartCosts.Parse(costs);
            if (!parsed.Succeeded) return Output.Fail(parsed.Failure);
            told = parsed.Value;
        }
        var evaluator = new Evaluator(TimeProvider.System) { HeatMaps = report is null ? 0 : EvaluationPage.Pictures, UnsureAbove = unsureAbove, Costs = told };
        var evaluated = Figures.Evaluate(evaluator, model, data, cancel);
        if (!evaluated.Succeeded) return Output.Fail(evaluated.Failure);
        var evaluation = evaluated.Value;
        foreach (var photo in evaluation.Photos.Where(p => p.Reason is not null)) Output.Say($"{photo.Path}: {photo.Reason}");
        Output.Say($"""
            {evaluation.Model.Name}@{evaluation.Model.Version} on {evaluation.GoodParts} good and {evaluation.DefectParts} defective parts, {evaluation.Unscored} unscored
              AUROC               {Figures.Show(evaluation.Auroc)}{Range(evaluation.AurocInterval)}
              false reject rate   {Figures.Show(evaluation.FalseRejectRate)}{Range(evaluation.FalseRejectInterval)} at the model's own threshold {evaluation.Threshold}
              escape rate         {Figures.Show(evaluation.EscapeRate)}{Range(evaluation.EscapeInterval)} at the same; {Figures.Show(evaluation.EscapeRateAt["0.01"])} and {Figures.Show(evaluation.EscapeRateAt["0.05"])} where 1 % and 5 % of these good parts are rejected
              pixel AUROC, PRO    {Figures.Show(evaluation.PixelAuroc)}, {Figures.Show(evaluation.RegionOverlap)} over {evaluation.MarkedParts} parts with marked defects
              milliseconds        {Figures.Show(evaluation.MedianMilliseconds)} median, {Figures.Show(evaluation.P99Milliseconds)} p99
            """);
        if (evaluation.Auroc == 1) Output.Say("  All parts are told apart, so the interval of the AUROC has no width; that is no proof that later parts are.");
        if (evaluation.Bound is { } bound)
            Output.Say(FormattableString.Invariant($"  promised            at most {LabelStatement.RoundedUp(bound.MaxFalseRejectRate):0.##} % false rejects; {(evaluation.BreaksBound ? "more than that are rejected here, and chance hardly explains it: these parts are not like those that the model was taught on" : "what is seen here does not contradict it")}"));
        if (evaluation.UnsureAbove is { } limit) Output.Say($"  unsure              {evaluation.GoodUnsure} good and {evaluation.DefectUnsure} defective parts above {limit}: a person looks, so they are in neither rate");
        if (evaluation.Costs is { } best) Output.Say($"  least cost          {Figures.Show(best.PerPart)} a part with {(best.UnsureAbove < best.Threshold ? $"unsureAbove {best.UnsureAbove} and " : "")}threshold {best.Threshold}, {Figures.Show(best.PerPartNow)} as evaluated; chosen on these very parts, so it flatters");
        if (Figures.Write(json, file, evaluation.ToJson, scores is null ? [] : [(scores, evaluation.ToCsv())]) is { } unwritten) return Output.Fail(unwritten);
        return Figures.Report(report, () => EvaluationPage.Of(evaluation, data, TimeProvider.System.GetUtcNow()));
    }

    private static string Range(Interval? interval) => interval is { } range ? $" ({Figures.Show(range.Low)} to {Figures.Show(range.High)} with 95 % confidence)" : "";
}
