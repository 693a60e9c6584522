namespace Inspection.Core;

/// <summary>What one receiver has.</summary>
/// <param name="Consumer">The client's id; empty for the shared cursor.</param>
/// <param name="At">The last message that it acknowledged; null before the first.</param>
/// <param name="LastConnected">When it was last connected, UTC.</param>
/// <param name="Expiry">It is forgotten when it has not been connected for so long; zero for the shared cursor and named consumers.</param>
/// <param name="Named">True when the configuration names it: only <c>consumers remove</c> forgets it.</param>
public sealed record ConsumerCursor(string Consumer, LedgerPosition? At, DateTimeOffset LastConnected, TimeSpan Expiry, bool Named);

/// <summary>The cursors in memory; the store keeps them on disk at most once a second and at stop. Thread-safe.</summary>
public sealed class CursorTable
{
    /// <summary>The key of the shared cursor: the last position that anyone has acknowledged.</summary>
    public const string Shared = "";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ConsumerCursor> _cursors = new(StringComparer.Ordinal);

    /// <summary>Grows by one at each change.</summary>
    public long Version { get; private set; }

    /// <summary>The cursor of a consumer, or null.</summary>
    public ConsumerCursor? Find(string consumer)
    {
        lock (_gate) return _cursors.GetValueOrDefault(consumer);
    }

    /// <summary>All cursors, the shared one included, by name.</summary>
    public IReadOnlyList<ConsumerCursor> All()
    {
        lock (_gate) return [.. _cursors.Values.OrderBy(c => c.Consumer, StringComparer.Ordinal)];
    }

    /// <summary>Adds or replaces a cursor.</summary>
    public void Set(ConsumerCursor cursor)
    {
        lock (_gate)
        {
            _cursors[cursor.Consumer] = cursor;
            Version++;
        }
    }

    /// <summary>Forgets a consumer.</summary>
    /// <returns>False when there was none.</returns>
    public bool Remove(string consumer)
    {
        lock (_gate)
        {
            var removed = _cursors.Remove(consumer);
            if (removed) Version++;
            return removed;
        }
    }
}
