using System.CommandLine;
using Inspection.Vision;

namespace Inspection.Station.CommandLine;

/// <summary><c>compare</c>: whether one model is better than another on the same photos.</summary>
internal static class CompareCommand
{
    private static readonly Argument<string> First = new("first") { HelpName = "MODEL", Description = "The folder of the first model version." };

    private static readonly Argument<string> Second = new("second") { HelpName = "MODEL", Description = "The folder of the second." };

    private static readonly Option<string> Data = CommonOptions.Path("--data", "PATH", "What evaluate takes: a manifest.csv, a folder with good/ and other class folders, or simulated:GOOD:DEFECTIVE[:SEED[:TURN]].");

    private static readonly Option<float[]?> UnsureAbove = new("--unsure-above")
    {
        Description = "Tries a recipe's model.unsureAbove with each model: the first's, then the second's.",
        HelpName = "FIRST SECOND",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => CommonOptions.Numbers<float>(result, "--unsure-above", "two scores, each below its model's threshold, such as 12.5 11, with a point"),
    };

    private static readonly Option<string?> Json = CommonOptions.JsonFile();

    private static readonly Option<string?> Report = CommonOptions.Report();

    public static Command Create()
    {
        var command = new Command("compare", "Compares two models on the same photos, with paired tests.") { First, Second, Data, UnsureAbove, Json, Report };
        command.SetAction(parsed => Cancellable.Run("nothing was written", cancel => Compare(
            parsed.GetRequiredValue(First), parsed.GetRequiredValue(Second), parsed.GetRequiredValue(Data), parsed.GetValue(UnsureAbove),
            parsed.Has(Json), parsed.GetValue(Json), parsed.GetValue(Report), cancel)));
        return command;
    }

    private static int Compare(string first, string second, string data, float[]? unsureAbove, bool json, string? file, string? report, CancellationToken cancel)
    {
        if (report is not null && ReportPage.Refuse(report) is { } refused) return Output.Fail(refused);
        Evaluator With(int model) => new(TimeProvider.System) { UnsureAbove = unsureAbove is { Length: 2 } ? unsureAbove[model] : null };
        var one = Figures.Evaluate(With(0), first, data, cancel);
        if (!one.Succeeded) return Output.Fail(one.Failure);
        var other = Figures.Evaluate(With(1), second, data, cancel);
        if (!other.Succeeded) return Output.Fail(other.Failure);
        var comparison = Comparison.Of(one.Value, other.Value);
        Say(comparison);
        if (Figures.Write(json, file, comparison.ToJson) is { } unwritten) return Output.Fail(unwritten);
        return Figures.Report(report, () => ComparisonPage.Of(comparison, data, TimeProvider.System.GetUtcNow()));
    }

    private static void Say(Comparison comparison)
    {
        static string Verdicts(VerdictDifference v) => $"only the first right {v.OnlyFirstRight}, only the second {v.OnlySecondRight}, both {v.BothRight} of {v.Parts}; McNemar's exact p {Figures.Chance(v.P)}";
        var (first, second) = (comparison.First, comparison.Second);
        Output.Say($"""
            {comparison.Pairs.Count} parts scored by both: {first.Model.Name}@{first.Model.Version} (first) and {second.Model.Name}@{second.Model.Version} (second)
              AUROC           {Figures.Show(first.Auroc)} and {Figures.Show(second.Auroc)}; DeLong's p {Figures.Chance(comparison.Auroc?.P)}
              good parts      {Verdicts(comparison.FalseRejects)}
              defective parts {Verdicts(comparison.Escapes)}
            """);
    }
}
