using System.CommandLine;
using Inspection.Core;

namespace Inspection.Station.CommandLine;

/// <summary><c>evaluate</c>: how well a model tells good parts from defective ones.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Model = CommonOptions.Path("--model", "DIR", "The folder with model.onnx and model.json.");

    private static readonly Option<string> Data = CommonOptions.Path("--data", "PATH", "A manifest.csv (rows of split test), or a folder that holds good/ and other class folders.");

    private static readonly Option<string?> Json = CommonOptions.JsonFile();

    private static readonly Option<string?> Scores = new("--scores") { Description = "Writes path, label, score and verdict of each photo.", HelpName = "FILE.csv" };

    public static Command Create()
    {
        var command = new Command("evaluate", "Measures a model on photos whose label is known.") { Model, Data, Json, Scores };
        command.SetAction(parsed => Output.Fail(new Failure("not-built-in", "Evaluation is not built into this version.")));
        return command;
    }
}
