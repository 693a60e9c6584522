namespace Inspection.Vision.Tests.Teaching;

public sealed class LeftOutTests
{
    [Fact]
    public void A_part_is_compared_with_the_patches_of_all_others_and_never_with_its_own()
    {
        var parts = new LeftOut(channels: 2, places: 2);
        parts.Add(4, [1, 5, 1, 5]);
        parts.Add(7, [1, 2, 1, 2]);
        // The middle (1, 1) is taken off; part 4 has the patches (1, 1) and (5, 5), part 7 (1, 1) and (2, 2).
        PatchOrigin[] origins = [new(4, 0, 0), new(4, 1, 0), new(7, 1, 0)];
        var told = new List<(int, int)>();

        var distances = parts.Distances([0, 0, 4, 4, 1, 1], origins, [1, 1], (done, total) => told.Add((done, total)));

        distances[0].ShouldBe([MathF.Sqrt(2), MathF.Sqrt(18)]);
        distances[1].ShouldBe([0, MathF.Sqrt(2)]);
        told.ShouldBe([(1, 2), (2, 2)]);
    }

    [Fact]
    public void A_part_that_alone_fills_the_memory_has_nothing_to_be_compared_with()
    {
        var parts = new LeftOut(channels: 1, places: 1);
        parts.Add(0, [1]);
        parts.Add(1, [2]);
        parts.Distances([5], [new PatchOrigin(0, 0, 0)], [0], (_, _) => { }).ShouldBe([[3f]]);
    }

    [Fact]
    public void Sixty_parts_are_enough_and_of_large_pictures_fewer()
    {
        static int Kept(int places)
        {
            var parts = new LeftOut(channels: 1, places);
            for (var i = 0; i < 100; i++) parts.Add(i, new float[places]);
            return parts.Distances([0, 0], [new PatchOrigin(200, 0, 0), new PatchOrigin(201, 0, 0)], [0], (_, _) => { }).Count;
        }

        Kept(4).ShouldBe(60);
        Kept(4000).ShouldBe(10);
        Kept(400_000).ShouldBe(2);
    }
}
