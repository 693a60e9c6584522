using System.Buffers.Binary;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Frames;

public sealed class ImageReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string FailureOf(string path)
    {
        var failure = ImageReader.Read(path).Failure.ShouldNotBeNull();
        failure.Message.ShouldContain(Path.GetFileName(path));
        return failure.Code;
    }

    [Theory]
    [InlineData("a.jpg"), InlineData("a.png"), InlineData("a.bmp"), InlineData("a.tif")]
    public void A_photo_of_each_format_is_read(string name)
    {
        using var read = ImageReader.Read(_folder.Photo(name, 31, 17)).Value.ShouldNotBeNull();
        (read.Width, read.Height).ShouldBe((31, 17));
        read.Type().ShouldBe(MatType.CV_8UC3);
    }

    [Theory]
    [InlineData("a.jpg"), InlineData("a.png"), InlineData("a.bmp"), InlineData("a.tif")]
    public void A_photo_of_one_pixel_is_read(string name)
    {
        using var read = ImageReader.Read(_folder.Photo(name, 1, 1)).Value.ShouldNotBeNull();
        (read.Width, read.Height).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData("a.png"), InlineData("a.tif")]
    public void Sixteen_bits_become_the_upper_eight(string name)
    {
        using var deep = new Mat(4, 4, MatType.CV_16UC3, new Scalar(0x1234, 0x80FF, 0xFE00));
        Cv2.ImEncode(Path.GetExtension(name), deep, out var bytes);
        using var read = ImageReader.Read(_folder.Write(name, bytes)).Value.ShouldNotBeNull();
        var pixel = read.At<Vec3b>(2, 2);
        pixel.Item0.ShouldBeInRange((byte)0x12, (byte)0x13);
        pixel.Item1.ShouldBeInRange((byte)0x80, (byte)0x81);
        pixel.Item2.ShouldBeInRange((byte)0xFD, (byte)0xFE);
    }

    [Fact]
    public void Grey_becomes_three_equal_channels()
    {
        using var grey = new Mat(4, 4, MatType.CV_8UC1, new Scalar(77));
        Cv2.ImEncode(".png", grey, out var bytes);
        using var read = ImageReader.Read(_folder.Write("grey.png", bytes)).Value.ShouldNotBeNull();
        read.At<Vec3b>(3, 3).ShouldBe(new Vec3b(77, 77, 77));
    }

    [Fact]
    public void Alpha_is_dropped()
    {
        using var clear = new Mat(4, 4, MatType.CV_8UC4, new Scalar(10, 20, 30, 0));
        Cv2.ImEncode(".png", clear, out var bytes);
        using var read = ImageReader.Read(_folder.Write("alpha.png", bytes)).Value.ShouldNotBeNull();
        read.At<Vec3b>(0, 0).ShouldBe(new Vec3b(10, 20, 30));
    }

    [Fact]
    public void The_orientation_that_a_phone_gives_is_applied()
    {
        using var wide = new Mat(20, 40, MatType.CV_8UC3, Scalar.Black);
        Cv2.ImEncode(".jpg", wide, out var jpeg);
        // APP1 Exif: big-endian TIFF header, one entry: orientation (0x0112), SHORT, 1, 6 = turn a quarter clockwise.
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        byte[] phone = [.. jpeg[..2], .. exif, .. jpeg[2..]];
        using var read = ImageReader.Read(_folder.Write("phone.jpg", phone)).Value.ShouldNotBeNull();
        (read.Width, read.Height).ShouldBe((20, 40));
        var head = ImageReader.Head(phone, "phone.jpg").Value;
        (head.Width, head.Height).ShouldBe((20, 40), "known before it is decoded");
    }

    [Fact]
    public void Zero_bytes_are_refused() => FailureOf(_folder.Write("zero.png", "")).ShouldBe("image-empty");

    [Fact]
    public void A_missing_file_is_refused() => FailureOf(Path.Combine(_folder.Path, "gone.png")).ShouldBe("image-missing");

    [Fact]
    public void A_link_is_read_as_the_photo_that_it_points_to_and_one_to_nowhere_in_a_circle_or_to_a_device_is_refused()
    {
        _folder.Photo("a.png", 31, 17);
        string Link(string name, string to) => File.CreateSymbolicLink(Path.Combine(_folder.Path, name), to).FullName;
        Link("first.png", "a.png");
        using var read = ImageReader.Read(Link("second.png", "first.png")).Value.ShouldNotBeNull();
        (read.Width, read.Height).ShouldBe((31, 17));
        FailureOf(Link("nowhere.png", "gone.png")).ShouldBe("image-missing");
        Link("there.png", "back.png");
        FailureOf(Link("back.png", "there.png")).ShouldBe("image-unreadable");
        FailureOf(Link("endless.png", "/dev/zero")).ShouldBe("image-empty");
    }

    [Fact]
    public void Text_with_the_name_of_a_picture_is_refused() => FailureOf(_folder.Write("notes.png", "Dear diary")).ShouldBe("image-format");

    [Theory]
    [InlineData("half.jpg"), InlineData("half.png"), InlineData("half.bmp"), InlineData("half.tif")]
    public void A_file_truncated_anywhere_is_refused(string name)
    {
        var whole = File.ReadAllBytes(_folder.Photo("whole" + Path.GetExtension(name), 64, 64));
        foreach (var length in (int[])[4, 9, 30, whole.Length / 4, whole.Length / 2, whole.Length - whole.Length / 8])
            FailureOf(_folder.Write(name, whole.AsSpan(0, length))).ShouldBeOneOf("image-truncated", "image-format");
    }

    [Theory]
    [InlineData("a.jpg"), InlineData("a.png")]
    public void A_file_whose_second_half_was_never_written_is_refused(string name)
    {
        var bytes = File.ReadAllBytes(_folder.Photo(name, 64, 64));
        bytes.AsSpan(bytes.Length / 2).Clear();
        FailureOf(_folder.Write(name, bytes)).ShouldBe("image-truncated");
    }

    [Fact]
    public void A_damaged_png_is_refused()
    {
        var bytes = File.ReadAllBytes(_folder.Photo("damaged.png", 64, 64));
        for (var i = bytes.Length / 2; i < bytes.Length / 2 + 40; i++) bytes[i] ^= 0x5A;
        FailureOf(_folder.Write("damaged.png", bytes)).ShouldBe("image-unreadable");
    }

    [Fact]
    public void A_hundred_megapixels_are_refused_by_their_header()
    {
        var png = File.ReadAllBytes(_folder.Photo("large.png"));
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 10_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 10_000);
        var failure = ImageReader.Read(_folder.Write("large.png", png)).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("image-too-large");
        failure.Message.ShouldContain("10000 × 10000 = 100 megapixels; at most 50 are read, 150 MB decoded. Save it smaller.");
    }

    [Theory]
    [InlineData(5496, 3672, 16, true)]
    [InlineData(8000, 6000, 8, true)]
    [InlineData(8000, 6000, 16, false)]
    [InlineData(10_000, 8000, 16, false)]
    public void How_large_a_picture_may_be_follows_from_what_it_takes_decoded_and_20_megapixels_are_read_at_any_depth(int width, int height, int bits, bool read)
    {
        var png = File.ReadAllBytes(_folder.Photo("large.png"));
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        png[24] = (byte)bits;
        var head = ImageReader.Head(png, "large.png");
        head.Succeeded.ShouldBe(read);
        if (!read) head.Failure!.Message.ShouldContain("megapixels of 16 bits a channel; at most 25 are read, 150 MB decoded. Save it smaller or with 8 bits.");
    }

    [Fact]
    public void Thirty_two_bit_floats_are_refused()
    {
        using var deep = new Mat(4, 4, MatType.CV_32FC1, new Scalar(0.5));
        Cv2.ImEncode(".tif", deep, out var bytes);
        FailureOf(_folder.Write("float.tif", bytes)).ShouldBe("image-format");
    }

    [Fact]
    public void No_bytes_at_all_make_it_throw()
    {
        var random = new Random(7);
        var seeds = new[] { "s.jpg", "s.png", "s.bmp", "s.tif" }.Select(n => File.ReadAllBytes(_folder.Photo(n, 24, 24))).ToArray();
        for (var i = 0; i < 400; i++)
        {
            var bytes = (byte[])seeds[i % seeds.Length].Clone();
            for (var n = random.Next(1, 8); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var read = ImageReader.Decode(bytes.AsSpan(0, random.Next(1, bytes.Length + 1)), "random");
            read.Value?.Dispose();
        }
    }
}
