namespace Inspection.Vision.Tests.Teaching;

public sealed class CoresetTests
{
    [Fact]
    public void It_chooses_exactly_what_the_plain_method_chooses()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var (count, channels) = (random.Next(2, 120), random.Next(1, 30));
            var most = random.Next(1, count + 1);
            // Coarse values, so that equal distances occur.
            float[] patches = [.. Enumerable.Range(0, count * channels).Select(_ => (float)random.Next(6))];
            Choose(patches, channels, most, seed).ShouldBe(Plain(patches, channels, most, seed), $"seed {seed}");
        }
    }

    [Fact]
    public void Equal_patches_are_chosen_once()
    {
        float[] patches = [1, 1, 5, 5, 1, 1, 5, 5, 9, 9];
        Choose(patches, channels: 2, most: 5, seed: 3).Length.ShouldBe(3);
    }

    [Fact]
    public void What_is_offered_later_is_chosen_in_addition_and_nothing_is_given_up()
    {
        var random = new Random(8);
        float[] patches = [.. Enumerable.Range(0, 300 * 7).Select(_ => random.NextSingle())];
        var coreset = new Coreset(patches, 7, seed: 1);
        coreset.Offer(200);
        coreset.Choose(30, 0, _ => { });
        int[] first = [.. coreset.Chosen];
        coreset.Offer(300);
        coreset.Choose(60, 0, _ => { });
        coreset.Chosen.Take(30).ShouldBe(first);
        coreset.Chosen.Count.ShouldBe(60);
        coreset.Chosen.ShouldContain(c => c >= 200);
        coreset.Chosen.ShouldBeUnique();
    }

    [Fact]
    public void Patches_that_are_kept_stay_first_and_none_is_added_that_lies_near_enough_to_one()
    {
        var coreset = new Coreset([0, 10, 11, 12, 14, 30], channels: 1, seed: 1);
        coreset.Keep(2);
        coreset.Offer(6);
        coreset.Choose(6, cover: 3, _ => { });
        coreset.Chosen.ShouldBe([0, 1, 5, 4]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(345)]
    public void A_distance_is_right_for_any_number_of_channels(int channels)
    {
        var random = new Random(channels);
        float[] a = [.. Enumerable.Range(0, channels).Select(_ => random.NextSingle())], b = [.. a.Select(_ => random.NextSingle())];
        Coreset.SquaredDistance(a, b).ShouldBe(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum(), 1e-3f);
    }

    private static int[] Choose(float[] patches, int channels, int most, int seed)
    {
        var coreset = new Coreset(patches, channels, seed);
        coreset.Offer(patches.Length / channels);
        coreset.Choose(most, 0, _ => { });
        return [.. coreset.Chosen];
    }

    private static int[] Plain(float[] patches, int channels, int most, int seed)
    {
        var count = patches.Length / channels;
        float Distance(int a, int b) => Coreset.SquaredDistance(patches.AsSpan(a * channels, channels), patches.AsSpan(b * channels, channels));
        var chosen = new List<int> { new Random(seed).Next(count) };
        while (chosen.Count < most)
        {
            var next = Enumerable.Range(0, count).MaxBy(i => chosen.Min(c => Distance(i, c)));
            if (chosen.Min(c => Distance(next, c)) <= 0) break;
            chosen.Add(next);
        }
        return [.. chosen];
    }
}
