using Inspection.Core;
using MQTTnet;

namespace Inspection.Mqtt.External;

/// <summary>
/// The one cursor over an external broker, the shared one. A message counts as delivered when the broker took it for
/// at least one subscriber (PUBACK 0x00); on 0x10, no matching subscribers, or an error, the cursor stops and the same
/// message is sent again each second.
/// </summary>
/// <remarks>
/// A receiver may leave kinds out (it subscribes to <c>verdict</c> alone). So what nobody takes, other than a verdict,
/// is sent once more when a later message is taken, and then passed by: there is a receiver, and it does not want that
/// kind. Without the second time, a receiver that subscribes between the two would miss the first.
/// </remarks>
internal sealed class ExternalCursor(MqttStation station, Topics topics)
{
    private const string RefusedAlarm = "broker-refuses-messages";
    private const int Page = 64;

    /// <summary>So many messages that nobody takes are offered before the next verdict; those beyond wait until it is taken.</summary>
    private const int MaxAhead = 256;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly HashSet<LedgerPosition> _taken = [];
    private readonly List<MqttApplicationMessage> _unheard = [];
    private LedgerPosition? _gapRecorded;
    private long _lastAcknowledged;
    private volatile bool _hasReader;
    private volatile string _text = "connected";

    /// <summary>The last message that a receiver has.</summary>
    public LedgerPosition? At => station.Ledger.Cursors.Find(CursorTable.Shared)?.At;

    /// <summary>True while the broker takes messages for somebody; false once it said that nobody listens.</summary>
    public bool HasReader => _hasReader;

    /// <summary>How it is, for a person.</summary>
    public string Text => _text;

    /// <summary>Monotonic time of the last PUBACK 0x00; 0 before the first.</summary>
    public long LastAcknowledged => Interlocked.Read(ref _lastAcknowledged);

    /// <summary>Wall time of it.</summary>
    public DateTimeOffset? LastAcknowledgedAt { get; private set; }

    /// <summary>Publishes until the connection ends; then throws.</summary>
    public async Task DeliverAsync(Func<MqttApplicationMessage, Task<MqttClientPublishResult>> publish, CancellationToken lost)
    {
        _taken.Clear();
        _hasReader = true;
        _text = "connected";
        while (true)
        {
            var complete = await RoundAsync(publish, lost).ConfigureAwait(false);
            if (!complete)
                await Task.Delay(Retry, station.Time, lost).ConfigureAwait(false);
            else
                await station.Ledger.WaitAfterAsync(At ?? station.Ledger.Last with { Position = 0 }, lost).ConfigureAwait(false);
        }
    }

    /// <summary>Sends what follows the cursor, until everything is taken or something is not.</summary>
    /// <returns>True when everything was taken.</returns>
    private async Task<bool> RoundAsync(Func<MqttApplicationMessage, Task<MqttClientPublishResult>> publish, CancellationToken lost)
    {
        var ahead = At;
        var passed = 0;
        _unheard.Clear();
        while (station.Ledger.ReadAfter(ahead, Page) is { Count: > 0 } page)
        {
            foreach (var message in page)
            {
                lost.ThrowIfCancellationRequested();
                if (Gaps.Between(ahead, message.At) > 0 && !await TellGapAsync(publish, ahead!.Value, message.At).ConfigureAwait(false)) return false;
                ahead = message.At;
                var sent = Messages.Make(topics.Of(message.Kind), message.Body, 1, message.Kind == EntryKind.Interlock);
                if (passed >= MaxAhead && message.Kind != EntryKind.Inspection)
                {
                    _unheard.Add(sent);
                    continue;
                }
                var answer = _taken.Contains(message.At) ? null : await publish(sent).ConfigureAwait(false);
                var taken = answer is null || Judge(answer);
                if (taken && (passed == 0 || message.Kind == EntryKind.Inspection))
                {
                    _taken.Add(message.At);
                    if (!await SendUnheardAgainAsync(publish).ConfigureAwait(false)) return false;
                    Move(message.At);
                    passed = 0;
                }
                else if (taken)
                    _taken.Add(message.At);
                else if (message.Kind == EntryKind.Inspection || IsError(answer!))
                    return false;
                else
                {
                    passed++;
                    _unheard.Add(sent);
                }
            }
        }
        return passed == 0;
    }

    /// <returns>False when the broker refused one with an error; nobody wanting it is no error.</returns>
    private async Task<bool> SendUnheardAgainAsync(Func<MqttApplicationMessage, Task<MqttClientPublishResult>> publish)
    {
        foreach (var message in _unheard)
        {
            // Something later may be retained already.
            message.Retain = false;
            var answer = await publish(message).ConfigureAwait(false);
            if (IsError(answer)) return Judge(answer);
        }
        _unheard.Clear();
        return true;
    }

    private async Task<bool> TellGapAsync(Func<MqttApplicationMessage, Task<MqttClientPublishResult>> publish, LedgerPosition has, LedgerPosition next)
    {
        var lost = Gaps.Between(has, next);
        if (_gapRecorded != next)
        {
            _gapRecorded = next;
            station.Append(new AuditEntry(station.Time, station.Simulated, Who.Station, "messages-lost", $"the external broker: {lost} messages"));
        }
        var gap = Messages.Make(topics.Gap, Gaps.Body(station, CursorTable.Shared, has, next), 1, false);
        var answer = await publish(gap).ConfigureAwait(false);
        if (Judge(answer)) return true;
        _unheard.Add(gap);
        return !IsError(answer);
    }

    private static bool IsError(MqttClientPublishResult answer)
        => answer.ReasonCode is not (MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers);

    private bool Judge(MqttClientPublishResult answer)
    {
        if (answer.ReasonCode == MqttClientPublishReasonCode.Success)
        {
            Interlocked.Exchange(ref _lastAcknowledged, station.Time.GetTimestamp());
            LastAcknowledgedAt = station.Time.GetUtcNow();
            _hasReader = true;
            _text = "connected";
            station.Alarms.Clear(RefusedAlarm);
            return true;
        }
        _hasReader = false;
        if (answer.ReasonCode == MqttClientPublishReasonCode.NoMatchingSubscribers)
        {
            _text = "connected, no subscriber";
            return false;
        }
        _text = $"connected, refuses messages: {answer.ReasonCode}";
        station.Alarms.Raise(RefusedAlarm, AlarmPriority.Medium,
            $"The broker refuses the station's messages: {answer.ReasonCode} {answer.ReasonString}".TrimEnd(),
            "Allow mqtt.user to publish below the station's root topic, and check the broker's quota. Messages wait in the ledger.");
        return false;
    }

    private void Move(LedgerPosition at)
    {
        station.Ledger.Cursors.Set(new ConsumerCursor(CursorTable.Shared, at, station.Time.GetUtcNow(), TimeSpan.Zero, false));
        _taken.Clear();
    }
}
