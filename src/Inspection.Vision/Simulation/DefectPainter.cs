using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Paints a defect onto the part's picture, and the same shape onto its mask.</summary>
/// <param name="art">The part's pictures.</param>
internal sealed class DefectPainter(PartArt art)
{
    private const int Shift = 4;

    /// <summary>Paints.</summary>
    /// <param name="part">Premultiplied BGRA, already a copy of the printed part.</param>
    /// <param name="mask">Of the same size, one channel, black.</param>
    /// <param name="defect">What is wrong.</param>
    /// <param name="random">Where and how.</param>
    public void Paint(Mat part, Mat mask, SimulatedDefect defect, Random random)
    {
        switch (defect)
        {
            case SimulatedDefect.Scratch: Scratch(part, mask, random); break;
            case SimulatedDefect.Chip: Chip(part, mask, random); break;
            case SimulatedDefect.MissingHole: MissingHole(part, mask, random); break;
            case SimulatedDefect.Stain: Stain(part, mask, random); break;
            case SimulatedDefect.WrongPrint: WrongPrint(part, mask, random); break;
            case SimulatedDefect.ForeignBody: ForeignBody(part, mask, random); break;
        }
    }

    private void Scratch(Mat part, Mat mask, Random random)
    {
        var (x, y) = OnPlate(random, 50);
        var angle = random.NextDouble() * Math.PI;
        var length = 60 + 70 * random.NextDouble();
        var bend = (random.NextDouble() - 0.5) * 0.5;
        var line = new Point[9];
        for (var i = 0; i < line.Length; i++)
        {
            var t = i / 8.0 - 0.5;
            var a = angle + bend * t;
            line[i] = At(x + Math.Cos(a) * length * t, y + Math.Sin(a) * length * t);
        }
        var dark = Array.ConvertAll(line, p => new Point(p.X + (int)(art.Scale * 20), p.Y + (int)(art.Scale * 20)));
        var width = Math.Max(1, (int)Math.Round(1.6 * art.Scale));
        Cv2.Polylines(part, [dark], false, Grey(60), width, LineTypes.AntiAlias, Shift);
        Cv2.Polylines(part, [line], false, Grey(240), width, LineTypes.AntiAlias, Shift);
        Cv2.Polylines(mask, [line, dark], false, Scalar.White, width + 2, LineTypes.Link8, Shift);
    }

    private void Chip(Mat part, Mat mask, Random random)
    {
        var along = random.NextDouble() * 1.4 - 0.7;
        var (x, y) = random.Next(4) switch
        {
            0 => (along * PartShader.HalfWidth, -PartShader.HalfHeight),
            1 => (along * PartShader.HalfWidth, PartShader.HalfHeight),
            2 => (-PartShader.HalfWidth, along * PartShader.HalfHeight),
            _ => (PartShader.HalfWidth, along * PartShader.HalfHeight),
        };
        var size = 13 + 9 * random.NextDouble();
        var outline = Blob(random, x, y, size, 11, 0.35);
        var inner = Blob(random, x, y, size * 0.8, 11, 0.35);
        using var plate = new Mat(art.Size, MatType.CV_8UC1, Scalar.Black);
        using var gone = plate.Clone();
        Cv2.InRange(part, new Scalar(0, 0, 0, 200), Scalar.All(255), plate);
        Cv2.FillPoly(gone, [outline], Scalar.White, LineTypes.Link8, Shift);
        Cv2.BitwiseAnd(gone, plate, mask);
        // The broken face is bright and rough; where material is gone the belt shows, in the part's shadow.
        using var broken = part.Clone();
        Cv2.FillPoly(broken, [outline], Grey(205), LineTypes.AntiAlias, Shift);
        Cv2.FillPoly(broken, [inner], new Scalar(0, 0, 0, 120), LineTypes.AntiAlias, Shift);
        broken.CopyTo(part, mask);
    }

    private void MissingHole(Mat part, Mat mask, Random random)
    {
        var index = random.Next(PartShader.Holes.Length);
        var (x, y, r) = PartShader.Holes[index];
        var reach = r * 1.42 + 3;
        var where = Pixels(x - reach, y - reach, x + reach, y + reach);
        art.Shade(part, where, index);
        Cv2.Circle(mask, At(x, y), (int)(reach * art.Scale * (1 << Shift)), Scalar.White, -1, LineTypes.Link8, Shift);
    }

    private void Stain(Mat part, Mat mask, Random random)
    {
        var (x, y) = OnPlate(random, 45);
        var size = 16 + 14 * random.NextDouble();
        Cv2.FillPoly(mask, [Blob(random, x, y, size, 15, 0.3)], Scalar.White, LineTypes.Link8, Shift);
        for (var i = random.Next(2, 5); i > 0; i--)
            Cv2.FillPoly(mask, [Blob(random, x + (random.NextDouble() - 0.5) * 3 * size, y + (random.NextDouble() - 0.5) * 2 * size, size * 0.18, 9, 0.2)], Scalar.White, LineTypes.Link8, Shift);
        using var soft = new Mat();
        Cv2.GaussianBlur(mask, soft, new Size(0, 0), 2.2 * art.Scale);
        var rust = random.Next(2) == 0;
        Multiply(part, soft, rust ? new Scalar(0.30, 0.48, 0.78) : new Scalar(0.42, 0.50, 0.55));
    }

    private void WrongPrint(Mat part, Mat mask, Random random)
    {
        var wrong = art.WrongPrints[random.Next(art.WrongPrints.Count)];
        art.Bare.CopyTo(part);
        PartArt.Print(part, wrong);
        Cv2.Absdiff(art.RightPrint, wrong, mask);
        Cv2.Threshold(mask, mask, 60, 255, ThresholdTypes.Binary);
        using var kernel = Cv2.GetStructuringElement(MorphShapes.Rect, new Size(5, 5));
        Cv2.MorphologyEx(mask, mask, MorphTypes.Close, kernel);
    }

    private void ForeignBody(Mat part, Mat mask, Random random)
    {
        var (x, y) = OnPlate(random, 40);
        var width = Math.Max(1, (int)Math.Round(3.2 * art.Scale));
        if (random.Next(2) == 0)
        {
            // A turning: a curl of swarf with its shadow.
            var (turns, radius, phase) = (1.5 + random.NextDouble(), 7 + 5 * random.NextDouble(), random.NextDouble() * 6.3);
            var curl = new Point[40];
            for (var i = 0; i < curl.Length; i++)
            {
                var t = i / 39.0;
                var a = phase + t * turns * 2 * Math.PI;
                curl[i] = At(x + radius * Math.Cos(a) + 44 * (t - 0.5) * Math.Cos(phase), y + radius * Math.Sin(a) + 44 * (t - 0.5) * Math.Sin(phase));
            }
            var shadow = Array.ConvertAll(curl, p => new Point(p.X + (int)(art.Scale * 45), p.Y + (int)(art.Scale * 55)));
            Cv2.Polylines(part, [shadow], false, Grey(70), width, LineTypes.AntiAlias, Shift);
            Cv2.Polylines(part, [curl], false, new Scalar(90, 150, 185, 255), width, LineTypes.AntiAlias, Shift);
            Cv2.Polylines(part, [curl], false, new Scalar(190, 225, 240, 255), Math.Max(1, width / 3), LineTypes.AntiAlias, Shift);
            Cv2.Polylines(mask, [curl, shadow], false, Scalar.White, width + 1, LineTypes.Link8, Shift);
            return;
        }
        // A crumb of plastic, blue as packaging is so that it can be found.
        var size = 9 + 6 * random.NextDouble();
        var crumb = Blob(random, x, y, size, 7, 0.3);
        var cast = Array.ConvertAll(crumb, p => new Point(p.X + (int)(art.Scale * 40), p.Y + (int)(art.Scale * 50)));
        Cv2.FillPoly(part, [cast], Grey(60), LineTypes.AntiAlias, Shift);
        Cv2.FillPoly(part, [crumb], new Scalar(165, 95, 40, 255), LineTypes.AntiAlias, Shift);
        var shine = Blob(random, x - size * 0.25, y - size * 0.3, size * 0.4, 7, 0.2);
        Cv2.FillPoly(part, [shine], new Scalar(215, 150, 85, 255), LineTypes.AntiAlias, Shift);
        Cv2.FillPoly(mask, [crumb], Scalar.White, LineTypes.Link8, Shift);
        Cv2.FillPoly(mask, [cast], Scalar.White, LineTypes.Link8, Shift);
    }

    /// <summary>A place on the plain of the plate, away from the bore, where a defect is seen whole.</summary>
    private static (double X, double Y) OnPlate(Random random, double margin)
    {
        while (true)
        {
            var (x, y) = ((random.NextDouble() * 2 - 1) * (PartShader.HalfWidth - margin), (random.NextDouble() * 2 - 1) * (PartShader.HalfHeight - margin));
            if (Math.Sqrt((x + 78) * (x + 78) + y * y) > 62) return (x, y);
        }
    }

    private Point[] Blob(Random random, double x, double y, double size, int corners, double roughness)
    {
        var outline = new Point[corners];
        for (var i = 0; i < corners; i++)
        {
            var (angle, r) = (2 * Math.PI * i / corners, size * (1 + roughness * (random.NextDouble() * 2 - 1)));
            outline[i] = At(x + r * Math.Cos(angle), y + r * Math.Sin(angle));
        }
        return outline;
    }

    /// <summary>Darkens and tints where the weight is.</summary>
    private static void Multiply(Mat part, Mat weight, Scalar factor)
    {
        using var alpha = new Mat(weight.Size(), MatType.CV_8UC1, Scalar.White);
        using var four = new Mat();
        var channels = new Mat[3];
        for (var c = 0; c < 3; c++)
        {
            channels[c] = new Mat();
            weight.ConvertTo(channels[c], MatType.CV_8UC1, factor[c] - 1, 255);
        }
        Cv2.Merge([.. channels, alpha], four);
        foreach (var channel in channels) channel.Dispose();
        Cv2.Multiply(part, four, part, 1 / 255.0);
    }

    private Point At(double x, double y)
        => new((int)((x + PartArt.HalfWidth) * art.Scale * (1 << Shift)), (int)((y + PartArt.HalfHeight) * art.Scale * (1 << Shift)));

    private Rect Pixels(double left, double top, double right, double bottom)
    {
        var (a, b) = (At(left, top), At(right, bottom));
        var whole = new Rect(new Point(0, 0), art.Size);
        return new Rect(a.X >> Shift, a.Y >> Shift, (b.X - a.X) >> Shift, (b.Y - a.Y) >> Shift).Intersect(whole);
    }

    private static Scalar Grey(int value) => new(value, value, value, 255);
}
