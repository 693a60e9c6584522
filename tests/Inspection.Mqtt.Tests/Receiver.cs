using System.Buffers;
using System.Text.Json;
using Inspection.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Inspection.Mqtt.Tests;

/// <summary>A plant's client: notes all that it gets, and acknowledges at once unless told otherwise.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Received> _received = [];
    private readonly List<MqttApplicationMessageReceivedEventArgs> _held = [];
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public Receiver()
    {
        _client.ApplicationMessageReceivedAsync += e =>
        {
            e.AutoAcknowledge = false;
            lock (_gate)
            {
                _received.Add(new Received(e.ApplicationMessage.Topic, e.ApplicationMessage.Payload.ToArray(), e.ApplicationMessage));
                if (Holds)
                {
                    _held.Add(e);
                    return Task.CompletedTask;
                }
            }
            if (Refuses) e.ReasonCode = MqttApplicationMessageReceivedReasonCode.ImplementationSpecificError;
            return e.AcknowledgeAsync(CancellationToken.None);
        };
    }

    public sealed record Received(string Topic, byte[] Body, MqttApplicationMessage Message)
    {
        public JsonElement Json => JsonElement.Parse(Body);

        public long Position => Json.GetProperty("position").GetInt64();
    }

    /// <summary>While true nothing is acknowledged.</summary>
    public bool Holds { get; set; }

    /// <summary>While true everything is answered with an error.</summary>
    public bool Refuses { get; set; }

    public bool IsConnected => _client.IsConnected;

    public IMqttClient Client => _client;

    public IReadOnlyList<Received> All
    {
        get
        {
            lock (_gate) return [.. _received];
        }
    }

    public IReadOnlyList<Received> Of(string kind) => [.. All.Where(r => r.Topic.EndsWith("/" + kind, StringComparison.Ordinal))];

    public IReadOnlyList<long> Positions => [.. Of("verdict").Select(r => r.Position)];

    public static async Task<Receiver> ConnectAsync(
        Bench bench, string id, uint expiry = 0, bool old = false, string? subscribe = "verdict", int qos = 1, bool holds = false, ushort receiveMaximum = 0)
    {
        var receiver = new Receiver { Holds = holds };
        var answer = await receiver._client.ConnectAsync(
            new MqttClientOptions
            {
                ChannelOptions = new MqttClientTcpOptions { RemoteEndpoint = new System.Net.DnsEndPoint("127.0.0.1", bench.Port) },
                ClientId = id,
                ProtocolVersion = old ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500,
                CleanSession = old && expiry == 0,
                SessionExpiryInterval = old ? 0 : expiry,
                ReceiveMaximum = receiveMaximum,
            },
            TestContext.Current.CancellationToken);
        answer.ResultCode.ShouldBe(MqttClientConnectResultCode.Success);
        if (subscribe is not null) await receiver.SubscribeAsync($"{bench.Root}/{subscribe}", qos);
        return receiver;
    }

    public async Task<MqttClientSubscribeResultCode> SubscribeAsync(string filter, int qos = 1)
    {
        var answer = await _client.SubscribeAsync(
            new MqttClientSubscribeOptions { TopicFilters = [new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos }] },
            TestContext.Current.CancellationToken);
        return answer.Items.Single().ResultCode;
    }

    public Task<MqttClientPublishResult> PublishAsync(string topic, string body, bool retain = false, int qos = 1)
        => _client.PublishAsync(
            new MqttApplicationMessage
            {
                Topic = topic,
                Payload = new ReadOnlySequence<byte>(System.Text.Encoding.UTF8.GetBytes(body)),
                QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
                Retain = retain,
            },
            TestContext.Current.CancellationToken);

    public Task Gets(int verdicts, TimeSpan? within = null) => Eventually.Holds(() => Of("verdict").Count >= verdicts, within, $"{verdicts} verdicts");

    /// <summary>Acknowledges one of the messages that are held, oldest first from 0.</summary>
    public Task AcknowledgeAsync(int index)
    {
        MqttApplicationMessageReceivedEventArgs held;
        lock (_gate) held = _held[index];
        return held.AcknowledgeAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_client.IsConnected) await _client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        }
        catch (MQTTnet.Exceptions.MqttCommunicationException)
        {
            // The broker was gone first.
            return;
        }
        finally
        {
            _client.Dispose();
        }
    }
}
