using System.Text.Json;

namespace Inspection.Vision.Tests.Teaching;

public sealed class OddPartTests
{
    [Fact]
    public void A_score_far_above_its_like_is_odd_and_the_highest_of_an_ordinary_lot_is_not()
    {
        (int, float)[] scores = [.. Enumerable.Range(0, 20).Select(i => (i, 40f + (i % 5)))];
        OddParts.Among(scores).ShouldBeEmpty();
        OddParts.Among([.. scores, (20, 47)]).ShouldBeEmpty("less than four deviations");
        OddParts.Among([.. scores, (20, 60), (21, 70)]).Select(o => o.Part).ShouldBe([21, 20], "the oddest first");
        OddParts.Among([(0, 1), (1, 1), (2, 1), (3, 99)]).ShouldBeEmpty("four say nothing of what is usual");
        OddParts.Among([(0, 40), (1, 40), (2, 40), (3, 40), (4, 43)]).ShouldBeEmpty("scores that are all but equal make no other one odd");
    }

    [Fact]
    public void A_bad_part_hidden_among_the_good_ones_is_named_shown_and_left_out_only_when_a_person_says_so()
    {
        using var folder = new TeachingFolder().With(photos: 24);
        foreach (var (kind, pixels, mask) in SimulatedSet.Test(TeachingFolder.Line, good: 1, defective: 6))
            using (pixels)
            using (mask)
                if (kind == "foreign-body") folder.Photo("hidden.png", pixels);

        // Whether it is kept out of the memory is drawn by the seed; it is found both ways.
        var models = new Dictionary<string, TaughtModel>();
        for (var seed = 1; seed <= 9 && models.Count < 2; seed++)
        {
            var model = TeachingFolder.Taught(folder.Request($"part/{seed}") with { Seed = seed });
            models[Use(model, "hidden.png")!] = model;
        }
        models["memory"].Odd.ShouldHaveSingleItem(string.Join(", ", models["memory"].Odd)).Name.ShouldBe("hidden.png");
        var taught = models["kept-out"];
        var odd = taught.Odd.ShouldHaveSingleItem(string.Join(", ", taught.Odd));
        odd.Name.ShouldBe("hidden.png");
        taught.Warnings.ShouldContain(w => w.Contains("hidden.png", StringComparison.Ordinal) && w.Contains("--leave-out", StringComparison.Ordinal));
        File.ReadAllBytes(Path.Combine(taught.Folder, odd.Picture!)).AsSpan().IndexOf("AIGC"u8).ShouldBeGreaterThan(0, "its heat map is made by a program");
        (taught.Photos + (taught.KeptOutJoined ? 0 : taught.KeptOut)).ShouldBe(25, "nothing is left out by itself");

        var without = TeachingFolder.Taught(folder.Request("part/10") with { Seed = taught.Card.Taught!.Seed, LeaveOut = ["hidden.png"] });
        without.Odd.ShouldBeEmpty();
        without.Photos.ShouldBe(24);
        Use(without, "hidden.png").ShouldBe("left-out");
    }

    [Fact]
    public void A_photo_that_is_not_there_cannot_be_left_out()
    {
        using var folder = new TeachingFolder().With(photos: 6);
        var failure = folder.Refusal(folder.Request() with { LeaveOut = ["other.png"] });
        failure.Code.ShouldBe("photo-unknown");
        failure.Message.ShouldContain("other.png");
    }

    [Fact]
    public void Leaving_out_too_many_is_told_as_too_few()
    {
        using var folder = new TeachingFolder().With(photos: 5);
        var one = Path.GetFileName(Directory.GetFiles(folder.Photos)[0]);
        folder.Refusal(folder.Request() with { LeaveOut = [one] }).Code.ShouldBe("photos-too-few");
    }

    private static string? Use(TaughtModel model, string photo)
    {
        using var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(model.Folder, "teach.json")));
        return record.RootElement.GetProperty("photos").EnumerateArray().Single(p => p.GetProperty("name").GetString() == photo).GetProperty("use").GetString();
    }
}
