using System.Threading.Channels;
using Inspection.Core;

namespace Inspection.Mqtt.Embedded;

/// <summary>The one task that reads the ledger for the embedded broker's readers; it may wait for the disk, nobody waits for it.</summary>
internal sealed class Pump : IAsyncDisposable
{
    private const string UnreadableAlarm = "ledger-unreadable";
    private const int Page = 64;

    private readonly MqttStation _station;
    private readonly Topics _topics;
    private readonly Distribution _distribution;
    private readonly Func<string, ReadOnlyMemory<byte>, Task> _retain;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _pumping;
    private readonly Task _watching;
    private LedgerPosition _live;

    /// <param name="station">The station.</param>
    /// <param name="topics">Its topics.</param>
    /// <param name="distribution">Who gets what.</param>
    /// <param name="retain">Keeps a message for clients that subscribe later.</param>
    public Pump(MqttStation station, Topics topics, Distribution distribution, Func<string, ReadOnlyMemory<byte>, Task> retain)
    {
        (_station, _topics, _distribution, _retain) = (station, topics, distribution, retain);
        _live = station.Ledger.Last;
        distribution.Wake = () => _wake.Writer.TryWrite(true);
        _pumping = Task.Run(PumpAsync);
        _watching = Task.Run(WatchAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_pumping, _watching).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                await _wake.Reader.ReadAsync(_stop.Token).ConfigureAwait(false);
                try
                {
                    await SendLiveAsync().ConfigureAwait(false);
                    while (FeedOnce()) _stop.Token.ThrowIfCancellationRequested();
                    _station.Alarms.Clear(UnreadableAlarm);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    _station.Alarms.Raise(UnreadableAlarm, AlarmPriority.High, $"Messages cannot be read from the ledger: {e.Message}", "Check the disk. Messages wait and are tried again each half second.");
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                var last = _station.Ledger.Last;
                _wake.Writer.TryWrite(true);
                try
                {
                    await _station.Ledger.WaitAfterAsync(last, _stop.Token).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // The pump meets the same trouble and raises the alarm; meanwhile it is woken by the clock.
                    await Task.Delay(TimeSpan.FromSeconds(1), _station.Time, _stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task SendLiveAsync()
    {
        while (_station.Ledger.ReadAfter(_live, Page) is { Count: > 0 } page)
        {
            foreach (var message in page)
            {
                var topic = _topics.Of(message.Kind);
                if (message.Kind == EntryKind.Interlock) await _retain(topic, message.Body).ConfigureAwait(false);
                _distribution.SendLive(topic, message.Body, message.At);
                _live = message.At;
            }
        }
    }

    /// <summary>Gives each feed one page.</summary>
    /// <returns>True when any of them may take more at once.</returns>
    private bool FeedOnce()
    {
        var sent = false;
        foreach (var (feed, after, generation) in _distribution.Hungry())
        {
            var page = feed.AheadGeneration == generation && feed.Ahead.Count > 0 ? feed.Ahead : _station.Ledger.ReadAfter(after, Page);
            if (page.Count == 0) continue;
            var taken = _distribution.Send(feed, generation, page);
            (feed.Ahead, feed.AheadGeneration) = ([.. page.Skip(taken)], generation);
            sent |= taken > 0;
        }
        return sent;
    }
}
