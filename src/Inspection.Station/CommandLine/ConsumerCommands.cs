using System.CommandLine;
using Inspection.Core;

namespace Inspection.Station.CommandLine;

/// <summary><c>consumers list</c> and <c>consumers remove</c>.</summary>
internal static class ConsumerCommands
{
    private static readonly Argument<string> Client = new("CLIENT") { Description = "The client's MQTT id." };

    private static readonly Option<string?> Data = CommonOptions.Data();

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var list = new Command("list", "Lists the receivers that verdicts are kept for, and what waits for each.") { Data, Json };
        list.SetAction(parsed => Output.Fail(new Failure("not-built-in", "Consumers are not built into this version.")));
        var remove = new Command("remove", "Forgets a receiver: nothing is kept for it any more. The station must not be running.") { Client, Data, Json };
        remove.SetAction(parsed => Output.Fail(new Failure("not-built-in", "Consumers are not built into this version.")));
        return new Command("consumers", "Receivers of verdicts.") { list, remove };
    }
}
