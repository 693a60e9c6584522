using System.Globalization;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Small copies of the photos from which the memory's patches come.</summary>
internal static class Thumbnails
{
    /// <summary>Their folder, within the version's.</summary>
    public const string FolderName = "thumbnails";

    private const int LongSide = 128;
    private const int MaxBytes = 8192;
    private const int RegionLongSide = 480;
    private const int RegionMaxBytes = 65_536;

    /// <summary>Writes them into <c>thumbnails/</c>.</summary>
    /// <param name="folder">The version's folder.</param>
    /// <param name="parts">The parts; where a program made their pictures, the copies carry the AI-content label.</param>
    /// <param name="photos">Indexes of the photos.</param>
    /// <param name="first">The number of the first photo, by which the files are named: above 0 where earlier ones have theirs.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>The written files by photo, relative to the version's folder.</returns>
    public static IReadOnlyDictionary<int, string> Write(NewFolder folder, GoodParts parts, IReadOnlyList<int> photos, int first, CancellationToken cancel)
    {
        var written = new Dictionary<int, string>();
        foreach (var index in photos)
        {
            cancel.ThrowIfCancellationRequested();
            var read = parts.Read(index);
            // A photo that has vanished since it was taught from: the model stands without its copy.
            if (!read.Succeeded) continue;
            using var photo = read.Value;
            var scale = Math.Min(1.0, (double)LongSide / Math.Max(photo.Width, photo.Height));
            using var small = photo.Resize(new Size(Math.Max(1, photo.Width * scale), Math.Max(1, photo.Height * scale)), 0, 0, InterpolationFlags.Area);
            var name = string.Create(CultureInfo.InvariantCulture, $"{FolderName}/{first + index:0000}.jpg");
            folder.Write(name, PictureEncoder.Encode(small, PictureFormat.Jpeg, MaxBytes, null, LabelOf(parts, index)));
            written[index] = name;
        }
        return written;
    }

    /// <summary>A small copy of a photo, darkened where the model does not look.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="region">Where the model looks, on an upright part.</param>
    /// <param name="toPhoto">How the photo's part lies.</param>
    public static byte[] OfRegion(Mat photo, RegionOfInterest region, in UprightMap toPhoto)
    {
        var scale = Math.Min(1.0, (double)RegionLongSide / Math.Max(photo.Width, photo.Height));
        using var small = photo.Resize(new Size(Math.Max(1, photo.Width * scale), Math.Max(1, photo.Height * scale)), 0, 0, InterpolationFlags.Area);
        var looked = new UnturnedMap(region.Columns, region.Rows);
        looked.Fill([.. region.Inside.Select(inside => inside ? 0 : Overlay.NotLookedAt)], toPhoto);
        var map = new Overlay(looked.Values.ToArray(), looked.Width, looked.Height, 1, []);
        var id = new Guid(System.Security.Cryptography.SHA256.HashData(PictureEncoder.Encode(small, PictureFormat.Png, int.MaxValue, null, null))[..16]);
        return PictureEncoder.Encode(small, PictureFormat.Jpeg, RegionMaxBytes, map, new AiLabel(id));
    }

    /// <summary>The label of a picture of a part on which nothing was drawn; null where a camera took it.</summary>
    internal static AiLabel? LabelOf(GoodParts parts, int index) => parts.Generated ? new AiLabel(IdOf(parts, index)) : null;

    /// <summary>The label's identifier follows from the pixels, so that teaching again gives the same file.</summary>
    internal static Guid IdOf(GoodParts parts, int index) => parts.Look(index).Sha256 is { Length: > 0 } hash ? Guid.ParseExact(hash[..32], "N") : Guid.Empty;
}
