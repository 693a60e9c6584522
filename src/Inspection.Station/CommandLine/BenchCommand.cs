using System.CommandLine;
using Inspection.Core;

namespace Inspection.Station.CommandLine;

/// <summary><c>bench</c>: what the station adds to the bare model.</summary>
internal static class BenchCommand
{
    private static readonly Option<string> Model = CommonOptions.Path("--model", "DIR", "The folder with model.onnx and model.json.");

    private static readonly Option<string> Images = CommonOptions.Path("--images", "DIR", "Photos that are decoded into memory and shown again and again.");

    private static readonly Option<string?> Json = CommonOptions.JsonFile();

    public static Command Create()
    {
        var command = new Command("bench", "Measures what the station adds to the bare model: time, throughput, memory.") { Model, Images, Json };
        command.SetAction(parsed => Output.Fail(new Failure("not-built-in", "Measuring is not built into this version.")));
        return command;
    }
}
