using Inspection.Core;
using MQTTnet.Protocol;

namespace Inspection.Mqtt.Embedded;

/// <summary>
/// Who gets which message. Each consumer is fed from its own cursor; without any consumer all other subscribers
/// together are one reader at the shared cursor; whoever else listens gets live messages. Everything is addressed to
/// one session, at most so many at a time, so that no queue of the server ever drops any.
/// </summary>
/// <remarks>
/// The server's events change the state under one lock and never wait; the pump alone reads the ledger.
/// </remarks>
internal sealed class Distribution(MqttOptions options, MqttStation station, Topics topics)
{
    /// <summary>Active from the moment a loss is found until each reader that lost something has its <c>gap</c> message.</summary>
    private const string GapAlarm = "messages-lost";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Client> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _acknowledgedAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerPosition> _gapsRecorded = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gapsUntold = new(StringComparer.Ordinal);
    private readonly Consumers _consumers = new(options, station);
    private readonly Feed _shared = new(CursorTable.Shared, Feed.MaxUnacknowledged);
    private bool _sharedActive;
    private long _lastAcknowledged;
    private long _skipped;

    /// <summary>Called after each change that may let something be sent.</summary>
    public Action Wake { get; set; } = () => { };

    /// <summary>Monotonic time of the last acknowledgement; 0 before the first.</summary>
    public long LastAcknowledged => Interlocked.Read(ref _lastAcknowledged);

    /// <summary>Copies for live listeners that had too many on their way.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>How many clients are connected.</summary>
    public int Clients
    {
        get
        {
            lock (_gate) return _clients.Count;
        }
    }

    public void AddNamedConsumers()
    {
        lock (_gate) _consumers.AddNamed();
    }

    public void Joined(Client client)
    {
        lock (_gate)
        {
            if (_clients.TryGetValue(client.Id, out var before) && before != client) LeaveLocked(before);
            client.Connected = true;
            _clients[client.Id] = client;
            _consumers.Touch(client.Id, leaves: true);
        }
    }

    public void Left(Client client, TimeSpan? expiry)
    {
        lock (_gate)
        {
            _consumers.Touch(client.Id, leaves: true, expiry);
            LeaveLocked(client);
        }
        Wake();
    }

    /// <summary>True when a client may subscribe so: it is no consumer by it, or there is room for one more.</summary>
    public bool MaySubscribe(Client client, string filter, int qos)
    {
        lock (_gate)
        {
            return qos == 0 || !client.Persistent || !Topics.Covers(filter, topics.Verdict) || _consumers.HasRoomFor(client.Id);
        }
    }

    public void Subscribed(Client client, string filter, MqttQualityOfServiceLevel qos)
    {
        lock (_gate)
        {
            client.Subscribe(filter, qos);
            Regard(client);
        }
        Wake();
    }

    public void Unsubscribed(Client client, string filter)
    {
        lock (_gate)
        {
            client.Unsubscribe(filter);
            Regard(client);
        }
        Wake();
    }

    public void Acknowledged(Client client, ushort packet, bool accepted)
    {
        lock (_gate)
        {
            if (!client.Unacknowledged.Remove(packet, out var message)) return;
            if (!accepted)
            {
                // The receiver says that it could not take it: the same again in a second.
                if (message is { Feed: { } refused, Done: false } && refused.Generation == message.Generation) Restart(refused, station.Time.GetTimestamp() + station.Time.TimestampFrequency);
            }
            else
            {
                _lastAcknowledged = station.Time.GetTimestamp();
                if (message.Feed is { } feed)
                {
                    if (feed.Generation != message.Generation) return;
                    _acknowledgedAt[feed.Consumer] = station.Time.GetUtcNow();
                    feed.Window.Complete(message);
                    Advance(feed);
                }
                else
                    _consumers.MoveShared(message.At);
            }
        }
        Wake();
    }

    /// <summary>What is due twice a second: who is still there, who is forgotten, which feeds may start again.</summary>
    /// <param name="present">The ids that the server holds a connection of; an event that was lost is made good by it.</param>
    public void Tick(IReadOnlySet<string> present)
    {
        lock (_gate)
        {
            foreach (var client in _clients.Values.ToList())
            {
                // Twice, because the list may be older than the client.
                client.Absences = present.Contains(client.Id) ? 0 : client.Absences + 1;
                if (client.Absences > 1) LeaveLocked(client);
                else _consumers.Touch(client.Id);
            }
            if (_consumers.ForgetExpired(_clients.ContainsKey)) Prune();
        }
        Wake();
    }

    public IReadOnlyList<Reader> Readers()
    {
        lock (_gate)
        {
            return _consumers.None
                ? [new Reader(CursorTable.Shared, _sharedActive, _consumers.Shared, At(CursorTable.Shared))]
                : [.. _consumers.All.Select(c => new Reader(c.Consumer, _clients.TryGetValue(c.Consumer, out var client) && client.Feed is not null, c.At, At(c.Consumer)))];
        }
    }

    /// <summary>Feeds that can take more now, each with the place to read on from.</summary>
    public IReadOnlyList<(Feed Feed, LedgerPosition? After, int Generation)> Hungry()
    {
        lock (_gate)
        {
            List<(Feed, LedgerPosition?, int)> hungry = [];
            foreach (var client in _clients.Values)
            {
                if (client.Feed is { } feed && RoomOf(feed, client) > 0) hungry.Add((feed, feed.ReadTo, feed.Generation));
            }
            if (_sharedActive && RoomOf(_shared, null) > 0) hungry.Add((_shared, _shared.ReadTo, _shared.Generation));
            return hungry;
        }
    }

    /// <summary>Sends as much of a page as the feed takes.</summary>
    /// <returns>How many were sent or skipped.</returns>
    public int Send(Feed feed, int generation, IReadOnlyList<StoredMessage> page)
    {
        var taken = 0;
        lock (_gate)
        {
            foreach (var message in page)
            {
                if (feed.Generation != generation) break;
                var client = feed == _shared ? null : _clients.GetValueOrDefault(feed.Consumer);
                if (feed == _shared ? !_sharedActive : client?.Feed != feed) break;
                if (RoomOf(feed, client) <= 0) break;
                if (Gaps.Between(feed.ReadTo, message.At) is > 0 and var lost)
                {
                    var before = message.At with { Position = message.At.Position - 1 };
                    RecordLoss(feed.Consumer, lost, before);
                    Deliver(feed, client, topics.Gap, Gaps.Body(station, feed.Consumer, feed.ReadTo!.Value, message.At), new InFlight(before, feed, gap: true));
                    feed.ReadTo = before;
                    if (RoomOf(feed, client) <= 0) break;
                }
                Deliver(feed, client, topics.Of(message.Kind), message.Body, new InFlight(message.At, feed));
                feed.ReadTo = message.At;
                taken++;
            }
            Advance(feed);
        }
        return taken;
    }

    /// <summary>Gives a message to everybody who is not fed from a cursor.</summary>
    public void SendLive(string topic, ReadOnlyMemory<byte> body, LedgerPosition? at, uint expirySeconds = 0)
    {
        lock (_gate)
        {
            foreach (var client in _clients.Values)
            {
                if (at is not null && (client.Feed is not null || ReadsShared(client))) continue;
                var qos = at is null ? Math.Min(client.QosFor(topic), 0) : Math.Min(client.QosFor(topic), 1);
                if (qos < 0 || client.Session is null) continue;
                if (client.Session.PendingApplicationMessagesCount >= Client.MaxLive || (qos > 0 && client.Unacknowledged.Count >= LiveLimit(client)))
                    Interlocked.Increment(ref _skipped);
                else
                    Enqueue(client, topic, body, qos, at is { } place ? new InFlight(place, null) : null, expirySeconds);
            }
        }
    }

    private static int LiveLimit(Client client) => Math.Min(Client.MaxLive, client.ReceiveMaximum);

    private DateTimeOffset? At(string consumer) => _acknowledgedAt.TryGetValue(consumer, out var at) ? at : null;

    private bool ReadsShared(Client client) => _sharedActive && client.Feed is null && client.QosFor(topics.Verdict) > 0;

    private int RoomOf(Feed feed, Client? client)
    {
        if (feed.NotBefore > station.Time.GetTimestamp()) return 0;
        if (client is not null) return Math.Min(feed.Window.Room, Math.Min(Feed.MaxUnacknowledged, client.ReceiveMaximum) - client.Unacknowledged.Count);
        return _clients.Values.Any(c => ReadsShared(c) && c.Unacknowledged.Count < LiveLimit(c)) ? feed.Window.Room : 0;
    }

    /// <summary>Makes a client the consumer that its subscriptions say it is.</summary>
    private void Regard(Client client)
    {
        var listens = client.Connected && client.QosFor(topics.Verdict) > 0;
        if (listens && client.Feed is null && (client.Persistent || _consumers.Find(client.Id) is not null || _consumers.IsNamed(client.Id)))
        {
            _consumers.Remember(client.Id, client.Persistent ? client.Expiry : null);
            client.Feed = new Feed(client.Id, Feed.MaxUnacknowledged);
            client.Feed.Restart(_consumers.Find(client.Id)!.At);
        }
        else if (!listens && client.Feed is { } feed)
        {
            feed.Restart(null);
            client.Feed = null;
        }
        RegardShared();
    }

    private void RegardShared()
    {
        var active = _consumers.None && _clients.Values.Any(c => c.QosFor(topics.Verdict) > 0);
        if (active && !_sharedActive) _shared.Restart(_consumers.Shared);
        _sharedActive = active;
    }

    /// <summary>Nothing is kept of who is forgotten, however many ids come and go.</summary>
    private void Prune()
    {
        foreach (var consumer in _acknowledgedAt.Keys.Union(_gapsRecorded.Keys).Where(c => c.Length > 0 && _consumers.Find(c) is null).ToList())
        {
            _acknowledgedAt.Remove(consumer);
            _gapsRecorded.Remove(consumer);
            GapTold(consumer);
        }
        RegardShared();
    }

    private void LeaveLocked(Client client)
    {
        client.Connected = false;
        if (_clients.TryGetValue(client.Id, out var current) && current == client) _clients.Remove(client.Id);
        client.Feed?.Restart(null);
        client.Feed = null;
        var alone = false;
        foreach (var message in client.Unacknowledged.Values)
        {
            if (message.Feed == _shared && --message.Owed == 0 && !message.Done) alone = true;
        }
        client.Unacknowledged.Clear();
        RegardShared();
        if (alone) Restart(_shared, 0);
    }

    private void Restart(Feed feed, long notBefore)
        => feed.Restart(feed == _shared ? _consumers.Shared : _consumers.Find(feed.Consumer)?.At, notBefore);

    /// <summary>Before the gap message goes out, because its acknowledgement clears the alarm.</summary>
    private void RecordLoss(string consumer, long lost, LedgerPosition upTo)
    {
        if (_gapsRecorded.TryGetValue(consumer, out var recorded) && recorded == upTo) return;
        _gapsRecorded[consumer] = upTo;
        _gapsUntold.Add(consumer);
        var name = consumer.Length == 0 ? "the shared reader" : consumer;
        station.Alarms.Raise(GapAlarm, AlarmPriority.High,
            $"{lost} messages for {name} were no longer kept when it came for them.",
            "Have the receiver mark the range of the gap message as unknown; connect receivers more often, or keep entries longer.");
        station.Append(new AuditEntry(station.Time, station.Simulated, Who.Station, "messages-lost", $"{name}: {lost} messages"));
    }

    private void GapTold(string consumer)
    {
        if (_gapsUntold.Remove(consumer) && _gapsUntold.Count == 0) station.Alarms.Clear(GapAlarm);
    }

    private void Advance(Feed feed)
    {
        var done = feed.Window.TakeDone();
        if (done.Count == 0) return;
        if (done.Any(static message => message.Gap)) GapTold(feed.Consumer);
        _consumers.Advance(feed.Consumer, done[^1].At);
    }

    private void Deliver(Feed feed, Client? consumer, string topic, ReadOnlyMemory<byte> body, InFlight message)
    {
        if (consumer is not null)
            DeliverTo(consumer, topic, body, message);
        else
        {
            foreach (var client in _clients.Values.Where(ReadsShared)) DeliverTo(client, topic, body, message);
        }
        // Nobody here subscribed to it, or only without acknowledgement: the reader goes past it.
        if (message.Owed == 0) message.Done = true;
        feed.Window.Add(message);
    }

    private void DeliverTo(Client client, string topic, ReadOnlyMemory<byte> body, InFlight message)
    {
        var qos = Math.Min(client.QosFor(topic), 1);
        if (qos < 0 || client.Session is null) return;
        if (client.Feed is null && client.Unacknowledged.Count >= LiveLimit(client)) Interlocked.Increment(ref _skipped);
        else Enqueue(client, topic, body, qos, message, 0);
    }

    private static void Enqueue(Client client, string topic, ReadOnlyMemory<byte> body, int qos, InFlight? message, uint expirySeconds)
    {
        int packet;
        try
        {
            var taken = client.Session!.TryEnqueueApplicationMessage(Messages.Make(topic, body, qos, false, expirySeconds), out var sent);
            packet = taken ? sent.PacketIdentifier : client.NextUntaken();
        }
        catch (ObjectDisposedException)
        {
            // The connection is closing: the client owes the message until it is gone, then its reader starts again.
            packet = client.NextUntaken();
        }
        if (qos == 0 || message is null) return;
        client.Unacknowledged[packet] = message;
        message.Owed++;
    }
}
