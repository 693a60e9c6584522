using Inspection.Core;

namespace Inspection.Mqtt.Embedded;

/// <summary>
/// One reader's way through the ledger: a consumer's own, or the shared one of all other subscribers. Guarded by the
/// broker's lock; only the broker's pump reads ahead.
/// </summary>
/// <param name="consumer">The client's id; <see cref="CursorTable.Shared"/> for the shared reader.</param>
/// <param name="size">How many messages may be unacknowledged.</param>
internal sealed class Feed(string consumer, int size)
{
    /// <summary>At most so many unacknowledged messages for one reader.</summary>
    public const int MaxUnacknowledged = 20;

    public string Consumer { get; } = consumer;

    public Window Window { get; } = new(size);

    /// <summary>Grows at each restart, so that a page that was read before it is thrown away.</summary>
    public int Generation { get; private set; }

    /// <summary>The last message that was sent or skipped; null before the oldest.</summary>
    public LedgerPosition? ReadTo { get; set; }

    /// <summary>Nothing is sent before this monotonic time; 0 for at once.</summary>
    public long NotBefore { get; private set; }

    /// <summary>What was read and not sent yet, in <see cref="AheadGeneration"/>; touched by the pump alone.</summary>
    public IReadOnlyList<StoredMessage> Ahead { get; set; } = [];

    /// <summary>The generation that <see cref="Ahead"/> was read in.</summary>
    public int AheadGeneration { get; set; }

    /// <summary>Starts again after the last message acknowledged.</summary>
    public void Restart(LedgerPosition? cursor, long notBefore = 0)
    {
        Window.Clear();
        ReadTo = cursor;
        NotBefore = notBefore;
        Generation++;
    }
}
