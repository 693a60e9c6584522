using System.Text.Json.Nodes;
using Inspection.Testing;

namespace Inspection.Faults;

/// <summary>The plant's side: its broker, Debian's mosquitto, and a subscriber that loses nothing.</summary>
internal sealed class Plant : IDisposable
{
    private readonly Child _broker;
    private readonly Child _subscriber;

    /// <summary>Starts both.</summary>
    /// <param name="folder">Takes the broker's settings.</param>
    public Plant(string folder)
    {
        Port = Loopback.FreePort();
        var settings = Path.Combine(folder, "mosquitto.conf");
        File.WriteAllText(settings, $"listener {Port} 127.0.0.1\n{(Environment.IsPrivilegedProcess ? "user root\n" : "")}allow_anonymous true\nmax_queued_messages 0\n");
        _broker = new Child("/usr/sbin/mosquitto", ["-c", settings]);
        if (!Wait.For(() => Loopback.Accepts(Port), TimeSpan.FromSeconds(30))) throw new InvalidOperationException($"mosquitto did not start:\n{_broker.Errors}");
        _subscriber = new Child("/usr/bin/mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{Port}", "-i", "mes", "-c", "-q", "1", "-k", "60", "-t", "inspection/#", "-F", "%t %p"]);
    }

    public int Port { get; }

    /// <summary>The broker's process.</summary>
    public int Broker => _broker.Process.Id;

    /// <summary>All bodies of one kind so far, oldest first.</summary>
    public IReadOnlyList<JsonNode> Messages(string kind)
        => [.. _subscriber.Lines.Select(line => line.Split(' ', 2)).Where(parts => parts[0].EndsWith("/" + kind, StringComparison.Ordinal)).Select(parts => JsonNode.Parse(parts[1])!)];

    /// <summary>Sequences of the verdicts, each once.</summary>
    public IReadOnlyList<long> Sequences() => [.. Messages("verdict").Select(body => body["sequence"]!.GetValue<long>()).Distinct().Order()];

    public void Dispose()
    {
        _subscriber.Dispose();
        _broker.Dispose();
    }
}
