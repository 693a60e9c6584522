namespace Inspection.Vision.Tests.Evaluation;

public sealed class PairedTestsTests
{
    // The data of DeLong, DeLong and Clarke-Pearson (1988): albumin, total protein, K-G score (a low one speaks for the
    // event) and whether the patient gained from the operation, of the 43 patients with all three.
    private const string Patients = """
        3.0 5.8 10 0  3.2 6.3 5 1  3.9 6.8 3 1  2.8 4.8 6 0  3.2 5.8 3 1  0.9 4.0 5 0  2.5 5.7 8 0  1.6 5.6 5 1  3.8 5.7 5 1
        3.7 6.7 6 1   3.2 5.4 4 1  3.8 6.6 6 1  4.1 6.6 5 1  3.6 5.7 5 1  4.3 7.0 4 1  3.6 6.7 4 0  2.3 4.4 6 1  4.2 7.6 4 0
        4.0 6.6 6 0   3.5 5.8 6 1  3.8 6.8 7 1  3.0 4.7 8 0  4.5 7.4 5 1  3.7 7.4 5 1  3.1 6.6 6 1  4.1 8.2 6 1  4.3 7.0 5 1
        4.3 6.5 4 1   3.2 5.1 5 1  2.6 4.7 6 1  3.3 6.8 6 0  1.7 4.0 7 0  3.7 6.1 5 1  3.3 6.3 7 1  4.2 7.7 6 1  3.5 6.2 5 1
        2.9 5.7 9 0   2.1 4.8 7 1  2.8 6.2 8 0  4.0 7.0 7 1  3.3 5.7 6 1  3.7 6.9 5 1  3.6 6.6 5 1
        """;

    // Expected: the definition pair by pair in another language, with its own error function.
    [Theory]
    [InlineData(0, 2, 0.01075268817204289, 0.09534361773009381, 0.910206347201036)]
    [InlineData(1, 2, -0.07795698924731165, 0.10460958871813268, 0.4561397075074742)]
    [InlineData(0, 1, 0.08870967741935454, 0.055791223309339444, 0.1118282101206968)]
    public void DeLongs_test_on_DeLongs_data_equals_what_was_computed_elsewhere(int first, int second, double difference, double error, double p)
    {
        var rows = Patients.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(t => float.Parse(t, System.Globalization.CultureInfo.InvariantCulture)).Chunk(4).ToArray();
        rows.Length.ShouldBe(43);
        float Of(float[] row, int column) => column == 2 ? -row[2] : row[column];
        (float, float)[] Group(float outcome) => [.. rows.Where(r => r[3] == outcome).Select(r => (Of(r, first), Of(r, second)))];

        var test = PairedTests.DeLong(Group(0), Group(1)).ShouldNotBeNull();

        test.Difference.ShouldBe(difference, 1e-12);
        test.StandardError.ShouldBe(error, 1e-12);
        test.P!.Value.ShouldBe(p, 1e-9);
        test.Range.Low.ShouldBe(difference - (1.959964 * error), 1e-6);
    }

    [Fact]
    public void The_difference_is_that_of_the_areas_and_turns_its_sign_with_the_models()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            (float, float)[] Draw() => [.. Enumerable.Range(0, random.Next(2, 20)).Select(_ => (random.Next(6) / 2f, random.Next(6) / 2f))];
            var (good, defect) = (Draw(), Draw());
            var test = PairedTests.DeLong(good, defect)!;
            var areas = Rates.Auroc([.. good.Select(s => s.Item1)], [.. defect.Select(s => s.Item1)]) - Rates.Auroc([.. good.Select(s => s.Item2)], [.. defect.Select(s => s.Item2)]);
            test.Difference.ShouldBe(areas!.Value, 1e-12);
            var turned = PairedTests.DeLong([.. good.Select(s => (s.Item2, s.Item1))], [.. defect.Select(s => (s.Item2, s.Item1))])!;
            turned.Difference.ShouldBe(-test.Difference, 1e-12);
            (turned.P ?? -1).ShouldBe(test.P ?? -1, 1e-12);
        }
    }

    [Fact]
    public void Equal_models_and_models_that_tell_all_apart_leave_nothing_to_test()
    {
        PairedTests.DeLong([(1, 1), (2, 2), (5, 5)], [(3, 3), (4, 4)])!.P.ShouldBeNull();
        var perfect = PairedTests.DeLong([(1, 10), (2, 20)], [(3, 30), (4, 40)])!;
        (perfect.Difference, perfect.StandardError, perfect.P).ShouldBe((0, 0, null));
        PairedTests.DeLong([(1, 1)], [(3, 3), (4, 4)]).ShouldBeNull();
    }

    // Sums of binomial coefficients over a power of two; the last is the example of statsmodels' mcnemar.
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 6, 2.0 / 64)]
    [InlineData(6, 0, 2.0 / 64)]
    [InlineData(1, 9, 2.0 * (1 + 10) / 1024)]
    [InlineData(5, 5, 1)]
    [InlineData(121, 59, 4.434449263755176e-06)]
    public void McNemars_exact_test_equals_its_sum(int onlyFirst, int onlySecond, double p)
        => PairedTests.McNemar(onlyFirst, onlySecond).ShouldBe(p, 1e-9 * Math.Max(p, 1e-3));

    // Computed in another language, with its own error function; the series gives way to the fraction between the fourth and fifth.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.31731050786291415)]
    [InlineData(-1.959963984540054, 0.05)]
    [InlineData(2.8, 0.005110260660855874)]
    [InlineData(2.85, 0.004371922909826482)]
    [InlineData(5, 5.733031437583892e-07)]
    [InlineData(10, 1.5239706048321186e-23)]
    public void The_normal_tail_is_right_to_ten_digits(double z, double p) => (Chance.BeyondNormal(z) / p).ShouldBe(1, 1e-10);
}
