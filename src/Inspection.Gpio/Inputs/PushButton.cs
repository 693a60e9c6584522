namespace Inspection.Gpio;

/// <summary>
/// A wired push button. It acts when it is released after a press of 50 ms to 3 s, so that a button that sticks, is taped
/// down or welded does nothing, and neither does one that was pressed before anybody looked (ISO 13849-1, 5.2.2).
/// </summary>
/// <param name="pin">The button.</param>
/// <param name="time">The clock of its edges.</param>
internal sealed class PushButton(Pin pin, TimeProvider time)
{
    /// <summary>A shorter press is a knock or a disturbance.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>A longer one is a button that sticks.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private readonly long _begun = time.GetTimestamp();
    private long _pressedAt;

    /// <summary>The button.</summary>
    public Pin Pin => pin;

    /// <summary>Takes the edges since the last look.</summary>
    /// <returns>What came of the last press that ended; none while nothing did.</returns>
    public Press See(ReadOnlySpan<LineEdge> edges)
    {
        var press = Press.None;
        foreach (var edge in edges)
        {
            // What is not seen whole is no press.
            if (edge.Lost > 0) _pressedAt = 0;
            if (edge.Timestamp < _begun) continue;
            if (pin.IsActive(edge.High)) _pressedAt = edge.Timestamp;
            else if (_pressedAt != 0)
            {
                var held = time.GetElapsedTime(_pressedAt, edge.Timestamp);
                if (held > Longest) press = Press.TooLong;
                else if (held >= Shortest) press = Press.Counts;
                _pressedAt = 0;
            }
        }
        return press;
    }
}

/// <summary>What came of a press.</summary>
internal enum Press
{
    /// <summary>None has ended, or it was too short.</summary>
    None,

    /// <summary>It counts.</summary>
    Counts,

    /// <summary>It was held for too long.</summary>
    TooLong,
}
