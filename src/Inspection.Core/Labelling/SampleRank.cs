using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Inspection.Core;

/// <summary>
/// The order of a draw: by the first eight bytes, big-endian, of SHA-256 over the seed's bytes, the ledgerId's 16 bytes (big-endian, as it
/// is written) and the sequence (8 bytes, big-endian). Of each verdict the parts with the lowest are drawn, and shown in
/// that order; so from the seed in the ledger anybody can find out that nobody chose.
/// </summary>
public static class SampleRank
{
    /// <summary>Bytes of a seed.</summary>
    public const int SeedBytes = 16;

    /// <summary>A seed that nobody can foresee.</summary>
    public static string NewSeed() => RandomNumberGenerator.GetHexString(2 * SeedBytes, lowercase: true);

    /// <summary>A part's rank.</summary>
    /// <param name="seed">Hexadecimal digits of <see cref="SeedBytes"/> bytes.</param>
    /// <param name="part">The part.</param>
    public static ulong Of(string seed, InspectionNumber part)
    {
        Span<byte> ranked = stackalloc byte[SeedBytes + 16 + 8];
        Convert.FromHexString(seed, ranked, out _, out _);
        part.LedgerId.TryWriteBytes(ranked[SeedBytes..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(ranked[(SeedBytes + 16)..], part.Sequence);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(ranked, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
