using Inspection.Vision.Tests.Frames;

namespace Inspection.Vision.Tests.Teaching;

public sealed class SharedSetTests(ITestOutputHelper output)
{
    // What must be reached, and whether it takes too long for the ordinary run. The two hard sets move by 0.02 with the seed.
    private static readonly (string Set, string Input, double Auroc, bool OnlyLong)[] Sets =
    [
        ("dobot_cubes", "256x256", 0.9995, false),
        ("cookie", "256x256", 0.9995, false),
        ("screws", "256x256", 0.9995, false),
        ("solar_mono", "256x256", 0.69, true),
        ("ball_screw", "640x256", 0.91, true),
    ];

    [Fact]
    [Trait("Long", "sets")]
    public void The_public_sets_are_told_apart_as_well_as_the_models_README_says()
    {
        var root = SharedPhotos.Root;
        Assert.SkipUnless(root is not null && Sets.All(s => File.Exists(Path.Combine(root, s.Set, "manifest.csv"))), SharedPhotos.WhyNot);
        var all = Environment.GetEnvironmentVariable("INSPECTION_LONG") == "sets";
        foreach (var (set, input, auroc, _) in Sets.Where(s => all || !s.OnlyLong))
            for (var seed = 1; seed <= (all ? 3 : 1); seed++)
                Teach(Path.Combine(root!, set, "manifest.csv"), input, seed).ShouldBeGreaterThanOrEqualTo(auroc, $"{set}, seed {seed}");
    }

    private double Teach(string manifest, string input, int seed)
    {
        using var folder = new TeachingFolder();
        var taught = TeachingFolder.Taught(folder.Request() with { Good = manifest, Input = InputSize.Parse(input).Value, MaxPatches = 1000, Seed = seed });
        var evaluation = new Evaluator(TimeProvider.System).Evaluate(taught.Folder, manifest).Value.ShouldNotBeNull();
        output.WriteLine($"{Path.GetFileName(Path.GetDirectoryName(manifest))} seed {seed}: {taught.Photos} parts, {taught.Took.TotalSeconds:F1} s, AUROC {evaluation.Auroc:F4}, bound {taught.Card.Bound!.MaxFalseRejectRate:P1}, false rejects {evaluation.FalseRejectRate:P1}, escapes {evaluation.EscapeRate:P1}, at 1 % {evaluation.EscapeRateAt["0.01"]:P1}, at 5 % {evaluation.EscapeRateAt["0.05"]:P1}, {evaluation.MedianMilliseconds:F1} ms");
        return evaluation.Auroc!.Value;
    }
}
