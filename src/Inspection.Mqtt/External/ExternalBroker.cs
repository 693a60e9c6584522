using System.Net;
using System.Text;
using Inspection.Core;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Inspection.Mqtt.External;

/// <summary>
/// The plant's broker, MQTT 5. One connection, made again with back-off; while it lasts an <see cref="ExternalCursor"/>
/// publishes from the shared cursor, one message after the other.
/// </summary>
internal sealed class ExternalBroker : IBroker
{
    private const string UnreachableAlarm = "broker-unreachable";

    /// <summary>A broker that answers nothing for so long is as good as gone.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The broker keeps a request to trip for so long while the station is away, longer than any back-off or restart. In
    /// seconds.
    /// </summary>
    private const uint SessionExpiry = 3600;

    private readonly MqttOptions _options;
    private readonly MqttStation _station;
    private readonly Topics _topics;
    private readonly Commands _commands;
    private readonly ExternalCursor _cursor;
    private readonly NamedConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private IMqttClient? _client;
    private ReadOnlyMemory<byte> _status;
    private Task _publishingStatus = Task.CompletedTask;
    private string _state = "not connected yet";

    public ExternalBroker(MqttOptions options, MqttStation station)
    {
        (_options, _station) = (options, station);
        _topics = new Topics(options.Root);
        _commands = new Commands(station);
        _cursor = new ExternalCursor(station, _topics);
        _connection = new NamedConnection(options);
        _running = Task.Run(RunAsync);
    }

    public int Port => _options.Port;

    public BrokerState State => Volatile.Read(ref _client) is null ? BrokerState.Unreachable : BrokerState.Connected;

    public string Text => $"external, {_options.Host} port {_options.Port}, {(Volatile.Read(ref _client) is null ? Volatile.Read(ref _state) : _cursor.Text)}";

    public long LastAcknowledged => _cursor.LastAcknowledged;

    public IReadOnlyList<Reader> Readers()
        => [new Reader(CursorTable.Shared, Volatile.Read(ref _client) is not null && _cursor.HasReader, _cursor.At, _cursor.LastAcknowledgedAt)];

    public void Tick() => _commands.EnterCounted();

    public void PublishStatus(ReadOnlyMemory<byte> body)
    {
        _status = body;
        if (Volatile.Read(ref _client) is { } client && _publishingStatus.IsCompleted) _publishingStatus = TryPublishStatusAsync(client, body);
    }

    public void Cut()
    {
        _stop.Cancel();
        _connection.Cut();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _commands.EnterCounted(all: true);
        await _running.ConfigureAwait(false);
        await _publishingStatus.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var backOff = TimeSpan.FromSeconds(1);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ServeAsync(() => backOff = TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever the broker or the network does, the station only waits and tries again.
                Fail(e);
            }
            try
            {
                await Task.Delay(backOff, _station.Time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
        }
    }

    private async Task ServeAsync(Action connected)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        client.ApplicationMessageReceivedAsync += OnMessageAsync;
        client.DisconnectedAsync += _ => CancelAsync(lost);
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            limit.CancelAfter(AnswerLimit);
            var answer = await client.ConnectAsync(ClientOptions(), limit.Token).ConfigureAwait(false);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
                throw new InvalidOperationException($"it refused the connection: {answer.ResultCode} {answer.ReasonString}".TrimEnd());
            await client.SubscribeAsync(CommandSubscription(), limit.Token).ConfigureAwait(false);
        }
        connected();
        _station.Alarms.Clear(UnreachableAlarm);
        Volatile.Write(ref _client, client);
        try
        {
            if (!_status.IsEmpty) await TryPublishStatusAsync(client, _status).ConfigureAwait(false);
            await _cursor.DeliverAsync(message => PublishAsync(client, message, lost.Token), lost.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            throw new InvalidOperationException("the connection was lost");
        }
        finally
        {
            Volatile.Write(ref _client, null);
            if (client.IsConnected) await SayGoodbyeAsync(client).ConfigureAwait(false);
        }
    }

    private static async Task CancelAsync(CancellationTokenSource lost)
    {
        try
        {
            await lost.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The connection's end was noticed elsewhere first.
            return;
        }
    }

    private static async Task<MqttClientPublishResult> PublishAsync(IMqttClient client, MqttApplicationMessage message, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(AnswerLimit);
        return await client.PublishAsync(message, limit.Token).ConfigureAwait(false);
    }

    private async Task TryPublishStatusAsync(IMqttClient client, ReadOnlyMemory<byte> body)
    {
        try
        {
            await PublishAsync(client, Messages.Make(_topics.Status, body, 1, true, StatusMessage.ExpirySeconds), _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The next status is ten seconds away; the cursor notices a lost connection by itself.
            Volatile.Write(ref _state, e.Message);
        }
    }

    /// <summary>A clean end sends no will, so the station says itself that it is gone.</summary>
    private async Task SayGoodbyeAsync(IMqttClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await client.PublishAsync(Messages.Make(_topics.Status, StatusMessage.WriteOffline(_options, _station), 1, true), limit.Token).ConfigureAwait(false);
            await client.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The will says it then.
            Volatile.Write(ref _state, e.Message);
        }
    }

    private Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs e)
    {
        // A retained request is an old one; it is not asked for, and not obeyed where a broker sends it all the same.
        if (e.ApplicationMessage.Topic == _topics.RequestTrip && !e.ApplicationMessage.Retain)
            _commands.RequestTrip(_options.Host!, e.ApplicationMessage.Payload);
        return Task.CompletedTask;
    }

    private void Fail(Exception e)
    {
        var reason = e is OperationCanceledException ? $"no answer within {AnswerLimit.TotalSeconds:F0} s" : Innermost(e).Message;
        Volatile.Write(ref _state, reason);
        _station.Alarms.Raise(UnreachableAlarm, AlarmPriority.Medium,
            $"The broker at {_options.Host} port {_options.Port} cannot be used: {reason}",
            "Check that it runs, speaks MQTT 5 and is reached from here; then mqtt.host, mqtt.port, mqtt.user and its password, mqtt.tls and mqtt.caFile. Messages wait in the ledger.");
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    private MqttClientOptions ClientOptions() => new()
    {
        ProtocolVersion = MqttProtocolVersion.V500,
        ClientId = _options.Root.Replace('/', '-'),
        // The broker acknowledges a request in the station's place while it is away, so it has to hand it on later. The
        // session holds nothing else: that is the only subscription, and what is published waits in the ledger.
        CleanSession = false,
        SessionExpiryInterval = SessionExpiry,
        KeepAlivePeriod = TimeSpan.FromSeconds(10),
        Timeout = AnswerLimit,
        ChannelOptions = new MqttClientTcpOptions
        {
            RemoteEndpoint = new DnsEndPoint(_options.Host!, _options.Port),
            StreamProvider = _connection,
        },
        Credentials = _options.User is null ? null : new MqttClientCredentials(_options.User, _options.Password is null ? null : Encoding.UTF8.GetBytes(_options.Password)),
        WillTopic = _topics.Status,
        WillPayload = StatusMessage.WriteOffline(_options, _station).ToArray(),
        WillRetain = true,
        WillQualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
    };

    private MqttClientSubscribeOptions CommandSubscription() => new()
    {
        TopicFilters =
        [
            new MqttTopicFilter
            {
                Topic = _topics.RequestTrip,
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                RetainHandling = MqttRetainHandling.DoNotSendOnSubscribe,
            },
        ],
    };
}
