using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Inspection.Store;

/// <summary>
/// One record of a journal: length of the entry (4 bytes, little-endian), CRC-32C (RFC 3720, appendix B.4) of these four
/// bytes and the entry (4 bytes, little-endian), the entry's bytes: one JSON object in UTF-8 whose last two members are
/// <c>"previousHash":"…","hash":"…"</c>. The hash is the SHA-256, in lower-case hexadecimal, of the entry's bytes before
/// <c>,"hash":"</c>. A chain's first entry has a previousHash of 64 zeros.
/// </summary>
internal static class RecordFormat
{
    public const int HeaderBytes = 8;

    /// <summary>No entry is longer; a greater length can only be damage.</summary>
    public const int MaxEntryBytes = 16 * 1024 * 1024;

    /// <summary>Hexadecimal digits of a hash.</summary>
    public const int HashDigits = 64;

    private static ReadOnlySpan<byte> HashMember => ",\"hash\":\""u8;

    private static ReadOnlySpan<byte> PreviousMember => "\"previousHash\":\""u8;

    private const int Tail = 9 + HashDigits + 2;

    private const int PreviousTail = Tail + HashDigits + 1;

    /// <summary>The previousHash of a chain's first entry.</summary>
    public static byte[] NoHash() => Encoding.ASCII.GetBytes(new string('0', HashDigits));

    /// <summary>The checksum that belongs into the header.</summary>
    public static uint Checksum(ReadOnlySpan<byte> entry)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (uint)entry.Length);
        while (entry.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(entry));
            entry = entry[sizeof(ulong)..];
        }
        foreach (var b in entry) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    /// <summary>The hash of the entry's bytes before its last member, as 64 digits.</summary>
    public static void Hash(ReadOnlySpan<byte> hashed, Span<byte> digits)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(hashed, hash);
        Convert.TryToHexStringLower(hash, digits, out _);
    }

    /// <summary>Ends an entry: <c>,"hash":"…"}</c>.</summary>
    public static int WriteTail(Span<byte> into, ReadOnlySpan<byte> digits)
    {
        HashMember.CopyTo(into);
        digits.CopyTo(into[HashMember.Length..]);
        "\"}"u8.CopyTo(into[(HashMember.Length + HashDigits)..]);
        return Tail;
    }

    /// <summary>The hash that stands in an entry, or nothing where there is none in its place.</summary>
    public static ReadOnlySpan<byte> HashOf(ReadOnlySpan<byte> entry)
        => entry.Length > PreviousTail && entry[^Tail..].StartsWith(HashMember) ? entry[^(HashDigits + 2)..^2] : default;

    /// <summary>What is wrong with an entry's place in the chain; null when it fits.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="previous">The hash of the one before; empty when that one is not known.</param>
    public static string? ChainProblem(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> previous)
    {
        var stated = HashOf(entry);
        if (stated.IsEmpty) return "it does not end with its hash";
        var before = entry[^PreviousTail..^(PreviousTail - HashDigits)];
        if (!entry[..^PreviousTail].EndsWith(PreviousMember)) return "it does not hold the hash of the entry before";
        if (!previous.IsEmpty && !before.SequenceEqual(previous)) return "it does not follow the entry before: previousHash differs";
        Span<byte> digits = stackalloc byte[HashDigits];
        Hash(entry[..^Tail], digits);
        return digits.SequenceEqual(stated) ? null : "its bytes do not fit its hash";
    }
}
