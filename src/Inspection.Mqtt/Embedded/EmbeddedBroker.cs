using Inspection.Core;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Inspection.Mqtt.Embedded;

/// <summary>
/// The station's own broker. Only the station publishes; the server carries what <see cref="Distribution"/> addresses
/// to each session. Sessions live as long as their connection: what outlives it are the cursors.
/// </summary>
internal sealed class EmbeddedBroker : IBroker
{
    private const string ClientKey = "client";
    private const int MaxSubscriptions = 100;
    private const int MaxFilterLength = 512;

    private readonly MqttOptions _options;
    private readonly MqttStation _station;
    private readonly Topics _topics;
    private readonly Commands _commands;
    private readonly GuardedListener _listener;
    private readonly Distribution _distribution;
    private readonly MqttServer _server;
    private Pump? _pump;
    private long _refusedPublishes;

    public EmbeddedBroker(MqttOptions options, MqttStation station)
    {
        (_options, _station) = (options, station);
        _topics = new Topics(options.Root);
        _commands = new Commands(station);
        _listener = new GuardedListener(options, station.Time) { TooLong = OnTooLong };
        _distribution = new Distribution(options, station, _topics);
        _server = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptions
            {
                EnablePersistentSessions = false,
                // The bounds are the distribution's; the server itself must never drop.
                MaxPendingMessagesPerClient = int.MaxValue,
                PendingMessagesOverflowStrategy = MqttPendingMessagesOverflowStrategy.DropNewMessage,
                DefaultCommunicationTimeout = TimeSpan.FromSeconds(5),
            },
            [_listener]);
        _server.ValidatingConnectionAsync += OnValidatingAsync;
        _server.ClientConnectedAsync += OnConnectedAsync;
        _server.ClientDisconnectedAsync += OnDisconnectedAsync;
        _server.InterceptingSubscriptionAsync += OnSubscribingAsync;
        _server.ClientSubscribedTopicAsync += OnSubscribedAsync;
        _server.ClientUnsubscribedTopicAsync += OnUnsubscribedAsync;
        _server.ClientAcknowledgedPublishPacketAsync += OnAcknowledgedAsync;
        _server.InterceptingPublishAsync += OnPublishAsync;
    }

    public int Port => _listener.Port;

    public BrokerState State => BrokerState.Embedded;

    public string Text
    {
        get
        {
            var clients = _distribution.Clients;
            var text = $"embedded, port {Port}, {clients} {(clients == 1 ? "client" : "clients")}";
            if (_distribution.Skipped is > 0 and var skipped) text += $", {skipped} live copies skipped";
            if (Interlocked.Read(ref _refusedPublishes) is > 0 and var publishes) text += $", {publishes} publishes refused";
            if (_listener.Refused is > 0 and var connections) text += $", {connections} connections refused";
            return text;
        }
    }

    public long LastAcknowledged => _distribution.LastAcknowledged;

    /// <summary>Listens.</summary>
    /// <returns>Null, or why it cannot.</returns>
    public async Task<Failure?> StartAsync()
    {
        if (_listener.Bind() is { } failure) return failure;
        _distribution.AddNamedConsumers();
        _pump = new Pump(_station, _topics, _distribution, (topic, body) => _server.UpdateRetainedMessageAsync(Messages.Make(topic, body, 0, true)));
        await _server.StartAsync().ConfigureAwait(false);
        return null;
    }

    public IReadOnlyList<Reader> Readers() => _distribution.Readers();

    public void Tick()
    {
        _commands.EnterCounted();
        if (_server.IsStarted) _distribution.Tick(_server.GetClientsAsync().GetAwaiter().GetResult().Select(c => c.Id).ToHashSet(StringComparer.Ordinal));
    }

    public void PublishStatus(ReadOnlyMemory<byte> body)
    {
        if (!_server.IsStarted) return;
        _server.UpdateRetainedMessageAsync(Messages.Make(_topics.Status, body, 0, true, StatusMessage.ExpirySeconds)).GetAwaiter().GetResult();
        _distribution.SendLive(_topics.Status, body, null, StatusMessage.ExpirySeconds);
    }

    public void Cut() => _listener.Cut();

    public async ValueTask DisposeAsync()
    {
        _commands.EnterCounted(all: true);
        if (_pump is not null) await _pump.DisposeAsync().ConfigureAwait(false);
        if (_server.IsStarted) await _server.StopAsync(new MqttServerStopOptions()).ConfigureAwait(false);
        _server.Dispose();
        _listener.Dispose();
    }

    private Task OnValidatingAsync(ValidatingConnectionEventArgs e)
    {
        var connection = (Connection)e.ChannelAdapter;
        var id = e.ClientId;
        if (string.IsNullOrEmpty(id) && e.ProtocolVersion == MqttProtocolVersion.V500) e.AssignedClientIdentifier = id = Connection.NewId(_station.Time);
        if (string.IsNullOrEmpty(id) || !MqttOptions.IsClientId(id))
        {
            e.ReasonCode = MqttConnectReasonCode.ClientIdentifierNotValid;
            return Task.CompletedTask;
        }
        e.SessionItems[ClientKey] = new Client(id, connection.Persistent, connection.Expiry, connection.ReceiveMaximum);
        return Task.CompletedTask;
    }

    private Task OnConnectedAsync(ClientConnectedEventArgs e)
    {
        if (e.SessionItems[ClientKey] is Client client) _distribution.Joined(client);
        return Task.CompletedTask;
    }

    private Task OnDisconnectedAsync(ClientDisconnectedEventArgs e)
    {
        if (e.SessionItems[ClientKey] is not Client client) return Task.CompletedTask;
        // MQTT 5.0 section 3.14.2.2.2: DISCONNECT may set another expiry. Absent and 0 look alike here, so 0 changes nothing.
        TimeSpan? expiry = e.SessionExpiryInterval switch { 0 => null, uint.MaxValue => TimeSpan.MaxValue, var s => TimeSpan.FromSeconds(s) };
        _distribution.Left(client, client.Persistent ? expiry : null);
        return Task.CompletedTask;
    }

    private Task OnSubscribingAsync(InterceptingSubscriptionEventArgs e)
    {
        if (e.SessionItems[ClientKey] is not Client client) return Task.CompletedTask;
        client.Session = e.Session;
        if (!IsFilter(e.TopicFilter.Topic))
            e.Response.ReasonCode = MqttSubscribeReasonCode.TopicFilterInvalid;
        else if (client.Subscriptions >= MaxSubscriptions || !_distribution.MaySubscribe(client, e.TopicFilter.Topic, (int)e.TopicFilter.QualityOfServiceLevel))
            e.Response.ReasonCode = MqttSubscribeReasonCode.QuotaExceeded;
        return Task.CompletedTask;
    }

    private Task OnSubscribedAsync(ClientSubscribedTopicEventArgs e)
    {
        if (e.SessionItems[ClientKey] is Client client) _distribution.Subscribed(client, e.TopicFilter.Topic, e.TopicFilter.QualityOfServiceLevel);
        return Task.CompletedTask;
    }

    private Task OnUnsubscribedAsync(ClientUnsubscribedTopicEventArgs e)
    {
        if (e.SessionItems[ClientKey] is Client client) _distribution.Unsubscribed(client, e.TopicFilter);
        return Task.CompletedTask;
    }

    private Task OnAcknowledgedAsync(ClientAcknowledgedPublishPacketEventArgs e)
    {
        if (e.SessionItems[ClientKey] is not Client client) return Task.CompletedTask;
        var accepted = e.AcknowledgePacket is not MqttPubAckPacket ack || (int)ack.ReasonCode < 0x80;
        _distribution.Acknowledged(client, e.AcknowledgePacket.PacketIdentifier, accepted);
        return Task.CompletedTask;
    }

    /// <summary>Nothing that a client publishes reaches anybody or is retained; a request is obeyed, all else is refused.</summary>
    private Task OnPublishAsync(InterceptingPublishEventArgs e)
    {
        e.ProcessPublish = false;
        if (e.ApplicationMessage.Topic == _topics.RequestTrip)
            _commands.RequestTrip(e.ClientId, e.ApplicationMessage.Payload);
        else
        {
            e.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
            e.Response.ReasonString = $"Only the station publishes here; a client may publish {_topics.RequestTrip}.";
            Interlocked.Increment(ref _refusedPublishes);
        }
        return Task.CompletedTask;
    }

    /// <summary>Whoever wants the line stopped has said so in the topic; nothing else of the message is needed.</summary>
    private void OnTooLong(string client, string topic)
    {
        if (topic == _topics.RequestTrip) _commands.RequestTripUnread(client);
    }

    private static bool IsFilter(string filter)
    {
        if (filter.Length > MaxFilterLength || filter.Contains('\0', StringComparison.Ordinal)) return false;
        var levels = filter.Split('/');
        return levels.Index().All(l => l.Item is "+" or "#" ? l.Item == "+" || l.Index == levels.Length - 1 : l.Item.IndexOfAny(['+', '#']) < 0);
    }
}
