using Inspection.Core;

namespace Inspection.Store;

/// <summary>Where a chain ends, so that it can be gone on with.</summary>
/// <param name="LedgerId">The chain.</param>
/// <param name="Entry">Its last entry; 0 when it has none.</param>
/// <param name="Sequence">Its last inspection.</param>
/// <param name="Position">Its last message.</param>
/// <param name="Hash">The last entry's hash, 64 digits.</param>
internal sealed record ChainEnd(Guid LedgerId, long Entry, long Sequence, long Position, byte[] Hash)
{
    /// <summary>A chain without entries, whose identifier is above all others.</summary>
    public static ChainEnd New(TimeProvider time, Guid? above)
    {
        var id = Identifiers.New(time);
        // Chains are ordered by identifier, also after the clock was set back or within one millisecond.
        if (above is { } highest && string.CompareOrdinal(id.ToString(), highest.ToString()) <= 0)
            id = Identifiers.New(new Fixed(MomentOf(highest).AddMilliseconds(1)));
        return new(id, 0, 0, 0, RecordFormat.NoHash());
    }

    // The first 48 bits of a UUID version 7 are its Unix time in milliseconds (RFC 9562, section 5.7).
    private static DateTimeOffset MomentOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = 0L;
        foreach (var b in bytes[..6]) milliseconds = (milliseconds << 8) | b;
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - 1));
    }

    private sealed class Fixed(DateTimeOffset moment) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => moment;
    }
}

/// <summary>The chain that a new one follows.</summary>
/// <param name="LedgerId">The chain.</param>
/// <param name="Position">Its last message that counts.</param>
/// <param name="Reason">Code of the gap entry that the new chain begins with.</param>
/// <param name="Count">How many messages are missing; null when nobody knows.</param>
/// <param name="Detail">For a person.</param>
internal sealed record Predecessor(Guid LedgerId, long Position, string Reason, long? Count, string Detail);
