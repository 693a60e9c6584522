using System.Security.Cryptography;
using System.Text.Json;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>A part's picture as it was when its entry was made: the frame alone, nothing is painted on it.</summary>
/// <param name="Path">Path within the pictures folder.</param>
/// <param name="Bytes">The whole file, with the hash that stands in the entry.</param>
/// <param name="ModelName">Whose verdict the entry holds.</param>
internal sealed record StoredPicture(string Path, byte[] Bytes, string ModelName)
{
    /// <summary>Reads it.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="pictures">The folder of pictures.</param>
    /// <param name="part">The part.</param>
    /// <returns>The picture; or <c>part-too-old</c>, <c>picture-gone</c> or <c>picture-damaged</c>: it will never be there again.</returns>
    /// <exception cref="IOException">The ledger or the file cannot be read now.</exception>
    public static Outcome<StoredPicture> Find(JournalLedger ledger, string pictures, InspectionNumber part)
    {
        var rows = ledger.Query(new LedgerQuery { Kind = EntryKind.Inspection, FirstSequence = part.Sequence, LastSequence = part.Sequence }).Rows;
        if (rows.FirstOrDefault(r => r.Place.LedgerId == part.LedgerId) is not { } row) return new Failure("part-too-old", $"The entry of part {part.Sequence} is no longer kept.");
        try
        {
            using var body = JsonDocument.Parse(row.Body);
            var image = body.RootElement.GetProperty("views")[0].GetProperty("image");
            if (image.ValueKind != JsonValueKind.Object) return new Failure("picture-gone", $"Of part {part.Sequence} no picture was kept.");
            var path = image.GetProperty("path").GetString()!;
            var bytes = File.ReadAllBytes(System.IO.Path.Combine(pictures, path));
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != image.GetProperty("sha256").GetString())
                return new Failure("picture-damaged", $"The picture of part {part.Sequence}, '{path}', is not the one that its entry names: its hash differs.");
            return new StoredPicture(path, bytes, body.RootElement.GetProperty("model").GetProperty("name").GetString()!);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Failure("picture-gone", $"The picture of part {part.Sequence} is no longer kept.");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
