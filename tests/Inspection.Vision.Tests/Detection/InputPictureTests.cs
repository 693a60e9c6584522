using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision.Tests;

public sealed class InputPictureTests
{
    [Fact]
    public void A_frame_of_the_models_size_arrives_as_planar_red_green_blue_between_0_and_1()
    {
        using var frame = new Mat(20, 34, MatType.CV_8UC3);
        for (var y = 0; y < 20; y++)
            for (var x = 0; x < 34; x++) frame.Set(y, x, new Vec3b((byte)(x * 7), (byte)(y * 12), (byte)(x + y)));
        var planes = Planes(34, 20);
        using var picture = new InputPicture(planes, 34, 20, ModelResize.Area);

        picture.Fill(frame);

        for (var y = 0; y < 20; y++)
            for (var x = 0; x < 34; x++)
            {
                var i = (y * 34) + x;
                planes[i].ShouldBe((x + y) / 255f, 1e-6f);
                planes[680 + i].ShouldBe((byte)(y * 12) / 255f, 1e-6f);
                planes[1360 + i].ShouldBe((byte)(x * 7) / 255f, 1e-6f);
            }
    }

    [Fact]
    public void A_small_defect_survives_shrinking_by_area_and_can_vanish_when_shrunk_linearly()
    {
        using var frame = new Mat(640, 640, MatType.CV_8UC3, Scalar.All(100));
        // One dark column that lies between the samples of a linear shrink by ten.
        Cv2.Line(frame, new Point(300, 0), new Point(300, 639), Scalar.All(0));
        Least(frame, ModelResize.Area).ShouldBeLessThan(95 / 255f);
        Least(frame, ModelResize.Linear).ShouldBe(100 / 255f, 1e-6f);

        static float Least(Mat frame, ModelResize resize)
        {
            var planes = Planes(64, 64);
            using var picture = new InputPicture(planes, 64, 64, resize);
            picture.Fill(frame);
            return planes.Min();
        }
    }

    [Fact]
    public void A_frame_of_one_pixel_fills_the_whole_input()
    {
        using var frame = new Mat(1, 1, MatType.CV_8UC3, new Scalar(51, 102, 204));
        var planes = Planes(32, 32);
        using var picture = new InputPicture(planes, 32, 32, ModelResize.Area);
        picture.Fill(frame);
        planes.Take(1024).ShouldAllBe(v => Math.Abs(v - 0.8f) < 1e-6);
        planes.Skip(2048).ShouldAllBe(v => Math.Abs(v - 0.2f) < 1e-6);
    }

    [Theory]
    [InlineData(256, 256)]
    [InlineData(97, 61)]
    public void The_measures_agree_with_OpenCV(int width, int height)
    {
        using var frame = Noise(width, height, seed: 3);
        using var grey = new Mat();
        Cv2.CvtColor(frame, grey, ColorConversionCodes.BGR2GRAY);
        using var laplacian = new Mat();
        Cv2.Laplacian(grey, laplacian, MatType.CV_64F);
        using var inner = laplacian[1, height - 1, 1, width - 1];
        Cv2.MeanStdDev(inner, out var _, out Scalar deviation);

        var health = Measures(frame).Single();

        health.Mean.ShouldBe((float)Cv2.Mean(grey).Val0, 0.001f);
        health.Sharpness.ShouldBe((float)(deviation.Val0 * deviation.Val0), 0.01f);
        health.DarkShare.ShouldBe(Share(grey, v => v < 16));
        health.SaturatedShare.ShouldBe(Share(grey, v => v > 250));
    }

    [Fact]
    public void Identical_pictures_are_counted_until_one_differs_by_a_single_step()
    {
        using var one = Noise(64, 48, seed: 1);
        using var other = one.Clone();
        other.Set(20, 20, new Vec3b(0, 0, 0));
        Measures(one, one, one, other, other, one).Select(h => h.IdenticalFor).ShouldBe([0, 1, 2, 0, 1, 0]);
    }

    [Fact]
    public void Filling_and_measuring_allocate_nothing_managed()
    {
        using var frame = Noise(640, 480, seed: 5);
        using var input = InputArray.Create(frame);
        using var picture = new InputPicture(Planes(256, 256), 256, 256, ModelResize.Area);
        for (var i = 0; i < 3; i++) FillAndMeasure();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) FillAndMeasure();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void FillAndMeasure()
        {
            picture.Fill(input);
            picture.Measure();
        }
    }

    private static List<FrameHealth> Measures(params Mat[] frames)
    {
        using var picture = new InputPicture(Planes(frames[0].Width, frames[0].Height), frames[0].Width, frames[0].Height, ModelResize.Area);
        var all = new List<FrameHealth>();
        foreach (var frame in frames)
        {
            picture.Fill(frame);
            all.Add(picture.Measure());
        }
        return all;
    }

    private static float Share(Mat grey, Func<byte, bool> condition)
    {
        grey.GetArray(out byte[] values);
        return (float)(values.Count(condition) / (double)values.Length);
    }

    private static float[] Planes(int width, int height) => GC.AllocateArray<float>(3 * width * height, pinned: true);

    private static Mat Noise(int width, int height, ulong seed)
    {
        var frame = new Mat(height, width, MatType.CV_8UC3);
        Cv2.SetTheRNG(seed);
        Cv2.Randu(frame, Scalar.All(0), Scalar.All(256));
        return frame;
    }
}
