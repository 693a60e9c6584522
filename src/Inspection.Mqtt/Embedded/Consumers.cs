using Inspection.Core;

namespace Inspection.Mqtt.Embedded;

/// <summary>
/// Whom the station remembers: a cursor for each consumer and the shared one. Guarded by the broker's lock, except
/// that alarms and entries are handed on outside it.
/// </summary>
internal sealed class Consumers(MqttOptions options, MqttStation station)
{
    /// <summary>So many unnamed consumers at most; a client beyond them is refused its subscription.</summary>
    public const int MaxUnnamed = 64;

    /// <summary>Nobody is forgotten before the station has been up for so long: who was away because it was off can return.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan TouchPeriod = TimeSpan.FromMinutes(1);
    private const string ForgottenAlarm = "consumer-forgotten";
    private const int MostNamed = 5;

    private readonly CursorTable _cursors = station.Ledger.Cursors;
    private readonly DateTimeOffset _started = station.Time.GetUtcNow();
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);

    /// <summary>True while nobody is remembered: other subscribers are the shared reader.</summary>
    public bool None => _cursors.All().All(c => c.Consumer.Length == 0);

    /// <summary>The consumers' cursors, without the shared one.</summary>
    public IEnumerable<ConsumerCursor> All => _cursors.All().Where(c => c.Consumer.Length > 0);

    /// <summary>The last position that anyone has acknowledged.</summary>
    public LedgerPosition? Shared => _cursors.Find(CursorTable.Shared)?.At;

    public ConsumerCursor? Find(string consumer) => consumer.Length == 0 ? null : _cursors.Find(consumer);

    public bool IsNamed(string consumer) => options.Consumers.Contains(consumer, StringComparer.Ordinal) || Find(consumer) is { Named: true };

    /// <summary>True when this client may be, or become, a consumer.</summary>
    public bool HasRoomFor(string consumer) => Find(consumer) is not null || IsNamed(consumer) || All.Count(c => !c.Named) < MaxUnnamed;

    /// <summary>Remembers the consumers that the configuration names, from the shared cursor on.</summary>
    public void AddNamed()
    {
        foreach (var name in options.Consumers)
        {
            if (Find(name) is { } known) _cursors.Set(known with { Named = true, Expiry = TimeSpan.Zero });
            else Add(name, TimeSpan.Zero, true);
        }
    }

    /// <summary>Remembers a client as consumer, from the shared cursor on, or notes that a known one is here.</summary>
    /// <param name="consumer">The client's id.</param>
    /// <param name="expiry">How long it wants to be remembered; null leaves what is known.</param>
    public void Remember(string consumer, TimeSpan? expiry)
    {
        if (_forgotten.Remove(consumer) && _forgotten.Count == 0) station.Alarms.Clear(ForgottenAlarm);
        if (Find(consumer) is { } known)
            _cursors.Set(known with { LastConnected = station.Time.GetUtcNow(), Expiry = known.Named ? TimeSpan.Zero : Bounded(expiry ?? known.Expiry) });
        else if (IsNamed(consumer))
            Add(consumer, TimeSpan.Zero, true);
        else
            Add(consumer, Bounded(expiry ?? TimeSpan.MaxValue), false);
    }

    /// <summary>A consumer is, or was until now, connected; kept to the minute.</summary>
    public void Touch(string consumer, bool leaves = false, TimeSpan? expiry = null)
    {
        if (Find(consumer) is not { } known) return;
        var now = station.Time.GetUtcNow();
        if (leaves || now - known.LastConnected >= TouchPeriod)
        {
            _cursors.Set(known with { LastConnected = now, Expiry = expiry is { } wanted && !known.Named ? Bounded(wanted) : known.Expiry });
        }
    }

    /// <summary>A reader has everything up to here.</summary>
    public void Advance(string consumer, LedgerPosition at)
    {
        if (Find(consumer) is { } known) _cursors.Set(known with { At = at, LastConnected = station.Time.GetUtcNow() });
        MoveShared(at);
    }

    /// <summary>Somebody has acknowledged this; the shared cursor never goes back.</summary>
    public void MoveShared(LedgerPosition at)
    {
        if (Shared is { } now && !IsLater(at, now)) return;
        _cursors.Set(new ConsumerCursor(CursorTable.Shared, at, station.Time.GetUtcNow(), TimeSpan.Zero, false));
    }

    /// <summary>Forgets the unnamed consumers whose time is over, with alarm and entry.</summary>
    /// <param name="isConnected">Whether a client of that id is connected now.</param>
    /// <returns>True when any was forgotten.</returns>
    public bool ForgetExpired(Func<string, bool> isConnected)
    {
        var now = station.Time.GetUtcNow();
        if (now - _started < Grace) return false;
        var any = false;
        foreach (var cursor in All.Where(c => !c.Named && !isConnected(c.Consumer)))
        {
            var expiry = Bounded(cursor.Expiry);
            if (now - cursor.LastConnected < expiry) continue;
            any = true;
            Tell(cursor, expiry);
            _cursors.Remove(cursor.Consumer);
        }
        return any;
    }

    private TimeSpan Bounded(TimeSpan expiry) => expiry < options.ConsumerExpiry ? expiry : options.ConsumerExpiry;

    private void Add(string consumer, TimeSpan expiry, bool named)
    {
        _cursors.Set(new ConsumerCursor(consumer, Start(), station.Time.GetUtcNow(), expiry, named));
        station.Append(new AuditEntry(station.Time, station.Simulated, Who.Plant(consumer), "consumer-added",
            named ? $"{consumer}, named in the settings" : $"{consumer}, forgotten after {expiry} of absence"));
    }

    /// <summary>The shared cursor; before anybody's first acknowledgement the place before the oldest message kept, so that what is lost from then on is known.</summary>
    private LedgerPosition Start()
    {
        if (Shared is { } shared) return shared;
        return station.Ledger.ReadAfter(null, 1) is [var oldest, ..]
            ? oldest.At with { Position = oldest.At.Position - 1 }
            : station.Ledger.Last with { Position = 0 };
    }

    private void Tell(ConsumerCursor cursor, TimeSpan expiry)
    {
        var waited = station.Ledger.CountAfter(cursor.At);
        if (_forgotten.Count == MaxUnnamed) _forgotten.Clear();
        _forgotten.Add(cursor.Consumer);
        station.Alarms.Clear(ForgottenAlarm);
        station.Alarms.Raise(ForgottenAlarm, AlarmPriority.Medium,
            $"Forgotten after their expiry: {string.Join(", ", _forgotten.TakeLast(MostNamed))}{(_forgotten.Count > MostNamed ? $" and {_forgotten.Count - MostNamed} more" : "")}. {waited} messages waited for {cursor.Consumer}, last connected {MessageSchema.Time(cursor.LastConnected)}.",
            "Name a receiver that must not be forgotten in mqtt.consumers, or raise mqtt.consumerExpiry; have it fetch what it missed from the ledger.");
        station.Append(new AuditEntry(station.Time, station.Simulated, Who.Station, "consumer-forgotten",
            $"{cursor.Consumer}: absent for {expiry}, {waited} messages waited"));
    }

    private bool IsLater(LedgerPosition at, LedgerPosition than)
        => at.LedgerId == than.LedgerId ? at.Position > than.Position : station.Ledger.CountAfter(at) < station.Ledger.CountAfter(than);
}
