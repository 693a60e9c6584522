using Inspection.Vision.Tests.Teaching;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Alignment;

public sealed class AlignBadInputTests : IDisposable
{
    private readonly TeachingFolder _folder = new TeachingFolder().With(photos: 6);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("400,10,60,60", "align-outside")]
    [InlineData("-5,10,60,60", "align-outside")]
    [InlineData("300,10,60,60", "align-outside")]
    [InlineData("10,10,0,60", "align-outside")]
    [InlineData("100,100,12,80", "align-too-small")]
    [InlineData("0,0,320,240", "align-too-large")]
    [InlineData("10,20,30", "align-malformed")]
    [InlineData("the middle", "align-malformed")]
    [InlineData("1,1,99999999999,5", "align-malformed")]
    [InlineData("", "align-malformed")]
    public void A_mark_by_which_nothing_can_be_found_is_told_apart(string mark, string code)
    {
        var failure = _folder.Refusal(_folder.Request() with { Align = true, AlignMark = mark });
        failure.Code.ShouldBe(code);
        failure.Message.ShouldContain("--align");
    }

    [Fact]
    public void A_reference_photo_or_mark_without_any_feature_is_refused()
    {
        using var flat = new Mat(240, 320, MatType.CV_8UC3, Scalar.All(90));
        using var black = new Mat(240, 320, MatType.CV_8UC3, Scalar.All(0));
        foreach (var photo in (Mat[])[flat, black])
        {
            _folder.Photo("00000-first.png", photo);
            File.Delete(Path.Combine(_folder.Photos, "00000.png"));
            foreach (var mark in (string?[])[null, "60,60,100,100"])
            {
                var failure = _folder.Refusal(_folder.Request() with { Align = true, AlignMark = mark });
                failure.Code.ShouldBe("align-featureless");
                failure.Message.ShouldContain("outlines or print");
            }
        }
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(180.5)]
    [InlineData(double.NaN)]
    public void A_range_of_turns_outside_0_to_180_is_refused(double turn)
        => _folder.Refusal(_folder.Request() with { Align = true, AlignTurn = turn }).Message.ShouldContain("0–180 degrees");

    [Fact]
    public void A_mark_or_a_range_without_alignment_is_refused()
        => (_folder.Request() with { AlignMark = "10,10,50,50", AlignTurn = 5 }).Errors().Select(e => e.Name).ShouldBe(["teach.align", "teach.alignTurn"]);

    [Fact]
    public void Photos_of_another_size_but_the_same_shape_are_found_and_those_of_another_shape_refused()
    {
        using var first = Cv2.ImRead(Path.Combine(_folder.Photos, "00000.png"));
        using var large = first.Resize(new Size(640, 480));
        large.Set(0, 0, new Vec3b(1, 2, 3));
        _folder.Photo("large.png", large);
        TeachingFolder.Taught(_folder.Request() with { Align = true }).Photos.ShouldBe(7);
        using var upright = first.Resize(new Size(240, 320));
        _folder.Photo("upright.png", upright);
        TeachingFolder.Teach(_folder.Request("part/2") with { Align = true }).Failure.ShouldNotBeNull().Message.ShouldContain("another shape");
    }

    [Fact]
    public void A_model_whose_template_is_missing_changed_truncated_or_another_is_refused_with_the_remedy()
    {
        var taught = TeachingFolder.Taught(_folder.Request() with { Align = true });
        var path = Path.Combine(taught.Folder, PartTemplate.FileName);
        var whole = File.ReadAllBytes(path);
        void Refused()
        {
            var failure = ModelFolder.Load(taught.Folder).Failure.ShouldNotBeNull();
            failure.Code.ShouldBe("model-template");
            failure.Message.ShouldContain("Copy the version folder again");
        }

        File.Delete(path);
        Refused();
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        Refused();
        File.WriteAllBytes(path, []);
        Refused();
        File.WriteAllBytes(path, [.. whole[..^1], (byte)(whole[^1] ^ 1)]);
        Refused();
        File.WriteAllBytes(path, whole);
        ModelFolder.Load(taught.Folder).Value.ShouldNotBeNull().Dispose();

        // The card says another mark than the template shows.
        var card = Path.Combine(taught.Folder, ModelCard.FileName);
        var align = taught.Card.Align!;
        var other = taught.Card with { Align = align with { Mark = align.Mark with { Width = align.Mark.Width - 40 } } };
        File.WriteAllText(card, other.ToJson());
        Refused();
        other = taught.Card with { Align = align with { Turn = 200, LeastLikeness = 0, File = "../t.png", Sha256 = "AB", InView = new PhotoBox(300, 0, 50, 50) } };
        File.WriteAllText(card, other.ToJson());
        var errors = ModelFolder.Load(taught.Folder).Failure.ShouldNotBeNull();
        errors.Code.ShouldBe("model-card-invalid");
        foreach (var name in (string[])["align.turn", "align.leastLikeness", "align.file", "align.sha256", "align.inView"]) errors.Message.ShouldContain(name);
    }

    [Fact]
    public void A_template_that_is_no_picture_though_its_hash_is_right_is_refused()
    {
        var taught = TeachingFolder.Taught(_folder.Request() with { Align = true });
        byte[] nonsense = [1, 2, 3];
        File.WriteAllBytes(Path.Combine(taught.Folder, PartTemplate.FileName), nonsense);
        var card = taught.Card with { Align = taught.Card.Align! with { Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(nonsense)) } };
        File.WriteAllText(Path.Combine(taught.Folder, ModelCard.FileName), card.ToJson());
        ModelFolder.Load(taught.Folder).Failure.ShouldNotBeNull().Code.ShouldBe("model-template");
    }

    [Fact]
    public void Only_a_taught_model_can_have_a_template()
    {
        var taught = TeachingFolder.Taught(_folder.Request() with { Align = true });
        (taught.Card with { Kind = ModelKind.Anomalib }).Errors().Select(e => e.Name).ShouldContain("model.align");
    }
}
