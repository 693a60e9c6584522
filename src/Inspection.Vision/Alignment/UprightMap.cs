using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>
/// Where each point of a part that lies upright is on a photo. Points are shares of width and height, from 0 at the left
/// upper corner to 1, so that they hold for a picture of any size.
/// </summary>
/// <param name="Xx">u' = <c>Xx·u + Xy·v + X</c>.</param>
/// <param name="Xy">See <paramref name="Xx"/>.</param>
/// <param name="X">See <paramref name="Xx"/>.</param>
/// <param name="Yx">v' = <c>Yx·u + Yy·v + Y</c>.</param>
/// <param name="Yy">See <paramref name="Yx"/>.</param>
/// <param name="Y">See <paramref name="Yx"/>.</param>
internal readonly record struct UprightMap(double Xx, double Xy, double X, double Yx, double Yy, double Y)
{
    /// <summary>A part that lies upright already.</summary>
    public static UprightMap Unturned { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>A part turned about a point, which itself lies elsewhere.</summary>
    /// <param name="turn">Degrees, counter-clockwise.</param>
    /// <param name="from">The point where it lies upright, in pixels' edges: 0 is the left edge of the first pixel.</param>
    /// <param name="to">Where it is on the photo, likewise.</param>
    /// <param name="picture">The picture whose pixels these are; they are square on the photo.</param>
    public static UprightMap Of(double turn, Point2d from, Point2d to, Size picture)
    {
        var (sin, cos) = Math.SinCos(turn * Math.PI / 180);
        var (w, h) = ((double)picture.Width, (double)picture.Height);
        return new(
            cos, sin * h / w, (to.X - (cos * from.X) - (sin * from.Y)) / w,
            -sin * w / h, cos, (to.Y + (sin * from.X) - (cos * from.Y)) / h);
    }

    /// <summary>Where a point is on the photo.</summary>
    public (double U, double V) Of(double u, double v) => ((Xx * u) + (Xy * v) + X, (Yx * u) + (Yy * v) + Y);

    /// <summary>The way back: from the photo to the part that lies upright.</summary>
    public UprightMap Back()
    {
        var d = (Xx * Yy) - (Xy * Yx);
        return new(Yy / d, -Xy / d, ((Xy * Y) - (Yy * X)) / d, -Yx / d, Xx / d, ((Yx * X) - (Xx * Y)) / d);
    }

    /// <summary>Writes it as OpenCV wants it: from the pixels of an upright picture to those of a photo, whose middles are whole numbers.</summary>
    /// <param name="matrix">Receives 2 × 3 values.</param>
    /// <param name="upright">The upright picture's size.</param>
    /// <param name="photo">The photo's size.</param>
    public void Write(Span<double> matrix, Size upright, Size photo)
    {
        var (u, v) = Of(0.5 / upright.Width, 0.5 / upright.Height);
        matrix[0] = Xx * photo.Width / upright.Width;
        matrix[1] = Xy * photo.Width / upright.Height;
        matrix[2] = (u * photo.Width) - 0.5;
        matrix[3] = Yx * photo.Height / upright.Width;
        matrix[4] = Yy * photo.Height / upright.Height;
        matrix[5] = (v * photo.Height) - 0.5;
    }
}
