using Inspection.Core;
using Inspection.Vision.Tests.Frames;

namespace Inspection.Vision.Tests.Reporting;

public sealed class ReportPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_replaces_the_one_before_and_nothing_else_is_left()
    {
        var file = Path.Combine(_folder.Path, "r.html");
        ReportPage.Write(file, "one").ShouldBeNull();
        ReportPage.Write(file, "two ✓").ShouldBeNull();
        File.ReadAllText(file).ShouldBe("two ✓");
        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([file]);
    }

    [Fact]
    public void A_folder_that_is_not_there_and_a_folder_in_the_files_place_are_refused_before_the_work()
    {
        foreach (var file in (string[])[Path.Combine(_folder.Path, "no", "r.html"), _folder.Path])
        {
            ReportPage.Refuse(file).ShouldNotBeNull().Code.ShouldBe("file-not-writable");
            ReportPage.Write(file, "x").ShouldNotBeNull().Code.ShouldBe("file-not-writable");
        }
        ReportPage.Refuse(Path.Combine(_folder.Path, "r.html")).ShouldBeNull();
        ReportPage.Refuse("r.html").ShouldBeNull();
    }

    [Fact]
    public void A_page_that_cannot_be_finished_leaves_the_old_one_and_no_remains()
    {
        var file = _folder.Write("r.html", "old");
        // What stands aside cannot be replaced, because it is a folder with something in it.
        _folder.Write("r.html" + DurableFile.AsideSuffix + "/x", "");
        ReportPage.Write(file, "new").ShouldNotBeNull().Message.ShouldContain("could not be written");
        File.ReadAllText(file).ShouldBe("old");
    }
}
