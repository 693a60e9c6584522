using Inspection.Vision.Tests.Frames;

namespace Inspection.Vision.Tests.Manifest;

public sealed class PhotoManifestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PhotoManifestTests()
    {
        foreach (var name in (string[])["a.png", "b, c.png", "d \"e\".png", "sub/f.png", "mask.png"]) _folder.Write(name, "x");
    }

    public void Dispose() => _folder.Dispose();

    private Core.Outcome<PhotoManifest> Read(string text) => PhotoManifest.Read(_folder.Write("manifest.csv", text));

    private string Errors(string text)
    {
        var failure = Read(text).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("manifest-wrong");
        return failure.Message;
    }

    [Fact]
    public void Rows_are_read_with_quoted_fields_any_column_order_and_windows_line_ends()
    {
        var manifest = Read("\uFEFFsplit,Path,label,class,mask\r\ntrain,a.png,good,,\r\n\r\ntest,\"b, c.png\",defect,scratch,mask.png\r\ntest,\"d \"\"e\"\".png\",defect,,\r\ntest,sub\\f.png,good,good,")
            .Value.ShouldNotBeNull();
        manifest.Photos.Count.ShouldBe(4);
        manifest.TrainGood.Single().ShouldBe(new ManifestPhoto("a.png", Path.Combine(_folder.Path, "a.png"), "train", true, "good", null));
        var scratched = manifest.Of(Path.Combine(_folder.Path, "b, c.png")).ShouldNotBeNull();
        (scratched.Good, scratched.Class, scratched.Mask).ShouldBe((false, "scratch", Path.Combine(_folder.Path, "mask.png")));
        manifest.Of(Path.Combine(_folder.Path, "d \"e\".png")).ShouldNotBeNull().Class.ShouldBe("defect");
        manifest.Test.Count().ShouldBe(3);
        manifest.Of("elsewhere.png").ShouldBeNull();
    }

    [Fact]
    public void Missing_columns_are_named_with_the_line_that_should_be_there()
        => Errors("path,class\na.png,good").ShouldContain("column split, label, mask missing; the first line must name the columns path,split,label,class,mask");

    [Fact]
    public void All_that_is_wrong_is_told_together()
    {
        var message = Errors("""
            path,split,label,class,mask
            a.png,train,good,good,
            a.png,test,good,good,
            ./a.png,test,good,good,
            gone.png,test,good,good,
            sub/f.png,validate,bad,good,nomask.png
            ../outside.png,test,good,,
            /etc/passwd,test,good,,
            a.png,test
            """);
        message.ShouldContain("9 errors");
        message.ShouldContain("line 3: a.png stands in line 2 already");
        message.ShouldContain("line 4: ./a.png stands in line 2 already");
        message.ShouldContain("line 5: path gone.png is not there");
        message.ShouldContain("line 6: split 'validate'; allowed: train, test");
        message.ShouldContain("line 6: label 'bad'; allowed: good, defect");
        message.ShouldContain("line 6: mask nomask.png is not there");
        message.ShouldContain("line 7: path ../outside.png leads out of the manifest's folder");
        message.ShouldContain("line 8: path /etc/passwd leads out");
    }

    [Fact]
    public void A_line_that_ends_early_is_told() => Errors("path,split,label,class,mask\na.png,test").ShouldContain("line 2: 2 of the 5 fields are there");

    [Fact]
    public void Only_the_first_twenty_errors_are_spelt_out()
        => Errors("path,split,label,class,mask\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"no{i}.png,test,good,,\n"))).ShouldContain("… and 30 more");

    [Theory]
    [InlineData(""), InlineData("path,split,label,class,mask\n")]
    public void An_empty_manifest_is_told(string text) => Errors(text).ShouldContain("1 error;");

    [Fact]
    public void A_missing_manifest_is_told()
        => PhotoManifest.Read(Path.Combine(_folder.Path, "none.csv")).Failure.ShouldNotBeNull().Code.ShouldBe("manifest-missing");

    [Fact]
    public void The_shared_sets_have_sound_manifests()
    {
        var sets = SharedPhotos.Root is { } root ? Directory.GetFiles(root, PhotoManifest.FileName, SearchOption.AllDirectories) : [];
        Assert.SkipUnless(sets.Length > 0, SharedPhotos.WhyNot);
        foreach (var set in sets)
        {
            var manifest = PhotoManifest.Read(set);
            manifest.Failure.ShouldBeNull();
            manifest.Value!.TrainGood.ShouldNotBeEmpty();
        }
    }
}
