namespace Inspection.Vision.Tests.Sources;

public sealed class SourceSpecTests
{
    [Theory]
    [InlineData("simulated", SourceKind.Simulated, "")]
    [InlineData("folder:/data/photos", SourceKind.Folder, "/data/photos")]
    [InlineData("folder:a:b", SourceKind.Folder, "a:b")]
    [InlineData("video:clip.mp4", SourceKind.Video, "clip.mp4")]
    public void What_a_person_types_is_understood_and_written_the_same(string text, SourceKind kind, string path)
    {
        var spec = SourceSpec.Parse(text);
        spec.Value.ShouldBe(new SourceSpec(kind, path));
        spec.Value.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("folder:"), InlineData("video:"), InlineData("Simulated"), InlineData("camera:0"), InlineData("folder")]
    public void Anything_else_is_refused_with_what_is_allowed(string? text)
    {
        var failure = SourceSpec.Parse(text).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe("source-unknown");
        failure.Message.ShouldContain(SourceSpec.Allowed);
    }
}
