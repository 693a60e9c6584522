using System.Globalization;

namespace Inspection.Gpio;

/// <summary>
/// A contact that must be seen pressed at once, however shortly: one reading of pressed counts, and so does any edge, in
/// whichever direction, for a contact that was not pressed would have made none. It counts as released when it has rested.
/// </summary>
/// <param name="lines">The lines.</param>
/// <param name="pin">The contact.</param>
/// <param name="what">What it means when it is pressed, for a person.</param>
internal sealed class StopContact(GpioLines lines, Pin pin, string what)
{
    /// <summary>It counts as released so long after the last sign of being pressed.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    private long _lastSign;

    /// <summary>Whether it counts as pressed.</summary>
    public bool Pressed { get; private set; }

    /// <summary>What was seen, for a person.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>Looks.</summary>
    /// <param name="edges">Its edges since the last look.</param>
    /// <param name="now">Monotonic time.</param>
    /// <exception cref="IOException">The chip refused.</exception>
    public void Look(ReadOnlySpan<LineEdge> edges, long now)
    {
        var active = lines.IsActive(pin);
        if (active || !edges.IsEmpty)
        {
            if (!Pressed) Detail = Told(edges, active, now);
            (Pressed, _lastSign) = (true, now);
        }
        else if (Pressed && lines.Time.GetElapsedTime(_lastSign, now) >= Rest) Pressed = false;
    }

    private string Told(ReadOnlySpan<LineEdge> edges, bool active, long now)
    {
        if (edges.IsEmpty) return what;
        var since = lines.Time.GetElapsedTime(edges[0].Timestamp, now).TotalMilliseconds;
        return string.Create(CultureInfo.InvariantCulture, $"{what}; it changed {since:F1} ms before it was read{(active ? "" : ", and was released again by then")}");
    }
}
