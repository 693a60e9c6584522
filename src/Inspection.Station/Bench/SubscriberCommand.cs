using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Inspection.Station.CommandLine;
using MQTTnet;
using MQTTnet.Protocol;

namespace Inspection.Station.Bench;

/// <summary>The hidden command by which <c>bench</c> runs its subscriber in a process of its own.</summary>
internal static class SubscriberCommand
{
    /// <summary>What the process says when it is subscribed.</summary>
    public const string Ready = "ready";

    private const string Name = "bench-subscriber";

    private static readonly Argument<int> Port = new("PORT");

    private static readonly Argument<string> Topic = new("TOPIC");

    public static Command Create()
    {
        var command = new Command(Name, "Subscribes at QoS 1 until stdin ends; used by bench.") { Port, Topic };
        command.Hidden = true;
        command.SetAction(parsed => RunAsync(parsed.GetRequiredValue(Port), parsed.GetRequiredValue(Topic)));
        return command;
    }

    /// <summary>Starts the process.</summary>
    public static Process Start(int port, string topic)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "inspection");
        var arguments = new List<string> { Name, port.ToString(CultureInfo.InvariantCulture), topic };
        if (!File.Exists(program)) (program, arguments) = (Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "inspection.dll"), .. arguments]);
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    private static async Task<int> RunAsync(int port, string topic)
    {
        var factory = new MqttClientFactory();
        using var client = factory.CreateMqttClient();
        long received = 0;
        client.ApplicationMessageReceivedAsync += _ =>
        {
            Interlocked.Increment(ref received);
            return Task.CompletedTask;
        };
        await client.ConnectAsync(factory.CreateClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port).WithClientId(Name).WithCleanStart(true).WithSessionExpiryInterval(600).Build());
        await client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce);
        Console.Out.WriteLine(Ready);
        // The bench lets go of stdin when it has seen everything acknowledged.
        await Console.In.ReadToEndAsync();
        Console.Out.WriteLine(Interlocked.Read(ref received));
        await client.DisconnectAsync();
        return ExitCodes.Done;
    }
}
