using Inspection.Core;
using Inspection.Vision.Tests.Frames;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Teaching;

/// <summary>Photos of simulated parts, a place for models, and teaching from one to the other with a small input.</summary>
internal sealed class TeachingFolder : IDisposable
{
    public static readonly SimulatedOptions Line = new() { Width = 320, Height = 240 };

    /// <summary>The frozen backbone of the repository.</summary>
    public static string Backbone { get; } = Path.Combine(Root(), "models", "backbones", "efficientnet-lite0");

    private readonly TemporaryFolder _folder = new();

    public string Photos => Path.Combine(_folder.Path, "photos");

    public string PathOf(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Writes so many good parts.</summary>
    public TeachingFolder With(int photos)
    {
        Directory.CreateDirectory(Photos);
        foreach (var (name, pixels) in SimulatedSet.Good(Line, photos))
            using (pixels) Photo($"{name}.png", pixels);
        return this;
    }

    /// <summary>Writes one photo among the others.</summary>
    public string Photo(string name, Mat pixels)
    {
        Cv2.ImEncode(Path.GetExtension(name), pixels, out var bytes);
        return _folder.Write("photos/" + name, bytes);
    }

    public TeachRequest Request(string model = "part/1") => new()
    {
        Good = Photos,
        Out = PathOf(model),
        Backbone = Backbone,
        Input = new InputSize(128, 96),
        MaxPatches = 200,
    };

    public static Outcome<TaughtModel> Teach(TeachRequest request) => new Teacher(TimeProvider.System).Teach(request);

    public static TaughtModel Taught(TeachRequest request)
    {
        var taught = Teach(request);
        taught.Failure.ShouldBeNull();
        return taught.Value!;
    }

    /// <summary>Teaches, expects a refusal, and that nothing at all was left where the model would stand.</summary>
    public Failure Refusal(TeachRequest request)
    {
        var failure = Teach(request).Failure.ShouldNotBeNull();
        var parent = PathOf("part");
        if (Directory.Exists(parent)) Directory.EnumerateFileSystemEntries(parent).ShouldBeEmpty();
        return failure;
    }

    public void Dispose() => _folder.Dispose();

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Inspection.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
