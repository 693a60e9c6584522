using System.Globalization;
using System.Security.Cryptography;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Shows good parts to a graph and collects what is wrong with their photos, so that all of it is told at once.</summary>
/// <param name="parts">The parts.</param>
/// <param name="shape">Width and height of most photos; the others must have nearly the same shape.</param>
/// <param name="limits">Limits beyond which a photo is refused.</param>
/// <param name="template">By what the parts are found; null where they are taken as they lie.</param>
internal sealed class PartPhotos(GoodParts parts, Size shape, FrameLimits limits, PartTemplate? template)
{
    // A photo that is this much wider or narrower shows another part, or the same one lying down.
    private const double MaxShapeDifference = 0.2;
    private const double NotedShapeDifference = 0.02;

    // The deepest level of the backbone sees one value for so many pixels.
    private const int LeastSide = 32;

    private readonly RefusedPhotos _problems = new();
    private readonly Dictionary<int, string> _pictures = [];
    private readonly List<string> _stretched = [];
    private readonly List<string> _scaled = [];

    /// <summary>What is wrong with the photos shown so far, each by name; null when nothing is.</summary>
    public Failure? Failure => _problems.Failure;

    /// <summary>The least likeness with the template of the photos shown so far; 1 where none is looked for.</summary>
    public double LeastLikeness { get; private set; } = 1;

    /// <summary>How many different pictures were shown; photos may differ as files and still show the same.</summary>
    public int Pictures => _pictures.Values.Distinct(StringComparer.Ordinal).Count();

    /// <summary>
    /// Which of the parts kept out show the same picture as one of the memory or as another one kept out before them: they
    /// are no parts of their own, and say nothing of where the limit lies.
    /// </summary>
    /// <param name="memory">Parts of the memory, shown already.</param>
    /// <param name="keptOut">Parts kept out, shown already.</param>
    public IReadOnlySet<int> Twins(IEnumerable<int> memory, IEnumerable<int> keptOut)
    {
        var seen = memory.Select(part => _pictures[part]).ToHashSet(StringComparer.Ordinal);
        return keptOut.Where(part => !seen.Add(_pictures[part])).ToHashSet();
    }

    /// <summary>What a person should know of photos that were used although they differ; nothing when they do not.</summary>
    public IEnumerable<string> Warnings => ((string?[])[Stretched, Scaled]).OfType<string>();

    private string? Scaled => _scaled.Count == 0
        ? null
        : $"{_scaled.Count} photo{(_scaled.Count == 1 ? " has" : "s have")} another size than most ({shape.Width} × {shape.Height}), such as {_scaled[0]}. What is given or told in pixels is of the size that most have; the line's camera gives one size.";

    private string? Stretched => _stretched.Count == 0
        ? null
        : $"{_stretched.Count} photo{(_stretched.Count == 1 ? " has" : "s have")} another shape than most ({shape.Width} × {shape.Height}) and {(_stretched.Count == 1 ? "was" : "were")} stretched to it, such as {_stretched[0]}; the line's camera gives one shape.";

    /// <summary>True where one photo is stretched to the other's shape so far that a person should know.</summary>
    public static bool IsStretched(Size one, Size other) => Difference(one, other) > NotedShapeDifference;

    /// <summary>True where two photos cannot show the same part in the same position.</summary>
    public static bool IsOtherShape(Size one, Size other) => Difference(one, other) > MaxShapeDifference;

    /// <summary>Shows one part.</summary>
    /// <param name="part">Its index.</param>
    /// <param name="run">The graph.</param>
    /// <param name="values">Receives what the graph gave, unless the photo cannot be read.</param>
    public void Show(int part, GraphRun run, GraphRun.Values values)
    {
        var name = parts.Names[part];
        var read = parts.Read(part);
        if (!read.Succeeded)
        {
            _problems.Add(name, read.Failure);
            return;
        }
        using var photo = read.Value;
        if (Math.Min(photo.Width, photo.Height) < LeastSide)
        {
            _problems.Add($"{name} has {photo.Width} × {photo.Height} pixels: too few to see a defect, at least {LeastSide} a side are needed.");
            return;
        }
        var difference = Difference(photo.Size(), shape);
        if (difference > MaxShapeDifference)
        {
            _problems.Add($"{name} has {photo.Width} × {photo.Height} pixels, most photos {shape.Width} × {shape.Height}: another shape.");
            return;
        }
        if (difference > NotedShapeDifference) _stretched.Add(name);
        else if (photo.Size() != shape) _scaled.Add($"{name} ({photo.Width} × {photo.Height})");
        var health = run.Run(photo, values);
        _pictures[part] = Convert.ToHexString(SHA256.HashData(run.Pixels));
        if (Unfit(health) is { } reason) _problems.Add($"{name} {reason}");
        else if (run.Pose is { } pose) Place(name, pose);
    }

    private void Place(string name, in Pose pose)
    {
        if (pose.Finding == PoseFinding.Found) LeastLikeness = Math.Min(LeastLikeness, pose.Likeness);
        else _problems.Add($"{name} {template!.Words(pose)}. {Remedy(pose.Finding)}");
    }

    private static string Remedy(PoseFinding finding) => finding switch
    {
        PoseFinding.TurnedTooFar => "Allow it with --align-turn, or lay the part otherwise.",
        PoseFinding.CutOff => "Take the photo with the whole part in it, or give a smaller --align X,Y,WIDTH,HEIGHT or --roi.",
        _ => "Give --align X,Y,WIDTH,HEIGHT as a piece that looks alike on all parts, or --align-turn where parts are turned farther.",
    };

    private static double Difference(Size one, Size other) => Math.Abs(Math.Log((double)one.Width / one.Height * other.Height / other.Width));

    private string? Unfit(in FrameHealth health)
    {
        if (health.Mean < limits.MinMean || health.DarkShare > limits.MaxDarkShare)
            return string.Create(CultureInfo.InvariantCulture, $"is black: mean brightness {health.Mean:0.#} of 255, {health.DarkShare:P0} dark pixels.");
        if (health.SaturatedShare > limits.MaxSaturatedShare)
            return string.Create(CultureInfo.InvariantCulture, $"is blown out: {health.SaturatedShare:P0} white pixels.");
        if (health.Sharpness < limits.MinSharpness)
            return string.Create(CultureInfo.InvariantCulture, $"is blurred or shows nothing: sharpness {health.Sharpness:0.##}, at least {limits.MinSharpness:0.##} is needed.");
        return null;
    }
}
