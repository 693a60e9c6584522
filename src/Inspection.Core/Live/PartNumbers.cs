namespace Inspection.Core;

/// <summary>
/// The ledger's numbers of the last parts, so that the screen shows a part under the one number that entries and
/// messages know it by. Written by the store's thread, read by anybody; allocates nothing.
/// </summary>
public sealed class PartNumbers
{
    private const int Kept = 64;

    private readonly Lock _gate = new();
    private readonly long[] _parts = new long[Kept];
    private readonly long[] _sequences = new long[Kept];

    /// <summary>Notes the sequence of a part whose entry is durable.</summary>
    /// <param name="part">The loop's own number, from 1.</param>
    /// <param name="sequence">Its number in the ledger.</param>
    public void Note(long part, long sequence)
    {
        lock (_gate) (_parts[part % Kept], _sequences[part % Kept]) = (part, sequence);
    }

    /// <summary>The sequence of one of the last parts; null before its entry is durable, and when it is long ago.</summary>
    public long? Of(long part)
    {
        lock (_gate) return _parts[part % Kept] == part ? _sequences[part % Kept] : null;
    }
}
