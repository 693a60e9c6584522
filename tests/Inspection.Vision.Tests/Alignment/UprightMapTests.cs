using OpenCvSharp;

namespace Inspection.Vision.Tests.Alignment;

public sealed class UprightMapTests
{
    [Fact]
    public void A_point_goes_where_OpenCV_turns_it_on_a_photo_that_is_not_square()
    {
        var photo = new Size(600, 200);
        using var matrix = Cv2.GetRotationMatrix2D(new Point2f(299.5f, 99.5f), 30, 1);
        var (u, v) = AskewPhoto.Map(photo, 30, 0.1, -0.05).Of(400.5 / 600, 60.5 / 200);
        ((u * 600) - 0.5).ShouldBe((matrix.Get<double>(0, 0) * 400) + (matrix.Get<double>(0, 1) * 60) + matrix.Get<double>(0, 2) + 60, 1e-9);
        ((v * 200) - 0.5).ShouldBe((matrix.Get<double>(1, 0) * 400) + (matrix.Get<double>(1, 1) * 60) + matrix.Get<double>(1, 2) - 10, 1e-9);
    }

    [Fact]
    public void The_way_back_leads_to_where_it_began()
    {
        var map = AskewPhoto.Map(new Size(640, 480), -77, 0.2, 0.3);
        var (u, v) = map.Of(0.3, 0.9);
        var (x, y) = map.Back().Of(u, v);
        (x, y).ShouldSatisfyAllConditions(p => p.x.ShouldBe(0.3, 1e-12), p => p.y.ShouldBe(0.9, 1e-12));
    }

    [Fact]
    public void An_unturned_part_takes_its_own_pixels()
    {
        var matrix = new double[6];
        UprightMap.Unturned.Write(matrix, new Size(64, 48), new Size(64, 48));
        matrix.ShouldBe([1, 0, 0, 0, 1, 0]);
    }
}
