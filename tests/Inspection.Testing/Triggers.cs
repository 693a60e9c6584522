using Inspection.Core;

namespace Inspection.Testing;

/// <summary>Parts of which a test says only when they came.</summary>
public static class Triggers
{
    /// <summary>A part is there.</summary>
    /// <param name="interlock">Is told of it.</param>
    /// <param name="timestamp">Monotonic time.</param>
    public static void Triggered(this Interlock interlock, long timestamp)
        => interlock.Triggered(new Trigger(Guid.Empty, "frame", DateTimeOffset.UnixEpoch, timestamp));
}
