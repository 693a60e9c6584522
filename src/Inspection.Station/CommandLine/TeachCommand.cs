using System.CommandLine;
using Inspection.Core;

namespace Inspection.Station.CommandLine;

/// <summary><c>teach</c>: a model from photos of good parts.</summary>
internal static class TeachCommand
{
    private static readonly Option<string> Good = CommonOptions.Path("--good", "PATH", "Photos of good parts: a folder, or a manifest.csv whose rows train/good are used.");

    private static readonly Option<string> Out = CommonOptions.Path("--out", "DIR", "Receives one model version: model.onnx, model.json, README.md, teach.json.");

    private static readonly Option<string> Input = new("--input")
    {
        Description = "The model's input in pixels, width x height, each a multiple of 32.",
        HelpName = "WxH",
        DefaultValueFactory = _ => "256x256",
    };

    private static readonly Option<double> MaxFalseRejects = new("--max-false-rejects")
    {
        Description = "The share of good parts that may be rejected, 0.0001–0.5; the threshold follows from it.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0.01,
    };

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("teach", "Teaches a model from photos of good parts.") { Good, Out, Input, MaxFalseRejects, Json };
        command.SetAction(parsed => Output.Fail(new Failure("not-built-in", "Teaching is not built into this version.")));
        return command;
    }
}
