using System.Buffers.Binary;
using System.Text;
using Inspection.Vision.Tests.Frames;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Evaluation;

public sealed class PhotoTimeTests
{
    private static readonly DateTime Taken = new(2026, 3, 14, 15, 9, 26, DateTimeKind.Unspecified);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_time_is_read_in_either_byte_order_and_from_a_photo_that_still_decodes(bool little)
    {
        var jpeg = WithTime(Taken, little);
        PhotoTime.In(jpeg).ShouldBe(Taken);
        using var pixels = Cv2.ImDecode(jpeg, ImreadModes.Color);
        pixels.Empty().ShouldBeFalse();
    }

    [Fact]
    public void A_photo_without_a_time_another_format_and_a_missing_file_have_none()
    {
        using var folder = new TemporaryFolder();
        PhotoTime.Of(folder.Photo("a.jpg")).ShouldBeNull();
        PhotoTime.Of(folder.Photo("a.png")).ShouldBeNull();
        PhotoTime.Of(folder.Write("empty.jpg", "")).ShouldBeNull();
        PhotoTime.Of(Path.Combine(folder.Path, "none.jpg")).ShouldBeNull();
        PhotoTime.Of(folder.Write("b.jpg", WithTime(Taken, true))).ShouldBe(Taken);
    }

    [Fact]
    public void No_damage_to_the_bytes_does_more_than_hide_the_time()
    {
        var jpeg = WithTime(Taken, true);
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = jpeg.AsSpan(0, random.Next(jpeg.Length + 1)).ToArray();
            for (var k = random.Next(4); k > 0 && damaged.Length > 0; k--) damaged[random.Next(Math.Min(damaged.Length, 120))] = (byte)random.Next(256);
            PhotoTime.In(damaged);
        }
    }

    /// <summary>A small JPEG whose Exif segment holds a directory that links to one with the time.</summary>
    internal static byte[] WithTime(DateTime time, bool little)
    {
        var tiff = new byte[8 + 18 + 18 + 20];
        void U16(int at, int value)
        {
            if (little) BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), (ushort)value);
            else BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), (ushort)value);
        }
        void U32(int at, int value)
        {
            if (little) BinaryPrimitives.WriteInt32LittleEndian(tiff.AsSpan(at), value);
            else BinaryPrimitives.WriteInt32BigEndian(tiff.AsSpan(at), value);
        }
        void Directory(int at, int tag, int type, int count, int value)
        {
            U16(at, 1);
            U16(at + 2, tag);
            U16(at + 4, type);
            U32(at + 6, count);
            U32(at + 10, value);
        }
        (little ? "II"u8 : "MM"u8).CopyTo(tiff);
        U16(2, 42);
        U32(4, 8);
        Directory(8, 0x8769, 4, 1, 26);
        Directory(26, 0x9003, 2, 20, 44);
        Encoding.ASCII.GetBytes(time.ToString("yyyy:MM:dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)).CopyTo(tiff, 44);
        using var picture = TemporaryFolder.Picture(64, 48, MatType.CV_8UC3);
        Cv2.ImEncode(".jpg", picture, out var jpeg);
        byte[] head = [0xFF, 0xE1, 0, 0, .. "Exif\0\0"u8];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(head.Length - 2 + tiff.Length));
        return [.. jpeg.AsSpan(0, 2), .. head, .. tiff, .. jpeg.AsSpan(2)];
    }
}
