namespace Inspection.Core;

/// <summary>The one place where identifiers come from.</summary>
public static class Identifiers
{
    /// <summary>
    /// A new identifier that sorts by time (UUID version 7, RFC 9562 section 5.7). Allocates nothing.
    /// </summary>
    /// <param name="time">The clock whose wall time is built into the identifier.</param>
#pragma warning disable RS0030 // this is the place
    public static Guid New(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow());
#pragma warning restore RS0030
}
