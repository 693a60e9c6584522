namespace Inspection.Vision.Tests.Teaching;

public sealed class PatchMemoryTests
{
    [Fact]
    public void The_oddest_patch_of_a_photo_is_the_one_farthest_from_all_other_photos()
    {
        var random = new Random(3);
        var (photos, each, channels) = (6, 9, TaughtGraph.Channels);
        float[][] patches = [.. Enumerable.Range(0, photos * each).Select(_ => Enumerable.Range(0, channels).Select(_ => random.NextSingle()).ToArray())];
        var memory = new PatchMemory(patches.Length, seed: 1);
        for (var i = 0; i < patches.Length; i++) memory.Offer(new PatchOrigin(i / each, i % each, 0), patches[i], place: 0, places: 1);
        memory.Choose(10, _ => { });

        double Distance(int a, int b) => Math.Sqrt(patches[a].Zip(patches[b], (x, y) => (double)(x - y) * (x - y)).Sum());
        var expected = Enumerable.Range(0, photos).Select(photo => Enumerable.Range(photo * each, each)
            .Max(own => Enumerable.Range(0, patches.Length).Where(other => other / each != photo).Min(other => Distance(own, other)))).ToArray();
        var oddest = memory.Oddest(first: 2, new HashSet<int>(), _ => { });
        oddest.Select(o => o.Photo).ShouldBe([2, 3, 4, 5]);
        foreach (var (photo, distance) in oddest) ((double)distance).ShouldBe(expected[photo], 1e-4);
        // A photo that repeats another is neither asked for nor compared with.
        var others = Enumerable.Range(0, each).Max(own => Enumerable.Range(0, patches.Length).Where(other => other / each is not (2 or 4)).Min(other => Distance((2 * each) + own, other)));
        var alone = memory.Oddest(first: 2, new HashSet<int> { 4 }, _ => { });
        alone.Select(o => o.Photo).ShouldBe([2, 3, 5]);
        ((double)alone[0].Distance).ShouldBe(others, 1e-4);
        memory.ToArray(without: 3).Length.ShouldBe(memory.ToArray().Length - (memory.Origins.Count(o => o.Photo == 3) * channels));
    }
}
