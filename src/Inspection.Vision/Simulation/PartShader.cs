namespace Inspection.Vision;

/// <summary>
/// The look of the simulated part, a milled plate, as a function of place: signed distances give the edges, the light
/// falls from the upper left. Units are 640ths of the frame's width, the origin is the plate's middle, y points down.
/// </summary>
internal static class PartShader
{
    /// <summary>Half of the plate's width.</summary>
    public const double HalfWidth = 200;

    /// <summary>Half of the plate's height.</summary>
    public const double HalfHeight = 132;

    /// <summary>The holes that can be missing: x, y, radius.</summary>
    public static readonly (double X, double Y, double R)[] Holes = [(-166, -98, 14), (166, -98, 14), (-166, 98, 14), (166, 98, 14), (-4, 108, 7.5), (20, 108, 7.5)];

    private const double Corner = 26;
    private const double LightX = -0.6;
    private const double LightY = -0.8;
    private const double BoreX = -78;
    private const double BoreR = 50;
    private const double RingR = 80;

    /// <summary>The colour at a place, premultiplied: grey value, opacity, and the coolness of its tint, all 0–1.</summary>
    /// <param name="x">To the right.</param>
    /// <param name="y">Downwards.</param>
    /// <param name="grain">Brushing of the metal at this place, about −1 to 1.</param>
    /// <param name="without">Index of the hole that is not there, or −1.</param>
    public static (double Grey, double Alpha, double Cool) At(double x, double y, double grain, int without)
    {
        var plate = Box(x, y, HalfWidth, HalfHeight, Corner);
        // The shadow lies to the lower right and is soft.
        var shadow = 0.55 * (1 - Smooth(-10, 16, Box(x - 7, y - 9, HalfWidth, HalfHeight, Corner)));
        if (plate > 0) return (0, shadow, 0);

        var grey = 0.63 + 0.05 * grain - 0.00035 * (x * 0.5 + y);
        grey += 0.10 * Math.Exp(-Square((x + y * 0.6 - 60) / 90));
        grey += Chamfer(x, y, plate);
        var depth = 0.0;

        var (rx, ry) = (x - BoreX, y);
        var r = Math.Sqrt(rx * rx + ry * ry);
        if (r < RingR + 3) grey = Turned(rx, ry, r, grey);
        depth = Math.Max(depth, Hole(rx, ry, r, BoreR, 5, ref grey));

        for (var i = 0; i < Holes.Length; i++)
        {
            if (i == without) continue;
            var (hx, hy, hr) = Holes[i];
            var (dx, dy) = (x - hx, y - hy);
            if (Math.Abs(dx) > 30 || Math.Abs(dy) > 30) continue;
            depth = Math.Max(depth, Hole(dx, dy, Math.Sqrt(dx * dx + dy * dy), hr, hr * 0.42, ref grey));
        }

        // The slot: a pocket with a milled floor.
        var slot = Box(x - 76, y + 80, 54, 14, 14);
        if (slot < 2)
        {
            var lit = LightY * Math.Sign(y + 80) * 0.16;
            if (slot > -3) grey += -lit * (1 - Math.Abs(slot) / 4);
            else grey = 0.40 + 0.015 * Math.Sin(x * 0.9) + 0.03 * grain - 0.12 * Smooth(7, 14, -(y + 80));
        }
        return (Math.Clamp(grey * (1 - depth), 0.03, 1), 1 - 0.25 * depth, 1 - depth);
    }

    /// <summary>Signed distance to a box with rounded corners, negative inside (Quilez, "2D distance functions").</summary>
    public static double Box(double x, double y, double halfWidth, double halfHeight, double corner)
    {
        var (qx, qy) = (Math.Abs(x) - halfWidth + corner, Math.Abs(y) - halfHeight + corner);
        return Math.Sqrt(Square(Math.Max(qx, 0)) + Square(Math.Max(qy, 0))) + Math.Min(Math.Max(qx, qy), 0) - corner;
    }

    public static double Smooth(double from, double to, double x)
    {
        var t = Math.Clamp((x - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }

    private static double Chamfer(double x, double y, double distance)
    {
        if (distance < -5) return 0;
        const double step = 0.5;
        var gx = (Box(x + step, y, HalfWidth, HalfHeight, Corner) - distance) / step;
        var gy = (Box(x, y + step, HalfWidth, HalfHeight, Corner) - distance) / step;
        return 0.22 * (gx * LightX + gy * LightY) * (distance < -4.4 ? 0.5 : 1);
    }

    /// <summary>A ring turned on a lathe: two bright sectors that follow the light, and fine grooves.</summary>
    private static double Turned(double x, double y, double r, double plain)
    {
        if (r > RingR) return plain - 0.18 * (1 - (r - RingR) / 3);
        var angle = Math.Atan2(y, x);
        var sheen = Math.Pow(Math.Abs(Math.Cos(angle + 0.9)), 6);
        return 0.50 + 0.30 * sheen + 0.025 * Math.Sin(r * 2.6) + 0.012 * Math.Sin(r * 7.1);
    }

    /// <summary>A hole with a countersink; returns how deep it is here, 0 to 1.</summary>
    private static double Hole(double x, double y, double r, double radius, double sink, ref double grey)
    {
        if (r > radius + sink + 1) return 0;
        var lit = r > 0 ? (x * LightX + y * LightY) / r : 0;
        if (r > radius)
        {
            // The far wall of a hollow faces the light.
            grey += -0.24 * lit * (1 - Smooth(radius + sink, radius + sink + 1, r));
            return 0;
        }
        var wall = Smooth(radius * 0.78, radius, r);
        grey = 0.13 + wall * (0.17 - 0.22 * lit);
        return 0.45 * (1 - wall) + 0.2;
    }

    private static double Square(double x) => x * x;
}
