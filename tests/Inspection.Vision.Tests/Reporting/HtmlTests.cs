namespace Inspection.Vision.Tests.Reporting;

public sealed class HtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("a\" onerror=\"x", "a&quot; onerror=&quot;x")]
    [InlineData("it's & that", "it&#39;s &amp; that")]
    [InlineData("gnp.\u202Ejpg", "gnp.\\u202ejpg")]
    [InlineData("a\u0000b\nc\u2028d", "a\\u0000b\\u000ac\\u2028d")]
    public void Text_in_a_hole_is_never_markup_and_hides_nothing(string text, string escaped)
        => new Html().Add($"<b title=\"{text}\">{text}</b>").ToString().ShouldBe($"<b title=\"{escaped}\">{escaped}</b>");

    [Fact]
    public void Cells_and_captions_are_text_too()
    {
        var table = new Html().Table("<i>", ["<u>"], [["<a>", "<b>"]]).ToString();
        foreach (var tag in (string[])["<i>", "<u>", "<a>", "<b>"]) table.ShouldNotContain(tag);
    }

    [Fact]
    public void Numbers_are_written_the_same_under_every_culture()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = new("de-DE");
            new Html().Add($"{1.5} {0.25:0.00}").ToString().ShouldBe("1.5 0.25");
            Figures.Percent(0.125).ShouldBe("12.5 %");
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(0.0, "0 %")]
    [InlineData(0.0004, "< 0.1 %")]
    [InlineData(0.5, "50.0 %")]
    [InlineData(0.9996, "> 99.9 %")]
    [InlineData(1.0, "100 %")]
    public void None_and_all_are_said_only_of_none_and_all(double share, string text) => Figures.Percent(share).ShouldBe(text);
}
