using System.CommandLine;

namespace Inspection.Station.Bench;

/// <summary>The hidden command by which <c>bench</c> runs its subscriber in a process of its own.</summary>
internal static class SubscriberCommand
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "bench-subscriber";

    private static readonly Argument<int> Port = new("PORT");

    private static readonly Argument<string> Topic = new("TOPIC");

    public static Command Create()
    {
        var command = new Command(Name, "Subscribes at QoS 1 until stdin ends; used by bench.") { Port, Topic };
        command.Hidden = true;
        command.SetAction(_ => CommandLine.ExitCodes.Failed);
        return command;
    }
}
