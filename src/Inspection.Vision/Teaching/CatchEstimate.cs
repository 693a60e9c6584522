using System.Globalization;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>How many painted defects of one kind and size the taught model would have caught.</summary>
/// <param name="Kind">What was painted.</param>
/// <param name="FromPixels">Its least length or diameter, in pixels of the first photo.</param>
/// <param name="ToPixels">Its greatest.</param>
/// <param name="Painted">How many were painted.</param>
/// <param name="Caught">How many of these score above the threshold.</param>
/// <param name="CaughtPicture">A caught one, relative to the version's folder; null where none was.</param>
/// <param name="MissedPicture">A missed one, likewise.</param>
public sealed record CaughtDefects(SyntheticDefect Kind, int FromPixels, int ToPixels, int Painted, int Caught, string? CaughtPicture, string? MissedPicture)
{
    /// <summary>In words: <c>22 of 25 of 14–36 px (2–5.1 mm)</c>.</summary>
    /// <param name="millimetresPerPixel">The scale of the photos; null where nobody has told.</param>
    public string Words(double? millimetresPerPixel)
    {
        var scale = millimetresPerPixel is { } mm ? string.Create(CultureInfo.InvariantCulture, $" ({FromPixels * mm:0.##}–{ToPixels * mm:0.##} mm)") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Caught} of {Painted} of {FromPixels}–{ToPixels} px{scale}");
    }
}

/// <summary>
/// Estimates at teach time what a model catches: defects painted on the parts kept out of the memory, scored by the
/// finished model at its own threshold. An estimate of painted defects, not a promise of real ones.
/// </summary>
internal sealed class CatchEstimate
{
    // Small, middling and large, as shares of the photo's short side.
    private static readonly (double From, double To)[] Sizes = [(0.03, 0.06), (0.06, 0.15), (0.15, 0.3)];

    private static readonly SyntheticDefect[] Kinds = Enum.GetValues<SyntheticDefect>();

    private const int LeastOfEach = 5, MostOfEach = 17;
    // Painting on twice the model's size is as good as on 20 megapixels, and a hundred times as fast.
    private const int Oversampling = 2;
    private const int LongSide = 160;
    private const int MaxBytes = 8192;

    private readonly Sum[,] _sums = new Sum[Kinds.Length, Sizes.Length];
    private readonly List<float> _scores = [];
    private readonly List<double> _milliseconds = [];
    private int _side;

    private CatchEstimate()
    {
    }

    /// <summary>Scores of the painted parts; one that is no longer found has none.</summary>
    public IReadOnlyList<float> Scores => _scores;

    /// <summary>How many of these were caught.</summary>
    public int Caught => _sums.Cast<Sum>().Sum(s => s.Caught);

    /// <summary>Time of one part, resize and measures included, by one thread: the fastest tenth, because what else the machine does only adds.</summary>
    public double Milliseconds => _milliseconds.Order().ElementAt(_milliseconds.Count / 10);

    /// <summary>
    /// Paints the same defects of each kind and size for all models and shows each to one after the other, so that whatever
    /// else the machine does falls on all; fewer defects where parts are few, because a person waits.
    /// </summary>
    /// <param name="parts">The good parts.</param>
    /// <param name="split">Those kept out are painted on.</param>
    /// <param name="region">Where the models look; null: everywhere.</param>
    /// <param name="template">By what parts are found; null: they are taken as they lie.</param>
    /// <param name="size">The models' input.</param>
    /// <param name="seed">Seed of all of it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tell">Called with the number done and of all; may throw to cancel.</param>
    /// <param name="models">Finished models, and the threshold above which a part is caught.</param>
    /// <returns>One for each model.</returns>
    public static CatchEstimate[] Of(
        GoodParts parts, PartSplit split, RegionOfInterest? region, PartTemplate? template, InputSize size, int seed, TimeProvider time, Action<int, int> tell,
        params IReadOnlyList<(byte[] Model, float Threshold)> models)
    {
        CatchEstimate[] estimates = [.. models.Select(_ => new CatchEstimate())];
        var runs = new List<GraphRun>();
        try
        {
            foreach (var (model, _) in models) runs.Add(new GraphRun(model, size, TaughtGraph.Score, template));
            var ofEach = Math.Clamp(split.Parts / 2, LeastOfEach, MostOfEach);
            var side = Paint(parts, split.KeptOut, region, template, size, ofEach, seed, tell, (kind, large, painted, box) =>
            {
                for (var i = 0; i < estimates.Length; i++) estimates[i].Add(kind, large, runs[i], painted, box, models[i].Threshold, time);
            });
            foreach (var estimate in estimates) estimate._side = side;
            return estimates;
        }
        finally
        {
            foreach (var run in runs) run.Dispose();
        }
    }

    /// <summary>Gives the numbers, and writes one picture of a caught and one of a missed defect of each kind and size.</summary>
    /// <param name="folder">Receives the pictures.</param>
    public IReadOnlyList<CaughtDefects> Write(NewFolder folder)
    {
        var found = new List<CaughtDefects>();
        for (var kind = 0; kind < Kinds.Length; kind++)
            for (var large = 0; large < Sizes.Length; large++)
                found.Add(_sums[kind, large].Write(folder, Kinds[kind], (int)Math.Round(_side * Sizes[large].From), (int)Math.Round(_side * Sizes[large].To)));
        return found;
    }

    private void Add(int kind, int large, GraphRun run, Mat painted, Rect box, float threshold, TimeProvider time)
    {
        // A part that is no longer found has no score; it would be diverted, but the model did not catch it.
        float? score = null;
        var began = time.GetTimestamp();
        run.Run(painted, values => score = values[0]);
        if (score is { } known)
        {
            _milliseconds.Add(time.GetElapsedTime(began).TotalMilliseconds);
            _scores.Add(known);
        }
        _sums[kind, large].Add(painted, box, score > threshold);
    }

    /// <summary>Paints defects of each kind and size; the same arguments paint the same.</summary>
    /// <returns>The short side of the photos, in pixels.</returns>
    private static int Paint(
        GoodParts parts, int[] kept, RegionOfInterest? region, PartTemplate? template, InputSize size, int ofEach, int seed, Action<int, int> tell, Action<int, int, Mat, Rect> show)
    {
        var random = new Random(seed);
        using var finder = template is null ? null : new PoseFinder(template);
        var total = Kinds.Length * Sizes.Length * ofEach;
        var (done, side) = (0, 0);
        // Part by part, so that each photo is read once, however large it is.
        for (var k = 0; k < kept.Length; k++)
        {
            var mine = Enumerable.Range(0, total).Where(i => i % ofEach % kept.Length == k).ToArray();
            if (mine.Length == 0) break;
            var read = parts.Read(kept[k]);
            // A photo that has vanished since it was taught from: the model stands, the estimate has fewer.
            if (!read.Succeeded) continue;
            using var whole = read.Value;
            if (side == 0) side = Math.Min(whole.Width, whole.Height);
            var scale = Math.Min(1.0, (double)Oversampling * Math.Max(size.Width, size.Height) / Math.Max(whole.Width, whole.Height));
            using var photo = scale < 1 ? whole.Resize(new Size(whole.Width * scale, whole.Height * scale), 0, 0, InterpolationFlags.Area) : whole.Clone();
            var ground = PartGround.Of(photo, region, finder?.Find(photo).ToPhoto.Back());
            foreach (var i in mine)
            {
                var (kind, large) = (i / ofEach / Sizes.Length, i / ofEach % Sizes.Length);
                var (from, to) = Sizes[large];
                using var painted = photo.Clone();
                var pixels = Math.Max(3, Math.Min(photo.Width, photo.Height) * (from + ((to - from) * random.NextDouble())));
                if (SyntheticDefects.Paint(painted, Kinds[kind], pixels, ground, random) is { } box)
                    show(kind, large, painted, box);
                tell(++done, total);
            }
        }
        return side;
    }

    /// <summary>One kind and size.</summary>
    private struct Sum
    {
        private int _painted;
        private byte[]? _caughtPicture;
        private byte[]? _missedPicture;

        /// <summary>How many were caught.</summary>
        public int Caught { get; private set; }

        public void Add(Mat painted, Rect box, bool caught)
        {
            _painted++;
            if (caught) Caught++;
            if (caught ? _caughtPicture is null : _missedPicture is null)
            {
                var picture = Picture(painted, box);
                if (caught) _caughtPicture = picture;
                else _missedPicture = picture;
            }
        }

        public readonly CaughtDefects Write(NewFolder folder, SyntheticDefect kind, int from, int to)
        {
            string? Write(byte[]? picture, string outcome)
            {
                if (picture is null) return null;
                var name = string.Create(CultureInfo.InvariantCulture, $"defects/{Codes.Of(kind)}-{from}-{outcome}.jpg");
                folder.Write(name, picture);
                return name;
            }

            return new(kind, from, to, _painted, Caught, Write(_caughtPicture, "caught"), Write(_missedPicture, "missed"));
        }

        /// <summary>A small copy with the defect framed; always labelled, because a program painted it.</summary>
        private static byte[] Picture(Mat painted, Rect box)
        {
            using var framed = painted.Clone();
            var margin = Math.Max(4, Math.Min(painted.Width, painted.Height) / 40);
            var frame = new Rect(box.X - margin, box.Y - margin, box.Width + (2 * margin), box.Height + (2 * margin));
            Cv2.Rectangle(framed, frame, new Scalar(0, 220, 255), Math.Max(1, Math.Min(painted.Width, painted.Height) / 150));
            var scale = Math.Min(1.0, (double)LongSide / Math.Max(framed.Width, framed.Height));
            using var small = framed.Resize(new Size(Math.Max(1, framed.Width * scale), Math.Max(1, framed.Height * scale)), 0, 0, InterpolationFlags.Area);
            using var hashed = new Mat();
            var id = new Guid(System.Security.Cryptography.SHA256.HashData(PictureEncoder.Encode(small, PictureFormat.Png, int.MaxValue, null, null))[..16]);
            return PictureEncoder.Encode(small, PictureFormat.Jpeg, MaxBytes, null, new AiLabel(id));
        }
    }
}
