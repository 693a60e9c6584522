namespace Inspection.Gpio;

/// <summary>Notices one contact that changes faster than a hand can work it. Allocates nothing while it looks.</summary>
/// <param name="pin">The contact.</param>
/// <param name="time">The clock of its edges.</param>
internal sealed class ContactWatch(Pin pin, TimeProvider time)
{
    /// <summary>More changes than this within the window are bouncing; pressing and releasing a switch twice makes 4.</summary>
    public const int MostChanges = 8;

    /// <summary>Every contact bounces for some milliseconds when it closes; edges so close to the first are the same change.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(10);

    /// <summary>The window; the contact rests again when it has passed with fewer changes.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);

    // The moments of the last changes, a ring; 0 stands for none.
    private readonly long[] _changes = new long[MostChanges + 1];
    private int _at;
    private long _newest;

    /// <summary>What to tell a person while it bounces.</summary>
    public string Told { get; } = $"{pin.Name} (line {pin.Line}) changes more than {MostChanges} times in {Window.TotalMilliseconds:F0} ms: a loose wire or a worn contact";

    /// <summary>Whether it bounced at the last look.</summary>
    public bool Bounces { get; private set; }

    /// <summary>Takes the edges since the last look.</summary>
    /// <param name="edges">Oldest first.</param>
    /// <param name="now">Monotonic time.</param>
    public void See(ReadOnlySpan<LineEdge> edges, long now)
    {
        foreach (var edge in edges)
        {
            // More than the kernel keeps between two looks is no hand.
            if (edge.Lost > 0) Array.Fill(_changes, edge.Timestamp);
            if (_newest != 0 && time.GetElapsedTime(_newest, edge.Timestamp) < Settling) continue;
            _changes[_at] = _newest = edge.Timestamp;
            _at = (_at + 1) % _changes.Length;
        }
        // The oldest of the ring is the change before the last MostChanges.
        var oldest = _changes[_at];
        Bounces = oldest != 0 && time.GetElapsedTime(oldest, now) <= Window;
    }
}
