using Inspection.Core;

namespace Inspection.Faults;

/// <summary>What a fault must do, and must not.</summary>
internal enum Demand
{
    /// <summary>The relay opens within 500 ms and stays open until a person resets and starts.</summary>
    MustOpen,

    /// <summary>The relay stays energised and no verdict is lost.</summary>
    MustNotMatter,
}

/// <summary>One fault: one row of the table.</summary>
/// <param name="Name">Its name in the table, and of the test.</param>
/// <param name="Demand">What is demanded.</param>
/// <param name="How">How it is made, for a reader.</param>
/// <param name="Make">Makes it; returns the moment from which it was there, monotonic nanoseconds.</param>
internal sealed record Fault(string Name, Demand Demand, string How, Func<Bench, long> Make)
{
    /// <summary>Ends it; null where only a new start of the program does.</summary>
    public Action<Bench>? Heal { get; init; }

    /// <summary>From when it counts, for a reader.</summary>
    public string CountsFrom { get; init; } = "the fault";

    /// <summary>From when it counts, given when it was made and when the relay opened: where evidence must first grow stale, or a window fill.</summary>
    public Func<Bench, long, long, long> Counts { get; init; } = static (_, made, _) => made;

    /// <summary>The causes that the plant may be told; empty where the process is gone, which the broker tells.</summary>
    public IReadOnlyList<TripCause> Causes { get; init; } = [];

    /// <summary>Whether the plant must be told while the fault is there, on the kernel's GPIO interface.</summary>
    public bool TellsInGuest { get; init; }

    /// <summary>How long after the relay opened the screen is looked at.</summary>
    public TimeSpan LookAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a Reset must be refused while it is there: not for what is over at once, or answered by a person.</summary>
    public bool RefusesReset { get; init; } = true;

    /// <summary>How it is made on the kernel's GPIO interface, where that is another way.</summary>
    public string? HowInGuest { get; init; }

    /// <summary>Whether it can be ended on the kernel's GPIO interface too, while the program runs on.</summary>
    public bool HealsInGuest { get; init; } = true;

    /// <summary>How long what must not matter lasts.</summary>
    public TimeSpan Lasts { get; init; } = TimeSpan.FromSeconds(3);
}
