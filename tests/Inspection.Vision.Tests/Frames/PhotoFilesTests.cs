namespace Inspection.Vision.Tests.Frames;

public sealed class PhotoFilesTests
{
    [Fact]
    public void Photos_come_in_natural_order_folder_by_folder()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["b/10.png", "b/9.png", "a.png", "10.jpg", "2.jpg", "02.jpg", "b.png", "B2.BMP", "notes.txt"];
        foreach (var name in names) folder.Write(name, "x");
        var photos = PhotoFiles.In(folder.Path).Value.ShouldNotBeNull();
        photos.Select(p => Path.GetRelativePath(folder.Path, p)).ShouldBe(["02.jpg", "2.jpg", "10.jpg", "a.png", "b/9.png", "b/10.png", "b.png", "B2.BMP"]);
    }

    [Fact]
    public void Natural_order_is_a_total_order()
    {
        string[] names = ["", "0", "00", "1", "01", "a1b2", "a01b2", "a1b10", "A1b2", "a", "a/1", "a.1", "99999999999999999999999", "é"];
        foreach (var x in names)
            foreach (var y in names)
            {
                Math.Sign(NaturalOrder.Paths.Compare(x, y)).ShouldBe(-Math.Sign(NaturalOrder.Paths.Compare(y, x)));
                (NaturalOrder.Paths.Compare(x, y) == 0).ShouldBe(x == y);
                foreach (var z in names)
                    if (NaturalOrder.Paths.Compare(x, y) <= 0 && NaturalOrder.Paths.Compare(y, z) <= 0) NaturalOrder.Paths.Compare(x, z).ShouldBeLessThanOrEqualTo(0);
            }
    }

    [Fact]
    public void A_missing_or_empty_folder_is_a_failure_that_says_so()
    {
        using var folder = new TemporaryFolder();
        PhotoFiles.In(folder.Path).Failure.ShouldNotBeNull().Code.ShouldBe("folder-empty");
        PhotoFiles.In(folder.Path + "x").Failure.ShouldNotBeNull().Code.ShouldBe("folder-missing");
        PhotoFiles.In(folder.Write("a.png", "x")).Failure.ShouldNotBeNull().Message.ShouldContain("is a file");
    }
}
