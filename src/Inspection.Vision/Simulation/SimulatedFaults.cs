namespace Inspection.Vision;

/// <summary>
/// What a person can make go wrong with the simulated line. Outlives the line, which is made anew when it fails; so it
/// also counts the parts. Thread-safe.
/// </summary>
public sealed class SimulatedFaults
{
    /// <summary>The camera is silent: no frame and no sign of life.</summary>
    public const string Stall = "stall";

    /// <summary>Each part's frame is lost on its way.</summary>
    public const string Drop = "drop";

    /// <summary>The camera says that it is gone.</summary>
    public const string Lost = "lost";

    /// <summary>The camera repeats the last picture.</summary>
    public const string Freeze = "freeze";

    /// <summary>The light is out.</summary>
    public const string Darken = "darken";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _on = [];
    private long _next;
    private long? _lastSign;

    /// <summary>All faults' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Stall, Drop, Lost, Freeze, Darken];

    /// <summary>Makes a fault, or ends it.</summary>
    /// <param name="fault">One of <see cref="Names"/>.</param>
    /// <param name="on">True makes it, false ends it.</param>
    /// <exception cref="ArgumentException">The name is none of them.</exception>
    public void Command(string fault, bool on)
    {
        if (!Names.Contains(fault)) throw new ArgumentException($"There is no fault '{fault}'; allowed: {string.Join(", ", Names)}.", nameof(fault));
        lock (_gate)
        {
            if (on) _on.Add(fault);
            else _on.Remove(fault);
        }
    }

    /// <summary>True while a fault is made.</summary>
    public bool Is(string fault)
    {
        lock (_gate) return _on.Contains(fault);
    }

    /// <summary>Monotonic time of the camera's last sign of life: a line that is made anew while the fault lasts has none.</summary>
    /// <param name="began">When the line was made, which counts where there was never any.</param>
    /// <param name="sign">This moment, where it gives one now.</param>
    internal long LastSign(long began, long? sign)
    {
        lock (_gate)
        {
            _lastSign = sign ?? _lastSign ?? began;
            return _lastSign.Value;
        }
    }

    internal long TakePart()
    {
        lock (_gate) return _next++;
    }
}
