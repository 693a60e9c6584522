using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Inspection.Mqtt.Embedded;

/// <summary>One connected client: its subscriptions in this connection, and what it has not acknowledged. Guarded by the broker's lock.</summary>
internal sealed class Client(string id, bool persistent, TimeSpan expiry, int receiveMaximum)
{
    /// <summary>A client that is not fed from a cursor has at most so many messages on their way; more are skipped and counted.</summary>
    public const int MaxLive = 200;

    private readonly Dictionary<string, MqttQualityOfServiceLevel> _filters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _qosByTopic = new(StringComparer.Ordinal);

    private int _untaken;

    public string Id { get; } = id;

    /// <summary>True when it asked for a session that outlives its connection.</summary>
    public bool Persistent { get; } = persistent;

    /// <summary>How long it wants to be remembered.</summary>
    public TimeSpan Expiry { get; set; } = expiry;

    /// <summary>How many messages it takes without having acknowledged them.</summary>
    public int ReceiveMaximum { get; } = receiveMaximum;

    /// <summary>Its session in the server; null before its first SUBSCRIBE.</summary>
    public MqttSessionStatus? Session { get; set; }

    public bool Connected { get; set; } = true;

    /// <summary>Its own feed from its SUBSCRIBE on; null for any other subscriber.</summary>
    public Feed? Feed { get; set; }

    /// <summary>What it owes an acknowledgement for, by packet identifier; below 0 what its closing session did not take.</summary>
    public Dictionary<int, InFlight> Unacknowledged { get; } = [];

    /// <summary>How often in a row the server did not list it.</summary>
    public int Absences { get; set; }

    /// <summary>A number below 0 for a message that its closing session did not take.</summary>
    public int NextUntaken() => --_untaken;

    public int Subscriptions => _filters.Count;

    public void Subscribe(string filter, MqttQualityOfServiceLevel qos)
    {
        _filters[filter] = qos;
        _qosByTopic.Clear();
    }

    public void Unsubscribe(string filter)
    {
        _filters.Remove(filter);
        _qosByTopic.Clear();
    }

    /// <summary>The highest quality of service that it asked for on a topic; −1 where it has not subscribed to it.</summary>
    public int QosFor(string topic)
    {
        if (_qosByTopic.TryGetValue(topic, out var known)) return known;
        var qos = -1;
        foreach (var (filter, level) in _filters)
        {
            if ((int)level > qos && Topics.Covers(filter, topic)) qos = (int)level;
        }
        return _qosByTopic[topic] = qos;
    }
}
