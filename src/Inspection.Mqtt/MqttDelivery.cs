using Inspection.Core;
using Inspection.Mqtt.Embedded;
using Inspection.Mqtt.External;

namespace Inspection.Mqtt;

/// <summary>
/// Tells the ledger's messages to everybody who listens and remembers who has what. Runs beside the line: nothing
/// here is ever waited for by the loop, the interlock or the store.
/// </summary>
public sealed class MqttDelivery : IAsyncDisposable
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StatusPeriod = TimeSpan.FromSeconds(10);

    private const string StuckAlarm = "status-not-up-to-date";

    private readonly MqttStation _station;
    private readonly MqttOptions _options;
    private readonly IBroker _broker;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _ticking;
    private int _disposed;

    private MqttDelivery(MqttOptions options, MqttStation station, IBroker broker)
    {
        (_options, _station, _broker) = (options, station, broker);
        Tick(true);
        _ticking = Task.Run(TickAsync);
    }

    /// <summary>Starts the embedded broker, or begins to connect to the external one, which may be away.</summary>
    /// <returns>The delivery, or why the embedded broker cannot listen and which setting to change.</returns>
    public static async Task<Outcome<MqttDelivery>> StartAsync(MqttOptions options, MqttStation station)
    {
        if (options.Broker == BrokerKind.External) return new MqttDelivery(options, station, new ExternalBroker(options, station));
        var broker = new EmbeddedBroker(options, station);
        if (await broker.StartAsync().ConfigureAwait(false) is { } failure)
        {
            await broker.DisposeAsync().ConfigureAwait(false);
            return failure;
        }
        return new MqttDelivery(options, station, broker);
    }

    /// <summary>The TCP port that the embedded broker listens on, or the external broker's.</summary>
    public int Port => _broker.Port;

    /// <summary>How many readers are connected: consumers that listen, or the shared reader.</summary>
    public int ConnectedReaders => _broker.Readers().Count(r => r.Connected);

    /// <summary>True when every connected reader has acknowledged every message that is durable now; also when none is connected.</summary>
    public bool AllAcknowledged => _broker.Readers().Where(r => r.Connected).All(r => _station.Ledger.CountAfter(r.At) == 0);

    /// <summary>Monotonic time of the last acknowledgement by any reader, or null before the first.</summary>
    public long? LastAcknowledged => _broker.LastAcknowledged is var at and not 0 ? at : null;

    /// <summary>For whom how many verdicts wait; an empty name is a first subscriber. Reads the ledger: not for the hot path.</summary>
    public IReadOnlyList<Waiting> Waiting()
        => [.. _broker.Readers().Select(r => new Waiting(r.Consumer, r.Connected, CountVerdicts(r.At))).Where(w => w.Verdicts > 0)];

    /// <summary>Stops telling. What is not acknowledged stays in the ledger.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _ticking.ConfigureAwait(false);
        await _broker.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Ends as a killed process does; for tests of what is left then.</summary>
    internal void Kill() => _broker.Cut();

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickPeriod, _station.Time);
        var lastStatus = _station.Time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                var due = _station.Time.GetElapsedTime(lastStatus) >= StatusPeriod;
                if (due) lastStatus = _station.Time.GetTimestamp();
                try
                {
                    Tick(due);
                    _station.Alarms.Clear(StuckAlarm);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // The ledger behind the figures may fail; who is told what goes on beside it.
                    _station.Alarms.Raise(StuckAlarm, AlarmPriority.Medium, $"Status and backlog are not up to date: {e.Message}", "Check the disk; it is tried again each half second.");
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }

    private void Tick(bool status)
    {
        _broker.Tick();
        var receivers = _broker.Readers()
            .Select(r => new Receiver(r.Consumer, r.Connected, _station.Ledger.CountAfter(r.At), r.LastAcknowledged))
            .ToList();
        _station.Board.Show(_broker.State, _broker.Text, receivers);
        if (status) _broker.PublishStatus(StatusMessage.Write(_options, _station, _broker.Text, receivers));
    }

    private long CountVerdicts(LedgerPosition? after)
    {
        long verdicts = 0;
        while (_station.Ledger.ReadAfter(after, 1000) is { Count: > 0 } page)
        {
            verdicts += page.Count(m => m.Kind == EntryKind.Inspection);
            after = page[^1].At;
        }
        return verdicts;
    }
}
