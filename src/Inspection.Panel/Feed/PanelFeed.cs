using Inspection.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Inspection.Panel.Feed;

/// <summary>
/// One look at the station, ten times a second, for all browsers together: however many look, a picture is encoded
/// once and the station is asked once. With nobody looking it does nothing.
/// </summary>
internal sealed class PanelFeed : BackgroundService
{
    /// <summary>At most so many browsers at once.</summary>
    public const int MaxPages = 16;

    private const int TicksPerSecond = 10;
    private const int KeptShots = 16;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1000 / TicksPerSecond);

    private readonly PanelContext _context;
    private readonly ILogger<PanelFeed> _log;
    private readonly Lock _gate = new();
    private readonly List<Page> _pages = [];
    private (bool Heat, LiveShot Shot)[] _shots = [];
    private PanelView? _current;
    private long _tick;

    public PanelFeed(PanelContext context, ILogger<PanelFeed> log) => (_context, _log) = (context, log);

    /// <summary>The station at the last tick; for pages that follow.</summary>
    public PanelView Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("Nobody follows the station yet.");

    /// <summary>Lets a page follow.</summary>
    /// <param name="tick">Called at each tick on the feed's thread; must return at once.</param>
    /// <returns>Null when too many follow already.</returns>
    public Page? Follow(Action tick)
    {
        lock (_gate)
        {
            if (_pages.Count >= MaxPages) return null;
            var page = new Page(this, tick);
            _pages.Add(page);
            Volatile.Write(ref _current, Look());
            return page;
        }
    }

    /// <summary>The picture of a part that was shown lately.</summary>
    public byte[]? Picture(long version, bool heat)
    {
        foreach (var (isHeat, shot) in Volatile.Read(ref _shots))
            if (isHeat == heat && shot.Part.Version == version) return shot.Picture;
        return null;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, _context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) TickOnce();
        }
        catch (OperationCanceledException)
        {
            _log.LogDebug("The page's feed ends with the station");
        }
    }

    private void TickOnce()
    {
        Page[] pages;
        lock (_gate)
        {
            _tick++;
            if (_pages.Count == 0) return;
            Volatile.Write(ref _current, Look());
            pages = [.. _pages];
        }
        foreach (var page in pages) page.Notify();
    }

    private PanelView Look()
    {
        var before = _current;
        var eachSecond = before is null || _tick % TicksPerSecond == 0;
        return new PanelView(
            _tick / TicksPerSecond, _context.Time.GetUtcNow(), _context.Interlock.Snapshot,
            Shot(false, before?.Plain), Shot(true, before?.Heat), _context.Counters.Snapshot(),
            eachSecond ? _context.Rejects.Latest : before!.Rejects, _context.Alarms.Active,
            _context.Delivery.State, _context.Delivery.Broker, _context.Delivery.Receivers,
            eachSecond ? _context.Pipeline() : before!.Pipeline, _context.Simulation?.Lines?.Invoke() ?? [])
        { Tests = _context.TestParts?.Snapshot };
    }

    private LiveShot? Shot(bool heat, LiveShot? before)
    {
        var wanted = _pages.Exists(p => p.Heat == heat);
        if (!wanted) return null;
        var shot = Encoded(heat);
        if (shot is null || shot.Part.Version == before?.Part.Version) return before;
        if (shot.Picture is not null) Volatile.Write(ref _shots, [.. _shots.TakeLast(KeptShots - 1), (heat, shot)]);
        return shot;
    }

    private LiveShot? Encoded(bool heat)
    {
        try
        {
            return _context.Live.Shot(heat);
        }
#pragma warning disable CA1031 // a picture that cannot be made must hide neither the verdict nor the interlock
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.LogError(e, "The last part's picture could not be made");
            return _context.Live.Part is { } part ? new LiveShot(part, null) : null;
        }
    }

    /// <summary>One page that follows.</summary>
    public sealed class Page(PanelFeed feed, Action tick) : IDisposable
    {
        private bool _heat = true;

        /// <summary>Whether it shows the heat map.</summary>
        public bool Heat
        {
            get => Volatile.Read(ref _heat);
            set
            {
                lock (feed._gate)
                {
                    Volatile.Write(ref _heat, value);
                    Volatile.Write(ref feed._current, feed.Look());
                }
            }
        }

        /// <summary>Stops following.</summary>
        public void Dispose()
        {
            lock (feed._gate) feed._pages.Remove(this);
        }

        internal void Notify() => tick();
    }
}
