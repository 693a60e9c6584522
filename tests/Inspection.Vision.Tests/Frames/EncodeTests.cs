using System.Text;
using System.Text.Json;
using Inspection.Core;
using Inspection.Testing;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Frames;

public sealed class EncodeTests : IDisposable
{
    private readonly MatFramePool _pool = new();

    public void Dispose()
    {
        _pool.Outstanding.ShouldBe(0);
        _pool.Dispose();
    }

    private MatFrame Frame(bool generated, int width = 320, int height = 240, bool noisy = false)
    {
        var time = TimeProvider.System;
        var frame = _pool.TryRent(width, height, new FrameDescription(Identifiers.New(time), Some.Trigger(time), "camera1", time.GetUtcNow(), generated, generated))!;
        frame.Pixels.SetTo(new Scalar(120, 120, 120));
        if (noisy) Cv2.Randu(frame.Pixels, Scalar.All(0), Scalar.All(255));
        return frame;
    }

    private static JsonElement AigcOf(byte[] file, PictureFormat format)
    {
        var text = Encoding.UTF8.GetString(file);
        var key = format == PictureFormat.Png ? "iTXtAIGC\0\0\0\0\0" : "<TC260:AIGC>";
        var from = text.IndexOf(key, StringComparison.Ordinal);
        from.ShouldBeGreaterThan(0, "there is no AIGC field");
        from += key.Length;
        return JsonElement.Parse(text[from..(text.IndexOf('}', from) + 1)]);
    }

    /// <summary>Height in pixels of what is bright in the lower left corner, where the label is.</summary>
    private static int LabelHeight(Mat picture)
    {
        using var corner = picture.SubMat(new Rect(0, picture.Height * 3 / 4, Math.Max(1, Math.Min(picture.Width, picture.Height / 8)), picture.Height - picture.Height * 3 / 4));
        using var bright = new Mat();
        Cv2.InRange(corner, Scalar.All(200), Scalar.All(255), bright);
        using var points = new Mat();
        Cv2.FindNonZero(bright, points);
        return points.Empty() ? 0 : Cv2.BoundingRect(points).Height;
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg), InlineData(PictureFormat.Png)]
    public void A_generated_frame_carries_the_label_visibly_and_as_metadata(PictureFormat format)
    {
        using var frame = Frame(generated: true, 640, 480);
        var file = frame.Encode(format, 500_000);
        var aigc = AigcOf(file, format);
        foreach (var field in (string[])["Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2"])
            aigc.GetProperty(field).ValueKind.ShouldBe(JsonValueKind.String);
        aigc.GetProperty("ProduceID").GetString().ShouldBe(frame.Id.ToString());
        using var seen = ImageReader.Decode(file, "file").Value.ShouldNotBeNull();
        LabelHeight(seen).ShouldBeGreaterThanOrEqualTo(24);
        frame.Pixels.At<Vec3b>(479, 5).ShouldBe(new Vec3b(120, 120, 120), "the frame itself stays unmarked");
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg), InlineData(PictureFormat.Png)]
    public void A_camera_picture_never_carries_the_label(PictureFormat format)
    {
        using var frame = Frame(generated: false);
        var file = frame.Encode(format, 500_000);
        Encoding.Latin1.GetString(file).ShouldNotContain("AIGC");
        using var seen = ImageReader.Decode(file, "file").Value.ShouldNotBeNull();
        Cv2.Norm(frame.Pixels, seen, NormTypes.INF).ShouldBeLessThanOrEqualTo(2);
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg), InlineData(PictureFormat.Png)]
    public void A_heat_map_over_a_camera_picture_carries_the_label(PictureFormat format)
    {
        using var frame = Frame(generated: false, 480, 480);
        var overlay = new Overlay([0, 1, 2, 4], 2, 2, 2, [new DefectRegion(300, 200, 40, 30, 900, null, 4, [300, 200, 340, 200, 340, 230, 300, 230])]);
        var file = frame.Encode(format, 500_000, overlay);
        AigcOf(file, format).GetProperty("Label").GetString().ShouldBe("1");
        using var seen = ImageReader.Decode(file, "file").Value.ShouldNotBeNull();
        LabelHeight(seen).ShouldBeGreaterThanOrEqualTo(24);
        var cold = seen.At<Vec3b>(20, 20);
        var hot = seen.At<Vec3b>(400, 460);
        ((int)cold.Item0).ShouldBeInRange(110, 130, "far below the threshold the picture is seen as it is");
        hot.Item2.ShouldBeGreaterThan(hot.Item0, "above the threshold it is red");
    }

    [Fact]
    public void What_the_model_does_not_look_at_is_dark()
    {
        using var frame = Frame(generated: false, 480, 480);
        using var seen = ImageReader.Decode(frame.Encode(PictureFormat.Png, 500_000, new Overlay([0, Overlay.NotLookedAt, 0, 0], 2, 2, 2, [])), "file").Value.ShouldNotBeNull();
        ((int)seen.At<Vec3b>(20, 20).Item0).ShouldBeInRange(110, 130);
        ((int)seen.At<Vec3b>(20, 300).Item0).ShouldBeInRange(44, 52);
    }

    [Fact]
    public void The_threshold_stands_at_the_middle_of_the_colours()
    {
        OverlayPainter.Level(2, 2, 2).ShouldBe((byte)127);
        OverlayPainter.Level(0, 2, 2).ShouldBe((byte)0);
        OverlayPainter.Level(4, 2, 2).ShouldBe((byte)255);
        OverlayPainter.Level(float.NaN, 2, 2).ShouldBe((byte)255);
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg, 4096), InlineData(PictureFormat.Jpeg, 60_000), InlineData(PictureFormat.Png, 4096), InlineData(PictureFormat.Png, 200_000)]
    public void A_picture_is_made_smaller_until_it_fits(PictureFormat format, int maxBytes)
    {
        foreach (var generated in (bool[])[true, false])
        {
            using var frame = Frame(generated, 800, 600, noisy: true);
            var file = frame.Encode(format, maxBytes);
            file.Length.ShouldBeLessThanOrEqualTo(maxBytes);
            using var seen = ImageReader.Decode(file, "file").Value.ShouldNotBeNull();
            seen.Width.ShouldBeGreaterThan(10);
        }
    }

    [Theory]
    [InlineData(1, 1), InlineData(1, 500), InlineData(500, 1), InlineData(20, 20), InlineData(3000, 100)]
    public void Pictures_of_odd_sizes_are_encoded_too(int width, int height)
    {
        using var frame = Frame(generated: true, width, height);
        foreach (var format in Enum.GetValues<PictureFormat>())
        {
            var file = frame.Encode(format, 500_000, new Overlay([1f], 1, 1, 0.5f, []));
            using var seen = ImageReader.Decode(file, "file").Value.ShouldNotBeNull();
            (seen.Width, seen.Height).ShouldBe((width, height));
        }
    }

    [Fact]
    public void Maps_with_odd_values_are_drawn()
    {
        using var frame = Frame(generated: false);
        foreach (var (map, threshold) in ((float[], float)[])[([float.NaN, 1], 1), ([-3, -1], -2), ([0, 0], 0), ([float.PositiveInfinity, 0], 0)])
            frame.Encode(PictureFormat.Jpeg, 100_000, new Overlay(map, 2, 1, threshold, [new DefectRegion(1, 1, 5, 5, 25, null, 1, [])])).ShouldNotBeEmpty();
    }

    [Fact]
    public void The_metadata_chunk_of_a_png_has_the_checksum_that_the_standard_asks_for()
        => AiLabel.Crc("IEND"u8).ShouldBe(0xAE426082u);

    [Fact]
    public void A_limit_below_4096_bytes_is_a_bug_of_the_caller()
    {
        using var frame = Frame(generated: false);
        Should.Throw<ArgumentOutOfRangeException>(() => frame.Encode(PictureFormat.Jpeg, 4095));
    }
}
