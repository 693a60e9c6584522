using Inspection.Core;

namespace Inspection.Mqtt.Embedded;

/// <summary>One message on its way to a reader.</summary>
internal sealed class InFlight(LedgerPosition at, Feed? feed, bool gap = false)
{
    /// <summary>Where the reader stands when it has this message and all before.</summary>
    public LedgerPosition At { get; } = at;

    /// <summary>The feed that sent it; null for a live copy that no cursor waits for.</summary>
    public Feed? Feed { get; } = feed;

    /// <summary>True for the message that tells of lost ones.</summary>
    public bool Gap { get; } = gap;

    /// <summary>The feed's generation that it was sent in; an acknowledgement of an earlier one moves nothing.</summary>
    public int Generation { get; } = feed?.Generation ?? 0;

    /// <summary>True when a receiver has it, or none wants it.</summary>
    public bool Done { get; set; }

    /// <summary>How many clients still owe the acknowledgement.</summary>
    public int Owed { get; set; }
}

/// <summary>
/// The messages on their way to one reader, in order. The cursor is the highest position below which all are done,
/// whatever order the acknowledgements come in.
/// </summary>
internal sealed class Window(int size)
{
    private const int MaxLength = 512;

    private readonly Queue<InFlight> _order = new();
    private int _open;

    /// <summary>How many messages may be sent now.</summary>
    public int Room => _order.Count >= MaxLength ? 0 : size - _open;

    /// <summary>Takes a message behind all others.</summary>
    public void Add(InFlight message)
    {
        _order.Enqueue(message);
        if (!message.Done) _open++;
    }

    /// <summary>A receiver has the message.</summary>
    public void Complete(InFlight message)
    {
        if (message.Done) return;
        message.Done = true;
        _open--;
    }

    /// <summary>Takes out the messages at the front that are done.</summary>
    /// <returns>Those, oldest first; the last one's place is the new cursor.</returns>
    public IReadOnlyList<InFlight> TakeDone()
    {
        List<InFlight>? done = null;
        while (_order.TryPeek(out var first) && first.Done)
        {
            (done ??= []).Add(_order.Dequeue());
        }
        return done ?? (IReadOnlyList<InFlight>)[];
    }

    /// <summary>Forgets all; the reader starts again at its cursor.</summary>
    public void Clear()
    {
        _order.Clear();
        _open = 0;
    }
}
