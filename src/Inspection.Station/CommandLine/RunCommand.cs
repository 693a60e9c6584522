using System.CommandLine;

namespace Inspection.Station.CommandLine;

/// <summary><c>run</c>: the station itself.</summary>
internal static class RunCommand
{
    private static readonly Option<string?> Source = new("--source")
    {
        Description = "Where frames come from: simulated, folder:PATH (photos, or a manifest.csv) or video:PATH.",
        HelpName = "SOURCE",
    };

    private static readonly Option<string?> Recipe = new("--recipe")
    {
        Description = "The recipe that judges; without @REVISION its newest.",
        HelpName = "NAME[@REVISION]",
    };

    private static readonly Option<string?> Model = new("--model")
    {
        Description = "A folder with model.onnx and model.json; a recipe revision is made from it.",
        HelpName = "DIR",
    };

    private static readonly Option<bool> Once = new("--once")
    {
        Description = "Plays a folder or a video once, as fast as the line takes it, and ends when all is stored and delivered.",
    };

    private static readonly Option<bool> AllowSimulated = new("--allow-simulated")
    {
        Description = "Lets a simulated source work with a real chip, or with a broker that is not the station's own.",
    };

    private static readonly Option<int?> HttpPort = CommonOptions.Number<int>("--http-port", "N", "The page's port instead of the configured one.", "1–65535");

    private static readonly Option<int?> MqttPort = CommonOptions.Number<int>("--mqtt-port", "N", "The broker's port instead of the configured one.", "1–65535");

    private static readonly Option<string?> Data = CommonOptions.Data();

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("run", "Runs the station until Ctrl-C. It starts Stopped: a person starts the line, on the page.")
        {
            Source, Recipe, Model, Once, AllowSimulated, HttpPort, MqttPort, Data, Json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Recipe) is not null && result.GetResult(Model) is not null)
                result.AddError("--recipe and --model exclude each other: a model makes its own recipe revision.");
        });
        command.SetAction(parsed => Hosting.Run.StationAsync(new Hosting.RunRequest(
            parsed.GetValue(Source), parsed.GetValue(Recipe), parsed.GetValue(Model), parsed.GetValue(Once), parsed.GetValue(AllowSimulated),
            parsed.GetValue(HttpPort), parsed.GetValue(MqttPort), Home.Data(parsed.GetValue(Data)), parsed.GetValue(Json))));
        return command;
    }
}
