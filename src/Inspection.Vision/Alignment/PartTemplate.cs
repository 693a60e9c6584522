using System.Globalization;
using System.Security.Cryptography;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>
/// The piece of the reference photo by which parts are found, so that they are turned upright before the model sees them.
/// </summary>
/// <param name="Card">What the model's card says of it.</param>
/// <param name="Png">Its picture as a file, as it stands in the model's folder.</param>
internal sealed record PartTemplate(ModelAlignment Card, byte[] Png)
{
    /// <summary>Its file's name in the model's folder.</summary>
    public const string FileName = "template.png";

    // So many pixels has the picture in which parts are searched; 128 × 128 found them no better (models' README).
    private const double SearchPixels = 96 * 96;

    // Smaller templates leave the search at half the size nothing to hold on to.
    private const int LeastSide = 16;

    // Standard deviation of the edges' steepness, of 255, below which there is nothing to be found again.
    private const double LeastEdges = 2;

    // A part at the very end of its range is still within it, and one that touches the picture's edge is still in it.
    private const double TurnTolerance = 0.5;
    private const double EdgeTolerance = 0.5;

    /// <summary>Size of the picture in which parts are searched; its pixels are square on the reference photo.</summary>
    public Size Search { get; } = SearchSize(Card.PhotoWidth, Card.PhotoHeight);

    /// <summary>Where the template is on that picture when the part lies upright; of even width and height.</summary>
    public Rect Place { get; } = PlaceOf(Card.Mark, Card.PhotoWidth, Card.PhotoHeight);

    /// <summary>Parts may be turned so far to either side, in degrees, 0–180.</summary>
    public double Turn => Card.Turn;

    /// <summary>Makes a template from a reference photo.</summary>
    /// <param name="photo">The photo of a good part, 8-bit BGR.</param>
    /// <param name="mark">The piece of it that is searched, in its pixels.</param>
    /// <param name="region">Where the model looks; must lie in the picture as the mark must. Null: only the mark.</param>
    /// <param name="turn">Parts may be turned so far to either side, in degrees, 0–180.</param>
    /// <param name="label">The AI-content label where a program made the photo; null for a camera's.</param>
    /// <returns>The template, which finds whatever is like it at all; or why no part could be found by it.</returns>
    public static Outcome<PartTemplate> Of(Mat photo, Rect mark, Rect? region, double turn, AiLabel? label)
    {
        var whole = new Rect(0, 0, photo.Width, photo.Height);
        if (mark.Width <= 0 || mark.Height <= 0 || !whole.Contains(mark))
            return new Failure("align-outside", $"The mark {Words(mark)} does not lie within the reference photo ({photo.Width} × {photo.Height}). Give --align as X,Y,WIDTH,HEIGHT in its pixels, from the left upper corner, or without a mark.");
        var place = PlaceOf(BoxOf(mark), photo.Width, photo.Height);
        if (place.Width < LeastSide || place.Height < LeastSide)
        {
            var least = Math.Ceiling((LeastSide + 1) * (double)photo.Width / SearchSize(photo.Width, photo.Height).Width);
            return new Failure("align-too-small", $"The mark {Words(mark)} is too small to tell how a part is turned: at least {least:0} × {least:0} pixels of the reference photo are needed. Give a larger one as --align X,Y,WIDTH,HEIGHT.");
        }
        if (!TemplateMark.Fits(mark.Size, photo.Size(), turn))
            return new Failure("align-too-large", string.Create(CultureInfo.InvariantCulture, $"The mark {Words(mark)} turned by {turn:0.#}° is larger than the photo ({photo.Width} × {photo.Height}), so such a part could not be found. Give a smaller one, or a smaller --align-turn."));

        using var grey = Small(photo);
        using var piece = grey[place];
        using (var edges = PoseWindow.EdgesOf(piece))
        {
            Cv2.MeanStdDev(edges, out var _, out Scalar deviation);
            if (!(deviation.Val0 >= LeastEdges))
                return new Failure("align-featureless", $"The mark {Words(mark)} of the reference photo shows hardly any edge, so no part can be found by it. Give one with outlines or print, as --align X,Y,WIDTH,HEIGHT.");
        }
        var png = Encode(piece, label);
        return new PartTemplate(
            new ModelAlignment(
                FileName, Convert.ToHexStringLower(SHA256.HashData(png)), photo.Width, photo.Height,
                BoxOf(mark), BoxOf(region is { } looked ? mark.Union(looked) : mark), turn, LikenessLimit.Least),
            png);
    }

    /// <summary>Reads a model's template.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="card">What its card says of it, checked.</param>
    public static Outcome<PartTemplate> Read(string folder, ModelAlignment card)
    {
        var path = Path.Combine(folder, card.File);
        const string Remedy = "Copy the version folder again, unchanged; without it parts would be judged as they lie, which the model was not taught.";
        try
        {
            if (!File.Exists(path)) return new Failure("model-template", $"There is no {path}, by which the model finds its parts. {Remedy}");
            var png = File.ReadAllBytes(path);
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(png));
            if (sha256 != card.Sha256)
                return new Failure("model-template", $"{path} has the SHA-256 {sha256}, the card says {card.Sha256}: it is not the template that the model was taught with. {Remedy}");
            var template = new PartTemplate(card, png);
            using var picture = Cv2.ImDecode(png, ImreadModes.Grayscale);
            return picture.Width == template.Place.Width && picture.Height >= template.Place.Height
                ? template
                : new Failure("model-template", $"{path} is {picture.Width} × {picture.Height}, the card's mark takes {template.Place.Width} × {template.Place.Height}: the card was changed. {Remedy}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("model-template", $"{path} cannot be read: {e.Message} {Remedy}");
        }
    }

    /// <summary>The template, 8-bit grey; the caller disposes of it.</summary>
    public Mat Picture()
    {
        using var labelled = Cv2.ImDecode(Png, ImreadModes.Grayscale);
        return labelled[0, Place.Height, 0, Place.Width].Clone();
    }

    /// <summary>Draws a picture in which the part is found, unturned: the template on grey.</summary>
    /// <param name="pixels">8-bit BGR.</param>
    public void Draw(Mat pixels)
    {
        pixels.SetTo(Scalar.All(127));
        int At(int place, int places, int side) => (int)((long)place * side / places);
        var (left, right) = (At(Place.Left, Search.Width, pixels.Width), At(Place.Right, Search.Width, pixels.Width));
        var (top, bottom) = (At(Place.Top, Search.Height, pixels.Height), At(Place.Bottom, Search.Height, pixels.Height));
        using var grey = Picture();
        using var colour = grey.CvtColor(ColorConversionCodes.GRAY2BGR);
        using var large = colour.Resize(new Size(right - left, bottom - top));
        using var target = pixels[top, bottom, left, right];
        large.CopyTo(target);
    }

    /// <summary>Says whether what the search found is a part that may be judged.</summary>
    /// <param name="turn">Degrees, counter-clockwise.</param>
    /// <param name="middle">The template's middle on the picture that is searched; the middle of its first pixel is 0, 0.</param>
    /// <param name="likeness">Correlation there.</param>
    public Pose Judge(double turn, Point2d middle, double likeness)
    {
        turn = Math.IEEERemainder(turn, 360);
        var map = UprightMap.Of(
            turn, new Point2d(Place.X + (Place.Width / 2.0), Place.Y + (Place.Height / 2.0)), new Point2d(middle.X + 0.5, middle.Y + 0.5), Search);
        // Written so that a likeness that is no number is none.
        var finding = !(likeness >= Card.LeastLikeness) ? PoseFinding.Unlike
            : Math.Abs(turn) > Turn + TurnTolerance ? PoseFinding.TurnedTooFar
            : IsInView(map) ? PoseFinding.Found : PoseFinding.CutOff;
        return new Pose(finding, turn, likeness, finding == PoseFinding.Found ? map : UprightMap.Unturned);
    }

    /// <summary>Why a part counts as not found, for people; it goes after the part's name.</summary>
    public string Words(in Pose pose) => pose.Finding switch
    {
        PoseFinding.Unlike => string.Create(CultureInfo.InvariantCulture, $"shows nothing like the mark: likeness {pose.Likeness:0.##}, at least {Card.LeastLikeness:0.##} is needed"),
        PoseFinding.TurnedTooFar => string.Create(CultureInfo.InvariantCulture, $"shows the part turned by {pose.Turn:0.#}°, more than {Turn:0.#}° to either side"),
        PoseFinding.CutOff => "shows the part cut off: the mark, or the region of interest, reaches beyond the picture's edge",
        _ => "shows the part",
    };

    private bool IsInView(in UprightMap map)
    {
        var box = Card.InView;
        return IsInside(map, box.X, box.Y) && IsInside(map, box.X + box.Width, box.Y)
            && IsInside(map, box.X, box.Y + box.Height) && IsInside(map, box.X + box.Width, box.Y + box.Height);
    }

    private bool IsInside(in UprightMap map, int x, int y)
    {
        var (u, v) = map.Of((double)x / Card.PhotoWidth, (double)y / Card.PhotoHeight);
        var (alongX, alongY) = (EdgeTolerance / Search.Width, EdgeTolerance / Search.Height);
        return u >= -alongX && u <= 1 + alongX && v >= -alongY && v <= 1 + alongY;
    }

    private static Size SearchSize(int width, int height)
    {
        int Even(double side) => Math.Max(LeastSide, 2 * (int)Math.Round(side / 2));
        var wide = Even(Math.Sqrt(SearchPixels * width / height));
        return new Size(wide, Even((double)wide * height / width));
    }

    private static Rect PlaceOf(PhotoBox mark, int width, int height)
    {
        var scale = (double)SearchSize(width, height).Width / width;
        var (x, y) = ((int)Math.Round(mark.X * scale), (int)Math.Round(mark.Y * scale));
        var box = new Rect(x, y, (int)Math.Round(mark.Width * scale), (int)Math.Round(mark.Height * scale)).Intersect(new Rect(new Point(0, 0), SearchSize(width, height)));
        return new Rect(box.X, box.Y, box.Width / 2 * 2, box.Height / 2 * 2);
    }

    private static Mat Small(Mat photo)
    {
        using var small = photo.Resize(SearchSize(photo.Width, photo.Height), 0, 0, InterpolationFlags.Area);
        return small.CvtColor(ColorConversionCodes.BGR2GRAY);
    }

    /// <summary>A label would become a part of what is searched, so it stands in a strip below.</summary>
    private static byte[] Encode(Mat piece, AiLabel? label)
    {
        using var strip = new Mat();
        Cv2.CopyMakeBorder(piece, strip, 0, label is null ? 0 : Math.Max(8, Math.Min(piece.Width, piece.Height) / 4), 0, 0, BorderTypes.Constant, Scalar.Black);
        return PictureEncoder.Encode(strip, PictureFormat.Png, int.MaxValue, null, label);
    }

    private static PhotoBox BoxOf(Rect rect) => new(rect.X, rect.Y, rect.Width, rect.Height);

    private static string Words(Rect box) => $"{box.X},{box.Y},{box.Width},{box.Height}";
}
