using OpenCvSharp;

namespace Inspection.Vision.Tests.Alignment;

/// <summary>Photos whose parts are made to lie askew, by so much that it is known.</summary>
internal static class AskewPhoto
{
    /// <summary>A photo turned about its middle, then shifted; what comes from outside repeats its edge.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="turn">Degrees, counter-clockwise.</param>
    /// <param name="x">To the right, as a share of the width.</param>
    /// <param name="y">Downwards, as a share of the height.</param>
    /// <param name="between">How values between pixels are taken.</param>
    public static Mat Of(Mat photo, double turn, double x, double y, InterpolationFlags between = InterpolationFlags.Linear)
    {
        using var matrix = Cv2.GetRotationMatrix2D(new Point2f((photo.Width - 1) / 2f, (photo.Height - 1) / 2f), turn, 1);
        matrix.Set(0, 2, matrix.Get<double>(0, 2) + (x * photo.Width));
        matrix.Set(1, 2, matrix.Get<double>(1, 2) + (y * photo.Height));
        var askew = new Mat();
        Cv2.WarpAffine(photo, askew, matrix, photo.Size(), between, BorderTypes.Replicate);
        return askew;
    }

    /// <summary>What <see cref="Of"/> does, as a map of the photo.</summary>
    public static UprightMap Map(Size photo, double turn, double x, double y)
    {
        var middle = new Point2d(photo.Width / 2.0, photo.Height / 2.0);
        return UprightMap.Of(turn, middle, new Point2d(middle.X + (x * photo.Width), middle.Y + (y * photo.Height)), photo);
    }

    /// <summary>A template of a photo, which takes any likeness.</summary>
    public static PartTemplate Template(Mat photo, double turn, Rect? mark = null, double least = LikenessLimit.Least)
    {
        var made = PartTemplate.Of(photo, mark ?? TemplateMark.Choose(photo, turn), null, turn, null);
        made.Failure.ShouldBeNull();
        return made.Value! with { Card = made.Value.Card with { LeastLikeness = least } };
    }
}
